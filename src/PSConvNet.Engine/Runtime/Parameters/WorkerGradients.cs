using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// The gradients of a store's trained parameters over one worker's samples, in fp32. A large gradient that libtorch computed stays where it is, and in its
/// precision, until the optimizer reads it, which saves a pass over memory.
/// </summary>
internal sealed class WorkerGradients : IDisposable
{
    /// <summary>The gradient of a parameter with fewer values is copied at once, as it stays in the cache.</summary>
    private const int KeptFrom = 4096;

    // Each made when it is first written to: large gradients never are where libtorch computes them.
    private readonly Dictionary<ParameterSlot, torch.Tensor> _own = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ParameterSlot, torch.Tensor> _kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>Lets go of what libtorch computed, before a step that computes it anew.</summary>
    public void StartStep()
    {
        foreach (var tensor in _kept.Values)
            tensor.Dispose();
        _kept.Clear();
    }

    /// <summary>Stores a gradient, whatever its precision and strides.</summary>
    public void Set(ParameterSlot slot, torch.Tensor gradient)
    {
        LetGo(slot);
        if (slot.Length >= KeptFrom && gradient.is_contiguous())
            _kept[slot] = gradient.alias().DetachFromDisposeScope();
        else
            Own(slot).copy_(gradient);
    }

    /// <summary>The memory of a gradient, in the parameter's layout.</summary>
    public Span<float> Span(ParameterSlot slot)
    {
        LetGo(slot);
        return MemoryMarshal.Cast<byte, float>(Own(slot).bytes);
    }

    /// <summary>Stores a gradient in the parameter's layout.</summary>
    public void Set(ParameterSlot slot, ReadOnlySpan<float> gradient) => gradient.CopyTo(Span(slot));

    /// <summary>A part of a parameter's gradient in fp32, which is 0 if none was stored: copied to the target, or added to it.</summary>
    /// <param name="slot">The parameter.</param>
    /// <param name="start">Where the part begins in it.</param>
    /// <param name="target">As long as the part.</param>
    /// <param name="add">Whether to add.</param>
    public void Read(ParameterSlot slot, int start, Span<float> target, bool add)
    {
        if (!_kept.TryGetValue(slot, out var gradient) && !_own.TryGetValue(slot, out gradient))
        {
            if (!add)
                target.Clear();
            return;
        }
        if (gradient.dtype == torch.ScalarType.BFloat16)
        {
            var part = MemoryMarshal.Cast<byte, ushort>(gradient.bytes).Slice(start, target.Length);
            if (add)
                Kernels.BFloat16.AddTo(target, part);
            else
                Kernels.BFloat16.Widen(part, target);
            return;
        }
        var values = MemoryMarshal.Cast<byte, float>(gradient.bytes).Slice(start, target.Length);
        if (add)
            Add(target, values);
        else
            values.CopyTo(target);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        StartStep();
        foreach (var tensor in _own.Values)
            tensor.Dispose();
    }

    private void LetGo(ParameterSlot slot)
    {
        if (_kept.Remove(slot, out var old))
            old.Dispose();
    }

    private torch.Tensor Own(ParameterSlot slot)
    {
        if (!_own.TryGetValue(slot, out var own))
        {
            _own[slot] = own = torch
                .empty([.. slot.Spec.Shape.Dimensions.Select(size => (long)size)], torch.ScalarType.Float32)
                .DetachFromDisposeScope();
        }
        return own;
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> addend)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var others = MemoryMarshal.Cast<float, Vector<float>>(addend);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] += others[i];
        for (var i = vectors.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += addend[i];
    }
}
