using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>
/// The exponential running mean of the trained weights over the steps, corrected for its start at zero. Statistics that are measured rather than
/// trained keep the network's own values.
/// </summary>
/// <param name="store">The model's weights.</param>
/// <param name="trained">The parameters that are averaged.</param>
/// <param name="decay">The share of the mean that a step leaves; 0 to average nothing.</param>
internal sealed class WeightAverage(ParameterStore store, TrainedParameters trained, double decay) : ITrainingPart
{
    private const string Array = "average";

    // The mean before the correction.
    private readonly float[] _sum = decay > 0 ? new float[store.TrainableLength] : [];
    private readonly float _share = (float)(1 - decay);
    private long _steps;

    private sealed record Fields(long AverageSteps);

    private bool IsOff => decay == 0;

    /// <summary>Adds a segment's weights after a step, on the thread that made the step.</summary>
    /// <param name="offset">Where the segment begins.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="step">The step's number, from 1.</param>
    public void Follow(int offset, ReadOnlySpan<float> weights, long step)
    {
        if (IsOff)
            return;
        Volatile.Write(ref _steps, step);
        var sum = _sum.AsSpan(offset, weights.Length);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var values = MemoryMarshal.Cast<float, Vector<float>>(weights);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] += (values[i] - vectors[i]) * _share;
        for (var i = vectors.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += (weights[i] - sum[i]) * _share;
    }

    /// <summary>Replaces the weights by their mean, if a step was made.</summary>
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

    /// <summary>Runs a function with the mean instead of the weights.</summary>
    public T With<T>(Session session, Func<T> function)
    {
        if (IsOff)
            return function();
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

    void ITrainingPart.Save(SavedTraining saved)
    {
        saved.Add(new Fields(Volatile.Read(ref _steps)));
        if (!IsOff)
            saved.Add(Array, _sum);
    }

    void ITrainingPart.Restore(SavedTraining saved)
    {
        var steps = saved.Fields<Fields>().AverageSteps;
        if (steps != (IsOff ? 0 : saved.Step ?? steps))
            throw new JsonException($"an average of {steps} steps is impossible");
        Volatile.Write(ref _steps, steps);
        if (!IsOff)
            saved.Array(Array, _sum.Length).CopyTo(_sum, 0);
    }
}
