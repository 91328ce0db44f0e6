using System.Collections.Immutable;

namespace PSConvNet.Tests.Drawing;

/// <summary>Runs, measurements and images to draw, without training anything.</summary>
internal static class DrawnSamples
{
    public static TrainingRun Run(string name, int epochs, bool validated = false, double start = 1)
    {
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1), name);
        return new TrainingRun
        {
            Model = model,
            DatasetName = "Bars",
            TrainingImages = 240,
            Options = new TrainingOptions(),
            History =
            [
                .. Enumerable
                    .Range(1, epochs)
                    .Select(epoch => new EpochRecord(
                        epoch,
                        start / epoch,
                        1 - 0.5 / epoch,
                        validated ? 1.1 * start / epoch : null,
                        validated ? 1 - 0.6 / epoch : null,
                        0.001,
                        1,
                        240
                    )),
            ],
            Status = TrainingStatus.Completed,
            Seconds = epochs,
            Precision = Precision.Float32,
            Threads = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>A range test whose loss falls to a tenth about the middle of its rates, and then leaps.</summary>
    public static LearningRateCurve Rates(
        string name,
        double start = 2.3,
        double from = 1e-6,
        double to = 10,
        int steps = 100
    )
    {
        var range = new LearningRateRange
        {
            MinimumRate = from,
            MaximumRate = to,
            Steps = steps,
        };
        var test = new RangeTest(range);
        LearningRateStopReason? reason = null;
        for (var step = 1; reason is null; step++)
        {
            var wave = 0.02 * Math.Sin(step);
            var fall = 0.1 + 0.9 / (1 + Math.Exp((step - steps / 2) / 4.0));
            reason = test.Observe(start * (step < 0.9 * steps ? fall + wave : 1e6));
        }
        return new LearningRateCurve
        {
            ModelName = name,
            DatasetName = "Bars",
            Options = new TrainingOptions(),
            Range = range,
            Points = test.Points,
            StopReason = reason.Value,
            Precision = Precision.Float32,
            Seconds = 1,
        };
    }

    /// <summary>A measurement of some classes, in which each is mostly right, and sometimes taken for the next.</summary>
    public static ModelMetrics Metrics(int classes, Func<int, string>? name = null, int each = 40)
    {
        var labels = new List<int>();
        var probabilities = new List<float>();
        for (var truth = 0; truth < classes; truth++)
        for (var i = 0; i < each; i++)
        {
            labels.Add(truth);
            var answer = i < 3 ? (truth + 1) % classes : truth;
            for (var k = 0; k < classes; k++)
                probabilities.Add(k == answer ? 1 : 0);
        }
        string[] names = [.. Enumerable.Range(0, classes).Select(name ?? (i => $"{i}"))];
        return ModelMetrics.FromProbabilities([.. probabilities], [.. labels], names);
    }

    /// <summary>Images of one level each, so that their colours can be found again.</summary>
    public static ImageSet Levels(int side, params ReadOnlySpan<byte> levels)
    {
        var pixels = new byte[levels.Length * side * side];
        for (var i = 0; i < levels.Length; i++)
            pixels.AsSpan(i * side * side, side * side).Fill(levels[i]);
        return new ImageSet("Test", pixels, [.. Enumerable.Range(0, levels.Length)], new Shape(side, side, 1));
    }
}
