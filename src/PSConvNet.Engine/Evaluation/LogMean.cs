namespace PSConvNet.Evaluation;

/// <summary>
/// The logarithms of means of probabilities, from the logarithms of the probabilities: exact where a probability itself would have
/// been rounded to 0 or 1. One model's logarithms come out as they went in.
/// </summary>
/// <param name="count">How many means.</param>
internal sealed class LogMean(int count)
{
    // The mean is exp(highest) · sum / terms: no exponential overflows, and not all of them vanish.
    private readonly double[] _highest = [.. Enumerable.Repeat(double.NegativeInfinity, count)];
    private readonly double[] _sums = new double[count];
    private int _terms;

    /// <summary>Adds a logarithm to each mean.</summary>
    public void Add(ReadOnlySpan<float> logarithms)
    {
        _terms++;
        for (var i = 0; i < logarithms.Length; i++)
        {
            double value = logarithms[i];
            if (double.IsNegativeInfinity(value))
                continue;
            if (value <= _highest[i])
            {
                _sums[i] += Math.Exp(value - _highest[i]);
            }
            else
            {
                _sums[i] = _sums[i] * Math.Exp(_highest[i] - value) + 1;
                _highest[i] = value;
            }
        }
    }

    /// <summary>The logarithm of each mean; minus infinity where every term was 0.</summary>
    public float[] ToArray()
    {
        var means = new float[_sums.Length];
        for (var i = 0; i < means.Length; i++)
            means[i] = (float)(_highest[i] + Math.Log(_sums[i] / _terms));
        return means;
    }
}
