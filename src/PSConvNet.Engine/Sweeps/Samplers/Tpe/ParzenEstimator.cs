namespace PSConvNet.Sweeps;

/// <summary>
/// A density over some parameters together: a mixture of one kernel for each observation and a prior. A kernel is a product over the
/// parameters, so that values that did well together stay together.
/// </summary>
internal sealed class ParzenEstimator
{
    // As many of the last observations count in full; older ones less, down to 1/n (hyperopt's linear forgetting).
    private const int Remembered = 25;

    private readonly IReadOnlyList<SweepParameter> _parameters;
    private readonly ParzenAxis[] _axes;

    // Of each kernel, summed up; the last is 1.
    private readonly double[] _upTo;
    private readonly double[] _logWeights;

    /// <summary>Makes the density.</summary>
    /// <param name="parameters">The parameters it is over.</param>
    /// <param name="points">Points that have all of them, oldest first; may be none.</param>
    public ParzenEstimator(IReadOnlyList<SweepParameter> parameters, IReadOnlyList<SweepPoint> points)
    {
        _parameters = parameters;
        _axes = parameters.Select(p => ParzenAxis.Around(p, points.Select(point => point[p.Name]).ToArray())).ToArray();
        double[] weights = [.. Enumerable.Range(0, points.Count).Select(i => Weight(i, points.Count)), 1];
        var sum = weights.Sum();
        _logWeights = weights.Select(w => Math.Log(w / sum)).ToArray();
        _upTo = new double[weights.Length];
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
            _upTo[i] = total += weights[i] / sum;
        _upTo[^1] = 1;
    }

    /// <summary>A value for each parameter, in their order.</summary>
    public object[] Sample(ref RandomStream random)
    {
        var drawn = random.NextDouble();
        var kernel = Array.FindIndex(_upTo, upTo => drawn < upTo);
        var values = new object[_axes.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _axes[i].Sample(kernel, ref random);
        return values;
    }

    /// <summary>
    /// The logarithm of the density at some values: by volume of the unit cube for what is a continuum, times the probability of what is not.
    /// </summary>
    public double LogDensity(IReadOnlyList<object> values)
    {
        var kernels = _logWeights.ToArray();
        for (var i = 0; i < _axes.Length; i++)
            _axes[i].AddLogDensities(values[i], kernels);
        // A kernel far away has no density that a number could hold; the prior always has.
        var most = kernels.Max();
        return most + Math.Log(kernels.Sum(kernel => Math.Exp(kernel - most)));
    }

    private static double Weight(int index, int count) =>
        index >= count - Remembered ? 1
        : count - Remembered == 1 ? 1.0 / count
        : 1.0 / count + (1 - 1.0 / count) * index / (count - Remembered - 1);
}
