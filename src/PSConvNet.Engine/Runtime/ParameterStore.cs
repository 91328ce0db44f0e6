using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Runtime;

/// <summary>A parameter's place in the store.</summary>
/// <param name="Name"><c>conv2d_1.kernel</c>: layer and parameter.</param>
/// <param name="Spec">What it is.</param>
/// <param name="Offset">Where it starts, in floats.</param>
internal sealed record ParameterSlot(string Name, ParameterSpec Spec, int Offset)
{
    public int Length => Spec.Shape.Size;
}

/// <summary>
/// All parameters of a network in one flat fp32 array: what is trained first, what is measured after it. This is the master copy;
/// a session makes copies in other precisions from it. Managed memory, so it goes when the model goes.
/// </summary>
internal sealed class ParameterStore
{
    // Slots start on a cache line, so that no two parameters share one and vector loads are aligned alike.
    private const int Alignment = 16;
    private readonly Dictionary<Kernel, ParameterSlot[]> _slots = [];
    private readonly int _length;
    private float[]? _values;

    /// <summary>Lays out the parameters of all kernels, in order.</summary>
    public ParameterStore(IEnumerable<Kernel> kernels)
    {
        var all = kernels.SelectMany(kernel => kernel.SelfAndDescendants()).ToList();
        foreach (var kernel in all)
            _slots[kernel] = new ParameterSlot[kernel.Parameters.Count];
        var offset = 0;
        foreach (var trainable in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var kernel in all)
            {
                for (var i = 0; i < kernel.Parameters.Count; i++)
                {
                    var spec = kernel.Parameters[i];
                    if (spec.Trainable != trainable)
                        continue;
                    _slots[kernel][i] = new ParameterSlot($"{kernel.Name}.{spec.Name}", spec, offset);
                    offset = checked(offset + (spec.Shape.Size + Alignment - 1) / Alignment * Alignment);
                }
            }
            if (trainable)
                TrainableLength = offset;
        }
        // Never empty: a network without parameters is a network, too, and a tensor needs memory to lie on.
        _length = Math.Max(offset, Alignment);
        Slots = [.. all.SelectMany(kernel => _slots[kernel])];
    }

    /// <summary>
    /// The values, with gaps of zeros between parameters. Made when they are first wanted: a model's description needs none, and a file may
    /// claim any number of them.
    /// </summary>
    public float[] Values => _values ??= new float[_length];

    /// <summary>How many of <see cref="Values"/>, from the start, are trained.</summary>
    public int TrainableLength { get; }

    /// <summary>Every parameter, in the order of the layers.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>A kernel's own parameters, in the order of its <see cref="Kernel.Parameters"/>.</summary>
    public ReadOnlySpan<ParameterSlot> Of(Kernel kernel) => _slots.GetValueOrDefault(kernel, []);

    /// <summary>A parameter's values.</summary>
    public Span<float> Span(ParameterSlot slot) => Values.AsSpan(slot.Offset, slot.Length);

    /// <summary>Draws every parameter anew; each from a stream of its own, so that a change to one layer leaves the others' draws.</summary>
    public void Initialize(long seed)
    {
        for (var i = 0; i < Slots.Count; i++)
        {
            var random = new RandomStream(seed, i);
            Slots[i].Spec.Fill(Span(Slots[i]), ref random);
        }
    }
}
