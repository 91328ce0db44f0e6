namespace PSConvNet;

/// <summary>Where, how often and how many checkpoints of a training are kept.</summary>
/// <param name="Folder">A folder for this training alone; made if it is not there.</param>
public sealed record CheckpointOptions(string Folder)
{
    /// <summary>How often one is written; after each epoch unless set. One is written at the end, too, and when the run is stopped.</summary>
    public CheckpointInterval Every { get; init; } = CheckpointInterval.OfEpochs(1);

    /// <summary>How many of the newest are kept; at least 1. The best epoch's model is kept besides.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>Whether checkpoints that are there, of another training, are deleted; else they are an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Whether the training goes on, with a warning, where one can't be written; else it ends.</summary>
    public bool GoOnWithout { get; init; }

    /// <summary>Whether one is written only when it is due, or the run is stopped: none at the start, none at the end, none of the best.</summary>
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
