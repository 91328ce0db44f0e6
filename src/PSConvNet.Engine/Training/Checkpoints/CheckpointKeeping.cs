using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>How often a run writes checkpoints and how many it keeps, in a checkpoint: a run that is resumed does the same.</summary>
/// <param name="Epochs">The epochs between two checkpoints; null if the interval is a time.</param>
/// <param name="Seconds">The seconds between two checkpoints; null if the interval is a number of epochs.</param>
/// <param name="Last">The number of newest checkpoints that are kept.</param>
internal sealed record CheckpointKeeping(int? Epochs, double? Seconds, int Last) : IReadFromFile
{
    /// <summary>The interval.</summary>
    public CheckpointInterval Interval() =>
        Epochs is { } epochs
            ? CheckpointInterval.OfEpochs(epochs)
            : CheckpointInterval.OfTime(TimeSpan.FromSeconds(Seconds!.Value));

    /// <summary>The record of options.</summary>
    public static CheckpointKeeping Of(CheckpointOptions options) =>
        new(options.Every.Epochs, options.Every.Time?.TotalSeconds, options.KeepLast);

    void IReadFromFile.Require()
    {
        var isInterval = Epochs is null
            ? Seconds is > 0 and <= 1e11 and var seconds && TimeSpan.FromSeconds(seconds) > TimeSpan.Zero
            : Epochs >= 1 && Seconds is null;
        if (!isInterval || Last < 1)
            throw new JsonException("how often checkpoints are written, or how many are kept, can't be");
    }
}
