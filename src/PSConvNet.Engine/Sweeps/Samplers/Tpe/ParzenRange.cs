using MathNet.Numerics.Distributions;

namespace PSConvNet.Sweeps;

/// <summary>
/// Normal distributions in the unit interval, cut off at its ends, one around each observed value; the prior's is around the middle and as
/// wide as the interval. For whole numbers they are integrated over each number's stretch.
/// </summary>
internal sealed class ParzenRange : ParzenAxis
{
    private readonly SweepParameter _parameter;
    private readonly double[] _means;
    private readonly double[] _widths;

    // The logarithm of how much of each lies within the interval.
    private readonly double[] _within;

    public ParzenRange(SweepParameter parameter, IReadOnlyList<object> values)
    {
        _parameter = parameter;
        _means = [.. values.Select(parameter.UnitOf), 0.5];
        _widths = [.. Widths(_means.AsSpan(0, values.Count)), 1];
        _within = _means.Zip(_widths, (mean, width) => Math.Log(Mass(mean, width, 0, 1))).ToArray();
    }

    /// <inheritdoc />
    public override object Sample(int kernel, ref RandomStream random)
    {
        // A mean lies within the interval and no width is larger: a third of all draws and more are within.
        while (true)
        {
            var unit = _means[kernel] + _widths[kernel] * random.NextGaussian();
            if (unit is >= 0 and < 1)
                return _parameter.At(unit);
        }
    }

    /// <inheritdoc />
    public override void AddLogDensities(object value, Span<double> kernels)
    {
        var unit = _parameter.UnitOf(value);
        for (var i = 0; i < _means.Length; i++)
        {
            kernels[i] -= _within[i];
            kernels[i] += _parameter.Count is { } count
                ? Math.Log(Mass(_means[i], _widths[i], unit - 0.5 / count, unit + 0.5 / count))
                : Normal.PDFLn(_means[i], _widths[i], unit);
        }
    }

    /// <summary>
    /// The distance to the farther neighbour, as Bergstra has it, no narrower than kernels of so few observations should be; the ends of
    /// the interval count as neighbours for a single value only.
    /// </summary>
    private static double[] Widths(ReadOnlySpan<double> means)
    {
        var widths = new double[means.Length];
        var sorted = means.ToArray();
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, order);
        var least = 1 / Math.Min(100.0, 2 + means.Length);
        for (var i = 0; i < sorted.Length; i++)
        {
            var alone = sorted.Length == 1;
            var below =
                i > 0 ? sorted[i] - sorted[i - 1]
                : alone ? sorted[i]
                : 0;
            var above =
                i < sorted.Length - 1 ? sorted[i + 1] - sorted[i]
                : alone ? 1 - sorted[i]
                : 0;
            widths[order[i]] = Math.Clamp(Math.Max(below, above), least, 1);
        }
        return widths;
    }

    private static double Mass(double mean, double width, double from, double to)
    {
        var (low, high) = ((from - mean) / width, (to - mean) / width);
        // Near 1 the distribution function has no digits left for a small difference: take it where it is near 0.
        return low > 0
            ? Normal.CDF(0, 1, -low) - Normal.CDF(0, 1, -high)
            : Normal.CDF(0, 1, high) - Normal.CDF(0, 1, low);
    }
}
