namespace PSConvNet.Sweeps;

/// <summary>
/// Each trial by chance, by itself: its point follows from seed and number, whatever came before. Bergstra and Bengio, "Random search for
/// hyper-parameter optimization", JMLR 13 (2012).
/// </summary>
internal sealed class RandomSampler(SweepSpace space, long seed) : ISampler
{
    // Apart from streams that others key by the same seed and a number.
    private const long Purpose = 0x53776565_70;

    /// <inheritdoc />
    public int? Count => null;

    /// <inheritdoc />
    public SweepPoint Sample(int number, IReadOnlyList<Observation> history)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var random = new RandomStream(seed, Purpose, number);
        return space.Choose(parameter => parameter.At(random.NextDouble()));
    }
}
