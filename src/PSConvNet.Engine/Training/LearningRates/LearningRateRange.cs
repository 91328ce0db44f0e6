namespace PSConvNet.Training;

/// <summary>The learning rates that a range test goes through: a geometric sequence, a rate a batch. Immutable.</summary>
public sealed record LearningRateRange
{
    // The optimizers' arithmetic is fp32: beyond these a rate would round to nothing or to infinity.
    internal const double Least = 1e-30;
    internal const double Most = 1e30;

    /// <summary>The first batch's rate: 1e-30 or more, and below <see cref="MaximumRate"/>.</summary>
    public double MinimumRate { get; init; } = 1e-6;

    /// <summary>The last batch's rate, at most 1e30. A test that goes wrong earlier never gets there, so high costs little.</summary>
    public double MaximumRate { get; init; } = 10;

    /// <summary>How many batches, and so how many rates; at least 10.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>The batches at the start that no conclusion is drawn from: the mean of a few of them is mostly chance.</summary>
    internal int WarmUp => Steps / 10;

    /// <summary>The rate of a batch.</summary>
    /// <param name="step">The batch, from 1 to <see cref="Steps"/>; later ones are answered like the last.</param>
    public double RateAt(int step) =>
        step >= Steps
            ? MaximumRate
            : MinimumRate * Math.Pow(MaximumRate / MinimumRate, (double)(step - 1) / (Steps - 1));

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>TrainingOptionInvalid</c>.</exception>
    public void Validate()
    {
        Require(MinimumRate is >= Least and <= Most, nameof(MinimumRate), "from 1e-30 to 1e30", MinimumRate);
        Require(MaximumRate is >= Least and <= Most, nameof(MaximumRate), "from 1e-30 to 1e30", MaximumRate);
        Require(
            MaximumRate > MinimumRate,
            nameof(MaximumRate),
            FormattableString.Invariant($"above LearningRateRange.MinimumRate {MinimumRate:G4}"),
            MaximumRate
        );
        Require(Steps >= 10, nameof(Steps), "at least 10", Steps);
    }

    private static void Require(bool condition, string option, string range, IFormattable found)
    {
        if (condition)
            return;
        var text = found.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        throw new ConvNetException(
            ErrorIds.TrainingOptionInvalid,
            ErrorKind.InvalidArgument,
            $"LearningRateRange.{option} must be {range:text}, not {text}.",
            found
        );
    }
}
