namespace PSConvNet.Sweeps;

/// <summary>Kernels over values without order: most of the weight on the one that was observed, the prior's evenly on all.</summary>
internal sealed class ParzenChoice : ParzenAxis
{
    private readonly ChoiceParameter _parameter;
    private readonly int[] _observed;
    private readonly double _hit;
    private readonly double _miss;

    public ParzenChoice(ChoiceParameter parameter, IReadOnlyList<object> values)
    {
        _parameter = parameter;
        _observed = values.Select(parameter.IndexOf).ToArray();
        // The prior's weight is shared out among all kernels, so that it fades as observations come in.
        var prior = 1.0 / (_observed.Length + 1);
        var sum = 1 + prior * parameter.Values.Count;
        (_hit, _miss) = ((1 + prior) / sum, prior / sum);
    }

    /// <inheritdoc />
    public override object Sample(int kernel, ref RandomStream random)
    {
        var any = random.NextInt(_parameter.Values.Count);
        var hit = kernel < _observed.Length && random.NextDouble() < _hit - _miss;
        return _parameter.Values[hit ? _observed[kernel] : any];
    }

    /// <inheritdoc />
    public override void AddLogDensities(object value, Span<double> kernels)
    {
        var index = _parameter.IndexOf(value);
        var (hit, miss) = (Math.Log(_hit), Math.Log(_miss));
        for (var i = 0; i < _observed.Length; i++)
            kernels[i] += _observed[i] == index ? hit : miss;
        kernels[_observed.Length] -= Math.Log(_parameter.Values.Count);
    }
}
