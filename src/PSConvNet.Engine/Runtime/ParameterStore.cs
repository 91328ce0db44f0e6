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
    private static readonly ParameterSpec s_progress = new("statistics_weight", new Shape(1), Initializer.Zeros)
    {
        Trainable = false,
    };
    private readonly Dictionary<Kernel, ParameterSlot[]> _slots = [];
    private readonly Dictionary<Kernel, ParameterSlot> _progress = [];
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
        ParameterLength = offset;
        foreach (var kernel in all.Where(kernel => kernel.KeepsStatistics))
        {
            _progress[kernel] = new ParameterSlot($"{kernel.Name}.statistics_weight", s_progress, offset);
            offset++;
        }
        offset = (offset + Alignment - 1) / Alignment * Alignment;
        // Never empty: a network without parameters is a network, too, and a tensor needs memory to lie on.
        _length = Math.Max(offset, Alignment);
        Slots = [.. all.SelectMany(kernel => _slots[kernel])];
    }

    /// <summary>
    /// The values, with gaps of zeros between parameters. Made when they are first wanted: a model's description needs none, and a file may
    /// claim any number of them.
    /// </summary>
    public float[] Values => _values ??= new float[_length];

    /// <summary>How many of <see cref="Values"/>, from the start, hold parameters; the statistics' weights follow.</summary>
    public int ParameterLength { get; }

    /// <summary>How many of <see cref="Values"/>, from the start, are trained.</summary>
    public int TrainableLength { get; }

    /// <summary>Every parameter, in the order of the layers.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>A kernel's own parameters, in the order of its <see cref="Kernel.Parameters"/>.</summary>
    public ReadOnlySpan<ParameterSlot> Of(Kernel kernel) => _slots.GetValueOrDefault(kernel, []);

    /// <summary>
    /// How much of a kernel's moving statistics has been measured: 1 - momentum^steps, which is 0 before the first step and 1 in the end.
    /// It is no parameter: only the next step of a training reads it.
    /// </summary>
    public ParameterSlot StatisticsWeight(Kernel kernel) => _progress[kernel];

    /// <summary>
    /// Sets the weights of statistics that came from a file. One from elsewhere, or of an older version, says nothing of them: its
    /// statistics count as measured, unless they are still what an untrained network has.
    /// </summary>
    /// <param name="filled">What came from the file; statistics that did not keep their weight.</param>
    /// <param name="known">Whether the file said what the weights are; one that can't be counts as 1 then.</param>
    public void SettleStatistics(Func<ParameterSlot, bool> filled, bool known)
    {
        foreach (var (kernel, progress) in _progress)
        {
            if (!_slots[kernel].Any(filled))
                continue;
            ref var weight = ref Span(progress)[0];
            if (!known)
                weight = Array.TrueForAll(_slots[kernel], IsUntouched) ? 0 : 1;
            else if (!(weight is >= 0 and <= 1))
                weight = 1;
        }
    }

    /// <summary>Values as they were kept before there were such weights; statistics of then count as measured.</summary>
    public float[] Complete(float[] values)
    {
        if (values.Length != ParameterLength || values.Length == _length)
            return values;
        var complete = new float[_length];
        values.CopyTo(complete, 0);
        complete.AsSpan(ParameterLength, _progress.Count).Fill(1);
        return complete;
    }

    /// <summary>A parameter's values.</summary>
    public Span<float> Span(ParameterSlot slot) => Values.AsSpan(slot.Offset, slot.Length);

    private bool IsUntouched(ParameterSlot slot) =>
        slot.Spec.Trainable || !Span(slot).ContainsAnyExcept(slot.Spec.Initializer == Initializer.Ones ? 1f : 0f);

    /// <summary>Draws every parameter anew; each from a stream of its own, so that a change to one layer leaves the others' draws.</summary>
    public void Initialize(long seed)
    {
        Values.AsSpan(ParameterLength).Clear();
        for (var i = 0; i < Slots.Count; i++)
        {
            var random = new RandomStream(seed, i);
            Slots[i].Spec.Fill(Span(Slots[i]), ref random);
        }
    }
}
