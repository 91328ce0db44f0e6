using System.Runtime.InteropServices;
using PSConvNet.Runtime.Kernels;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// A store's parameters as tensors. In fp32 they share the store's memory; in bf16 they are a copy beside it, refreshed segment by
/// segment as the optimizer goes.
/// </summary>
internal sealed class ComputeWeights : IDisposable
{
    private readonly torch.Tensor _master;
    private readonly torch.Tensor? _reduced;

    public ComputeWeights(ParameterStore store, torch.ScalarType type)
    {
        Store = store;
        Type = type;
        _master = torch.frombuffer(store.Values, torch.ScalarType.Float32).DetachFromDisposeScope();
        if (type != torch.ScalarType.Float32)
            _reduced = _master.to_type(type).DetachFromDisposeScope();
    }

    /// <summary>The parameters.</summary>
    public ParameterStore Store { get; }

    /// <summary>The precision of activations and of the weights that allow it.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>A parameter, in its stored layout, in the precision its kernel is to see.</summary>
    public torch.Tensor View(ParameterSlot slot) => View(slot.Spec.Float32 ? _master : _reduced ?? _master, slot);

    /// <summary>A parameter's place in a flat tensor laid out like the store.</summary>
    public static torch.Tensor View(torch.Tensor flat, ParameterSlot slot)
    {
        using var part = flat.narrow(0, slot.Offset, slot.Length);
        return part.view([.. slot.Spec.Shape.Dimensions.Select(d => (long)d)]).DetachFromDisposeScope();
    }

    /// <summary>Brings the reduced copy of a segment up to date with the master.</summary>
    public void Refresh(int offset, int length)
    {
        // As memory: a write to it as a tensor would count as a write to every parameter.
        if (_reduced is not null)
        {
            var reduced = MemoryMarshal.Cast<byte, ushort>(_reduced.bytes);
            Kernels.BFloat16.Round(Store.Values.AsSpan(offset, length), reduced.Slice(offset, length));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _reduced?.Dispose();
        _master.Dispose();
    }
}
