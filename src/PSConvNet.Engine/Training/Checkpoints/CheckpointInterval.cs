using System.Globalization;
using System.Text.RegularExpressions;

namespace PSConvNet.Training;

/// <summary>How often a checkpoint is written: every so many epochs, or every so many minutes.</summary>
public sealed partial record CheckpointInterval
{
    private CheckpointInterval(int? epochs, TimeSpan? time) => (Epochs, Time) = (epochs, time);

    /// <summary>Epochs between two; null where time counts.</summary>
    public int? Epochs { get; }

    /// <summary>Time between two; null where epochs count.</summary>
    public TimeSpan? Time { get; }

    /// <summary>After every so many epochs.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ConvNetException"><c>CheckpointOptionInvalid</c>.</exception>
    public static CheckpointInterval OfEpochs(int count) => count >= 1 ? new(count, null) : throw Unknown($"{count}");

    /// <summary>After every so much time, within an epoch too.</summary>
    /// <param name="time">Above 0.</param>
    /// <exception cref="ConvNetException"><c>CheckpointOptionInvalid</c>.</exception>
    public static CheckpointInterval OfTime(TimeSpan time) =>
        time > TimeSpan.Zero ? new(null, time) : throw Unknown($"{time}");

    /// <summary>Reads <c>2</c> or <c>2 epochs</c>, <c>10 min</c>, <c>30 s</c>, <c>1 h</c>, <c>0:10:00</c>.</summary>
    /// <exception cref="ConvNetException"><c>CheckpointOptionInvalid</c>: it is none of these.</exception>
    public static CheckpointInterval Parse(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            try
            {
                return OfTime((TimeSpan)WrittenValue.Convert(text, typeof(TimeSpan)));
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw Unknown(text);
            }
        }
        var match = Words().Match(text);
        if (!match.Success || !double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number))
            throw Unknown(text);
        var unit = match.Groups[2].Value.ToUpperInvariant();
        return unit switch
        {
            "" or "EPOCH" or "EPOCHS" => number == Math.Floor(number) && number <= int.MaxValue
                ? OfEpochs((int)number)
                : throw Unknown(text),
            _ when number > 1e6 => throw Unknown(text),
            "S" or "SEC" or "SECOND" or "SECONDS" => OfTime(TimeSpan.FromSeconds(number)),
            "H" or "HOUR" or "HOURS" => OfTime(TimeSpan.FromHours(number)),
            _ => OfTime(TimeSpan.FromMinutes(number)),
        };
    }

    /// <inheritdoc />
    public override string ToString() =>
        Epochs is { } epochs
            ? Counted.Epochs(epochs)
            : FormattableString.Invariant($"{Time!.Value.TotalMinutes:0.##} min");

    private static ConvNetException Unknown(string text) =>
        new(
            ErrorIds.CheckpointOptionInvalid,
            ErrorKind.InvalidArgument,
            $"CheckpointOptions.Every must be a whole number of epochs of at least 1, or a time (10 min, 30 s, 1 h, or a TimeSpan), not '{text}'.",
            text
        );

    [GeneratedRegex(
        @"^\s*([0-9]+(?:\.[0-9]+)?)\s*(epochs?|s|sec|seconds?|m|min|minutes?|h|hours?)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Words();
}
