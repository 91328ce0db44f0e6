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

    /// <summary>A study as Asha leaves one: rungs at 1, 3 and 9 epochs, some trials failed, the last not done.</summary>
    public static SweepTrial[] Halved(SweepSpace space, int count, double scale = 1)
    {
        var trials = new List<SweepTrial>();
        for (var i = 0; i < count; i++)
        {
            var point = new RandomSampler(space, 3).Sample(i, []);
            // Any function that differs from point to point, from 0.5 to 1.
            var value = (0.5 + Math.Abs(point.ToString().Sum(c => c * 37) % 97) / 200.0) * scale;
            var (state, epochs) =
                i == count - 1 && count > 3 ? (TrialState.Waiting, 2)
                : i % 11 == 7 ? (TrialState.Failed, 0)
                : i % 3 == 0 ? (TrialState.Completed, 9)
                : i % 3 == 1 ? (TrialState.Pruned, 3)
                : (TrialState.Pruned, 1);
            var trial = Trial(i, point, state, state == TrialState.Failed ? null : value, epochs, 9);
            trials.Add(
                trial with
                {
                    History =
                    [
                        .. Enumerable
                            .Range(1, epochs)
                            .Select(e => Epoch(e, value * (epochs == 1 ? 1 : 0.6 + 0.4 * (e - 1) / (epochs - 1)))),
                    ],
                }
            );
        }
        return [.. trials];
    }

    /// <summary>An epoch that came to a value, both as accuracy and as loss.</summary>
    public static EpochRecord Epoch(int epoch, double value) => new(epoch, value, value, value, value, 0.001, 1, 100);
}
