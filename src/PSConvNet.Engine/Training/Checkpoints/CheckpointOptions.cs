namespace PSConvNet.Training;

/// <summary>Where, how often and how many checkpoints of a training are kept.</summary>
/// <param name="Folder">A folder for this training alone; it is created if it doesn't exist.</param>
public sealed record CheckpointOptions(string Folder)
{
    /// <summary>How often a checkpoint is written: after each epoch by default. One is also written at the end, and when the run is stopped.</summary>
    public CheckpointInterval Every { get; init; } = CheckpointInterval.OfEpochs(1);

    /// <summary>The number of newest checkpoints that are kept; at least 1. The best epoch's model is kept, too.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>Whether checkpoints of another training in the folder are deleted; otherwise they are an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Whether the training continues, with a warning, if a checkpoint can't be written; otherwise it ends.</summary>
    public bool GoOnWithout { get; init; }

    /// <summary>Whether checkpoints are written only when they are due or the run is stopped: not at the start, not at the end, no best model.</summary>
    internal bool OnlyWhenDue { get; init; }

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>CheckpointOptionInvalid</c>.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            throw Invalid("Checkpoints need a folder; give CheckpointOptions.Folder.", Folder);
        if (KeepLast < 1)
            throw Invalid($"CheckpointOptions.KeepLast must be at least 1, not {KeepLast}.", KeepLast);
    }

    private static ConvNetException Invalid(string message, object target) =>
        new(ErrorIds.CheckpointOptionInvalid, ErrorKind.InvalidArgument, message, target);
}
