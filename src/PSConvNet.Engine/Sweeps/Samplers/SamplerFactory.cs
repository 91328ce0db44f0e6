namespace PSConvNet.Sweeps;

/// <summary>Makes samplers.</summary>
internal static class SamplerFactory
{
    /// <summary>The sampler of that kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="space">The search space.</param>
    /// <param name="seed">Equal seeds give equal points. A grid has none of its own.</param>
    /// <param name="gridPoints">The most points of a range in a grid.</param>
    /// <exception cref="ConvNetException"><c>SweepGridTooLarge</c>.</exception>
    public static ISampler Create(SweepSampler kind, SweepSpace space, long seed, int gridPoints) =>
        kind switch
        {
            SweepSampler.Grid => new GridSampler(space, gridPoints),
            SweepSampler.Random => new RandomSampler(space, seed),
            SweepSampler.Tpe => new TpeSampler(space, seed),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
