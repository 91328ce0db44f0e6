namespace PSConvNet.Sweeps;

/// <summary>
/// The tree-structured Parzen estimator: Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011. Of
/// what was observed the best tenth makes one density, the rest another; of points drawn from the first the one is taken at which the
/// first is largest against the second, which is where the improvement to be expected is largest.
/// </summary>
/// <remarks>
/// The choices left open are those of Optuna (optuna/samplers/_tpe at 1d8ce7b) and, in it, hyperopt: ten trials by chance first, 24
/// candidates, a prior of the weight of one observation, kernels as wide as the farther neighbour is away and not narrower than 1/(n + 2),
/// old observations fading. Parameters without a condition are drawn together (Falkner, Klein and Hutter, "BOHB", ICML 2018; Watanabe,
/// arXiv:2304.11127); each of the others by itself, from the observations that have it. Of our own: a point that was tried is passed over
/// while new ones are found, as training the same network once more says little.
/// </remarks>
internal sealed class TpeSampler : ISampler
{
    private const int Startup = 10;
    private const int Candidates = 24;
    private const int MostGood = 25;
    private const double GoodShare = 0.1;
    private const long Purpose = 0x547065;

    private readonly SweepSpace _space;
    private readonly long _seed;
    private readonly RandomSampler _startup;
    private readonly SweepParameter[] _always;
    private readonly SweepParameter[] _conditional;

    /// <summary>Makes the sampler.</summary>
    public TpeSampler(SweepSpace space, long seed)
    {
        (_space, _seed) = (space, seed);
        _startup = new RandomSampler(space, seed);
        _always = space.Parameters.Where(p => !space.Conditions.ContainsKey(p.Name)).ToArray();
        _conditional = space.Parameters.Where(p => space.Conditions.ContainsKey(p.Name)).ToArray();
    }

    /// <inheritdoc />
    public int? Count => null;

    /// <inheritdoc />
    public SweepPoint Sample(int number, IReadOnlyList<Observation> history)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (history.Count < Startup)
            return _startup.Sample(number, history);
        var random = new RandomStream(_seed, Purpose, number);
        var (good, bad) = Split(history);
        // The same draws whether a parameter turns out active or not.
        var rest = _conditional.ToDictionary(p => p.Name, p => Best([p], good, bad, ref random)[0][0]);
        var tried = history.Select(o => o.Point).ToHashSet();
        SweepPoint? best = null;
        foreach (var values in Best(_always, good, bad, ref random))
        {
            var point = Point(values, rest);
            best ??= point;
            if (!tried.Contains(point))
                return point;
        }
        // Where little is left, all candidates may be old.
        for (var i = 0; i < Candidates; i++)
        {
            var point = _space.Choose(p => p.At(random.NextDouble()));
            if (!tried.Contains(point))
                return point;
        }
        return best!;
    }

    /// <summary>
    /// The good observations and the others, both in the order of time. Completed trials come before those given up, of which those that
    /// came farther come first; a failed one is never good.
    /// </summary>
    internal static (SweepPoint[] Good, SweepPoint[] Bad) Split(IReadOnlyList<Observation> history)
    {
        var ranked = Enumerable
            .Range(0, history.Count)
            .Where(i => double.IsFinite(history[i].Loss))
            .OrderByDescending(i => history[i].IsComplete)
            .ThenByDescending(i => history[i].IsComplete ? 0 : history[i].Epochs)
            .ThenBy(i => history[i].Loss)
            .ToArray();
        var good = ranked.Take(Math.Min((int)Math.Ceiling(GoodShare * ranked.Length), MostGood)).ToHashSet();
        return (
            history.Where((_, i) => good.Contains(i)).Select(o => o.Point).ToArray(),
            history.Where((_, i) => !good.Contains(i)).Select(o => o.Point).ToArray()
        );
    }

    /// <summary>Candidates from the good density, the one with most to be expected first.</summary>
    private static object[][] Best(
        SweepParameter[] parameters,
        SweepPoint[] good,
        SweepPoint[] bad,
        ref RandomStream random
    )
    {
        var better = Estimate(good);
        var worse = Estimate(bad);
        var drawn = new object[Candidates][];
        for (var i = 0; i < drawn.Length; i++)
            drawn[i] = better.Sample(ref random);
        return [.. drawn.OrderByDescending(values => better.LogDensity(values) - worse.LogDensity(values))];

        ParzenEstimator Estimate(SweepPoint[] points) =>
            new(parameters, points.Where(point => parameters.All(p => point.ContainsKey(p.Name))).ToArray());
    }

    private SweepPoint Point(object[] always, Dictionary<string, object> rest)
    {
        var next = 0;
        return _space.Choose(p => rest.TryGetValue(p.Name, out var value) ? value : always[next++]);
    }
}
