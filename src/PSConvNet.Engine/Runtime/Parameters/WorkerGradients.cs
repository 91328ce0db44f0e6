using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// The gradients of a store's trained parameters over one worker's samples: flat fp32 memory laid out like the store. A large gradient
/// that libtorch computed stays where it is, and in its precision, until the optimizer reads it, which saves a pass over memory.
/// </summary>
internal sealed class WorkerGradients : IDisposable
{
    /// <summary>The gradient of a parameter with fewer values is copied at once, as it stays in the cache.</summary>
    private const int KeptFrom = 4096;

    private readonly torch.Tensor _flat;
    private readonly Dictionary<ParameterSlot, torch.Tensor> _views;
    private readonly Dictionary<ParameterSlot, torch.Tensor> _kept = new(ReferenceEqualityComparer.Instance);

    public WorkerGradients(ParameterStore store)
    {
        _flat = torch.zeros(Math.Max(1, store.TrainableLength), torch.ScalarType.Float32).DetachFromDisposeScope();
        _views = new Dictionary<ParameterSlot, torch.Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var slot in store.Slots.Where(slot => slot.Spec.Trainable))
            _views[slot] = ComputeWeights.View(_flat, slot);
    }

    /// <summary>Stores a gradient, whatever its precision and strides.</summary>
    public void Set(ParameterSlot slot, torch.Tensor gradient)
    {
        if (_kept.Remove(slot, out var old))
            old.Dispose();
        if (slot.Length >= KeptFrom && gradient.is_contiguous())
            _kept[slot] = gradient.alias().DetachFromDisposeScope();
        else
            _views[slot].copy_(gradient);
    }

    /// <summary>The memory of a gradient, in the parameter's layout.</summary>
    public Span<float> Span(ParameterSlot slot)
    {
        if (_kept.Remove(slot, out var old))
            old.Dispose();
        return Flat(slot);
    }

    /// <summary>Stores a gradient in the parameter's layout.</summary>
    public void Set(ParameterSlot slot, ReadOnlySpan<float> gradient) => gradient.CopyTo(Flat(slot));

    /// <summary>A part of a parameter's gradient in fp32: copied to the target, or added to it.</summary>
    /// <param name="slot">The parameter.</param>
    /// <param name="start">Where the part begins in it.</param>
    /// <param name="target">As long as the part.</param>
    /// <param name="add">Whether to add.</param>
    public void Read(ParameterSlot slot, int start, Span<float> target, bool add)
    {
        _kept.TryGetValue(slot, out var kept);
        if (kept is not null && kept.dtype == torch.ScalarType.BFloat16)
        {
            var part = MemoryMarshal.Cast<byte, ushort>(kept.bytes).Slice(start, target.Length);
            if (add)
                Kernels.BFloat16.AddTo(target, part);
            else
                Kernels.BFloat16.Widen(part, target);
            return;
        }
        var all = kept is null ? Flat(slot) : MemoryMarshal.Cast<byte, float>(kept.bytes);
        var values = all.Slice(start, target.Length);
        if (add)
            Add(target, values);
        else
            values.CopyTo(target);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in _views.Values.Concat(_kept.Values))
            tensor.Dispose();
        _flat.Dispose();
    }

    private Span<float> Flat(ParameterSlot slot) => MemoryMarshal.Cast<byte, float>(_views[slot].bytes);

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
