namespace PSConvNet.Tests.Sweeps;

/// <summary>Trials as a study would have them, without any training.</summary>
internal static class Studies
{
    /// <summary>Trials by chance, completed, that came to what a function says.</summary>
    public static SweepTrial[] Completed(SweepSpace space, int count, Func<SweepPoint, double> value, long seed = 1) =>
        Enumerable
            .Range(0, count)
            .Select(i => new RandomSampler(space, seed).Sample(i, []))
            .Select((point, i) => Trial(i, point, TrialState.Completed, value(point)))
            .ToArray();

    /// <summary>A trial; its epochs' accuracies and losses lead to the value.</summary>
    public static SweepTrial Trial(
        int number,
        SweepPoint point,
        TrialState state,
        double? value,
        int epochs = 3,
        int planned = 3
    ) =>
        new()
        {
            Id = new TrialId(number),
            State = state,
            Parameters = point,
            Seed = number,
            Value = value,
            PlannedEpochs = planned,
            StartedAt = DateTimeOffset.UnixEpoch,
            History = value is { } last
                ? [.. Enumerable.Range(1, epochs).Select(e => Epoch(e, last * e / epochs))]
                : [],
            ErrorId = state == TrialState.Failed ? "ShapeMismatch" : null,
        };

    /// <summary>An epoch that came to a value, both as accuracy and as loss.</summary>
    public static EpochRecord Epoch(int epoch, double value) => new(epoch, value, value, value, value, 0.001, 1, 100);
}
