namespace PSConvNet.Training;

/// <summary>A range test as data: the loss at each rate, and the suggested rate.</summary>
public sealed record LearningRateCurve
{
    /// <summary>The model's name.</summary>
    public required string ModelName { get; init; }

    /// <summary>The data set's name.</summary>
    public required string DatasetName { get; init; }

    /// <summary>The optimizer, batch size, loss and so on that it was made with. Its schedule and epochs played no part.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The rates it was to go through.</summary>
    public required LearningRateRange Range { get; init; }

    /// <summary>A point a batch, in order of the rate.</summary>
    public required IReadOnlyList<LearningRatePoint> Points { get; init; }

    /// <summary>Why it ended.</summary>
    public required LearningRateStopReason StopReason { get; init; }

    /// <summary>The arithmetic that was used; never Auto.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Wall-clock time.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// The rate at which the smoothed loss falls fastest; null where it never fell by more than batches differ by chance. The first
    /// tenth of the steps is left out.
    /// </summary>
    public double? Suggestion => Steepest?.LearningRate;

    /// <summary>Another rule of thumb: a tenth of the rate at which the smoothed loss is lowest; null as above.</summary>
    public double? Minimum => Lowest?.LearningRate / 10;

    /// <summary>What follows, in a sentence or two: the suggestion, or why there is none.</summary>
    public string Conclusion =>
        (Suggestion, StopReason) switch
        {
            ({ } rate, _) => Text(
                $"Suggestion {rate:G2}, where the loss falls fastest; a tenth of the rate with the lowest loss is {Minimum:G2}."
            ),
            (_, LearningRateStopReason.Stopped) => "No suggestion: it was stopped before the loss had fallen.",
            (_, LearningRateStopReason.StepsDone) =>
                $"No suggestion: the loss did not fall. {Advice(nameof(Range.MaximumRate), Range.MaximumRate, 100)}",
            _ =>
                $"No suggestion: the loss did not fall before it rose. {Advice(nameof(Range.MinimumRate), Range.MinimumRate, 0.01)}",
        };

    internal LearningRatePoint? Steepest => CurveReading.Steepest(Points, Range);

    internal LearningRatePoint? Lowest => CurveReading.Lowest(Points, Range);

    /// <summary>The curve as it prints: <see cref="ToTable"/> as a property, which views can read where methods are out of reach.</summary>
    public string Table => ToTable();

    /// <summary>The curve as people read it: a heading, the smoothed loss at about twenty rates with a bar each, what follows.</summary>
    public string ToTable() => CurveTable.Format(this);

    /// <summary>The curve on one line.</summary>
    public override string ToString() =>
        Text($"{ModelName} on {DatasetName}: {Points.Count} rates in {Seconds:F1} s. {Conclusion}");

    /// <summary>A rate farther out, as far as there are any; a dead network or wrong images are no matter of rates.</summary>
    private static string Advice(string parameter, double rate, double factor) =>
        Math.Clamp(rate * factor, LearningRateRange.Least, LearningRateRange.Most) is var advised && advised != rate
            ? Text($"Try a {parameter} of {advised:G2}, unless the model has learned all it can.")
            : "No learning rate helps: either the model has learned all it can, or its layers or images make learning impossible.";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
