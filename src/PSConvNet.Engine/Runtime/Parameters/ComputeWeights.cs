using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// A store's parameters as tensors. In bf16, and for training in fp32, they are a copy, which the optimizer's step updates segment by
/// segment; otherwise they share the store's memory.
/// </summary>
/// <remarks>
/// libtorch's allocator aligns the copy to cache lines. The garbage collector aligns arrays to eight bytes only, and MKL may add in another
/// order for other alignments: the result of a training would depend on earlier allocations.
/// </remarks>
internal sealed class ComputeWeights : IDisposable
{
    private readonly torch.Tensor _master;
    private readonly torch.Tensor? _copy;
    private readonly Dictionary<Kernels.Kernel, IDisposable> _layouts = [];

    public ComputeWeights(ParameterStore store, torch.ScalarType type, bool training)
    {
        Store = store;
        Type = type;
        _master = torch.frombuffer(store.Values, torch.ScalarType.Float32).DetachFromDisposeScope();
        if (training || type != torch.ScalarType.Float32)
            _copy = _master.to(type, copy: true).DetachFromDisposeScope();
    }

    /// <summary>The parameters.</summary>
    public ParameterStore Store { get; }

    /// <summary>The precision of activations and of the weights that allow it.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>A parameter in its stored layout, in the precision that its kernel computes with.</summary>
    public torch.Tensor View(ParameterSlot slot) => View(slot.Spec.Float32 ? _master : _copy ?? _master, slot);

    /// <summary>A view of a parameter in a flat tensor that is laid out like the store.</summary>
    public static torch.Tensor View(torch.Tensor flat, ParameterSlot slot)
    {
        using var part = flat.narrow(0, slot.Offset, slot.Length);
        return part.view([.. slot.Spec.Shape.Dimensions.Select(d => (long)d)]).DetachFromDisposeScope();
    }

    /// <summary>A kernel's weights in a layout of its own; made at the first call.</summary>
    public IDisposable Layout(Kernels.Kernel kernel, Func<IDisposable> make)
    {
        // Workers ask at the same time, each once.
        lock (_layouts)
        {
            if (!_layouts.TryGetValue(kernel, out var layout))
                _layouts[kernel] = layout = make();
            return layout;
        }
    }

    /// <summary>Updates a segment of the copy from the store.</summary>
    public void Refresh(int offset, int length)
    {
        if (_copy is null)
            return;
        // As memory: autograd would treat a write to the tensor as a write to every parameter.
        new Kernels.TensorValues(_copy).Write(offset, Store.Values.AsSpan(offset, length));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var layout in _layouts.Values)
            layout.Dispose();
        _copy?.Dispose();
        _master.Dispose();
    }
}
