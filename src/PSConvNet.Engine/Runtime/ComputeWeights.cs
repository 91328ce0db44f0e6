using PSConvNet.Runtime.Kernels;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// A store's parameters as tensors. Training in fp32 and all of bf16 read a copy beside the store, refreshed segment by segment as the
/// optimizer goes; everything else in fp32 shares the store's memory.
/// </summary>
/// <remarks>
/// The copy lies where libtorch's allocator puts it, on a cache line. The garbage collector puts an array on any eighth byte, and MKL
/// may add in another order where its operands are aligned otherwise: a training would depend on what had been allocated before.
/// </remarks>
internal sealed class ComputeWeights : IDisposable
{
    private readonly torch.Tensor _master;
    private readonly torch.Tensor? _copy;

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

    /// <summary>A parameter, in its stored layout, in the precision its kernel is to see.</summary>
    public torch.Tensor View(ParameterSlot slot) => View(slot.Spec.Float32 ? _master : _copy ?? _master, slot);

    /// <summary>A parameter's place in a flat tensor laid out like the store.</summary>
    public static torch.Tensor View(torch.Tensor flat, ParameterSlot slot)
    {
        using var part = flat.narrow(0, slot.Offset, slot.Length);
        return part.view([.. slot.Spec.Shape.Dimensions.Select(d => (long)d)]).DetachFromDisposeScope();
    }

    /// <summary>Brings the copy of a segment up to date with the master.</summary>
    public void Refresh(int offset, int length)
    {
        if (_copy is null)
            return;
        // As memory: a write to it as a tensor would count as a write to every parameter.
        new Kernels.TensorValues(_copy).Write(offset, Store.Values.AsSpan(offset, length));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _copy?.Dispose();
        _master.Dispose();
    }
}
