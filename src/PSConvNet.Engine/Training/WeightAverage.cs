using System.Numerics;
using System.Runtime.InteropServices;
using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>
/// The exponential running mean of the trained weights over the steps, corrected for having started at zero. Statistics that are
/// measured rather than trained stay the network's own.
/// </summary>
internal sealed class WeightAverage(ParameterStore store, TrainedParameters trained, double decay)
{
    private readonly float[] _sum = new float[store.TrainableLength];
    private readonly float _share = (float)(1 - decay);
    private long _steps;

    /// <summary>The sum as it is, before the correction; to be saved or restored.</summary>
    public Span<float> Sum => _sum;

    /// <summary>The steps it has followed; to be saved or restored.</summary>
    public long Steps
    {
        get => Volatile.Read(ref _steps);
        set => Volatile.Write(ref _steps, value);
    }

    /// <summary>Takes note of a segment's weights after a step; on the thread that made the step.</summary>
    /// <param name="offset">Where the segment begins.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="step">The step's number, from 1.</param>
    public void Follow(int offset, ReadOnlySpan<float> weights, long step)
    {
        Volatile.Write(ref _steps, step);
        var sum = _sum.AsSpan(offset, weights.Length);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var values = MemoryMarshal.Cast<float, Vector<float>>(weights);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] += (values[i] - vectors[i]) * _share;
        for (var i = vectors.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += (weights[i] - sum[i]) * _share;
    }

    /// <summary>Puts the mean in the weights' place; leaves them where no step was made.</summary>
    public void Use()
    {
        if (_steps == 0)
            return;
        var correction = (float)(1 / (1 - Math.Pow(decay, _steps)));
        foreach (var slot in trained.Slots)
        {
            for (var i = slot.Offset; i < slot.Offset + slot.Length; i++)
                store.Values[i] = _sum[i] * correction;
        }
    }

    /// <summary>Runs a function with the mean in the weights' place, and puts them back.</summary>
    public T With<T>(Session session, Func<T> function)
    {
        var weights = store.Values.AsSpan(0, _sum.Length).ToArray();
        Use();
        session.RefreshWeights();
        try
        {
            return function();
        }
        finally
        {
            weights.CopyTo(store.Values, 0);
            session.RefreshWeights();
        }
    }
}
