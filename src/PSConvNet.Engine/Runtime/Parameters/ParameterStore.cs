namespace PSConvNet.Runtime;

/// <summary>A parameter's position in the store.</summary>
/// <param name="Name"><c>conv2d_1.kernel</c>: layer and parameter.</param>
/// <param name="Spec">What it is.</param>
/// <param name="Offset">Where it starts, in floats.</param>
internal sealed record ParameterSlot(string Name, ParameterSpec Spec, int Offset)
{
    public int Length => Spec.Shape.Size;
}

/// <summary>
/// All parameters of a network in one flat fp32 array: first those that are trained, then moving statistics. This is the master copy, from
/// which a session makes copies in other precisions. It is managed memory, which is freed with the model.
/// </summary>
internal sealed class ParameterStore
{
    // Each slot has cache lines of its own, so that all parameters have the same alignment.
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
        // Never empty: there are networks without parameters, and a tensor needs memory.
        _length = Math.Max(offset, Alignment);
        Slots = [.. all.SelectMany(kernel => _slots[kernel])];
    }

    /// <summary>
    /// The values, with gaps of zeros between parameters. Allocated at first use: a model's description needs none, and a hostile file may
    /// declare any number of them.
    /// </summary>
    public float[] Values => _values ??= new float[_length];

    /// <summary>The length of the first part of <see cref="Values"/>, which holds the parameters; the weights of statistics follow.</summary>
    public int ParameterLength { get; }

    /// <summary>The length of the first part of <see cref="Values"/>, which holds the parameters that can be trained.</summary>
    public int TrainableLength { get; }

    /// <summary>Every parameter, in the order of the layers.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>A kernel's own parameters, in the order of its <see cref="Kernel.Parameters"/>.</summary>
    public ReadOnlySpan<ParameterSlot> Of(Kernel kernel) => _slots.GetValueOrDefault(kernel, []);

    /// <summary>
    /// The sum of the weights in a kernel's moving averages so far: 1 - momentum^steps, which is 0 before the first step and tends to 1.
    /// It isn't a parameter: only the next step of a training reads it.
    /// </summary>
    public ParameterSlot StatisticsWeight(Kernel kernel) => _progress[kernel];

    /// <summary>
    /// Sets the weights of statistics that came from a file. Files of other programs and of older versions don't have them: they get a
    /// weight of 1, unless the statistics are still those of an untrained network.
    /// </summary>
    /// <param name="filled">Whether a parameter came from the file; the weights of other statistics don't change.</param>
    /// <param name="known">Whether the file has the weights; an invalid one is replaced by 1.</param>
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

    /// <summary>Completes values that an older version kept without the weights of statistics, which become 1.</summary>
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

    /// <summary>Initializes every parameter, each from its own random stream, so that a change to one layer doesn't change the others.</summary>
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
