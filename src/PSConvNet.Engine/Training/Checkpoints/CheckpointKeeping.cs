using System.Text.Json;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary>How often a run's checkpoints are written and how many are kept, as a checkpoint has it: a run that is resumed goes on so.</summary>
/// <param name="Epochs">Epochs between two; null where time counts.</param>
/// <param name="Seconds">Seconds between two; null where epochs count.</param>
/// <param name="Last">How many of the newest are kept.</param>
internal sealed record CheckpointKeeping(int? Epochs, double? Seconds, int Last) : IReadFromFile
{
    /// <summary>The interval.</summary>
    public CheckpointInterval Interval() =>
        Epochs is { } epochs
            ? CheckpointInterval.OfEpochs(epochs)
            : CheckpointInterval.OfTime(TimeSpan.FromSeconds(Seconds!.Value));

    /// <summary>That of options.</summary>
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
