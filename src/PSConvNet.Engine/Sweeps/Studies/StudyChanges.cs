namespace PSConvNet.Sweeps;

/// <summary>The settings of a study that may change each time it is resumed; null leaves one as it is.</summary>
internal sealed record StudyChanges
{
    /// <summary>How many trials there are.</summary>
    public int? Trials { get; init; }

    /// <summary>How many of the best are given at the end.</summary>
    public int? Best { get; init; }

    /// <summary>How often each of the best is repeated.</summary>
    public int? Replicate { get; init; }

    /// <summary>How often a trial whose worker died is continued.</summary>
    public int? Retry { get; init; }

    /// <summary>How many trials may fail.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>Whether the models of all trials are kept.</summary>
    public bool? KeepAllModels { get; init; }

    /// <summary>The settings with these changes.</summary>
    public StudySettings Apply(StudySettings settings) =>
        settings with
        {
            Trials = Trials ?? settings.Trials,
            Best = Best ?? settings.Best,
            Replicate = Replicate ?? settings.Replicate,
            Retry = Retry ?? settings.Retry,
            MaxFailures = MaxFailures ?? settings.MaxFailures,
            KeepAllModels = KeepAllModels ?? settings.KeepAllModels,
        };
}
