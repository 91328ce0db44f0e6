namespace PSConvNet.Sweeps;

/// <summary>What a study is about: everything that decides what its trials are and what they come to. Immutable.</summary>
public sealed record StudySettings
{
    /// <summary>The number of values of a range in a grid unless another one is given.</summary>
    public const int DefaultGridPoints = 5;

    /// <summary>The number of trials unless another one is given.</summary>
    public const int DefaultTrials = 20;

    /// <summary>The number of best trials that are returned and kept unless another one is given.</summary>
    public const int DefaultBest = 3;

    /// <summary>How often a trial whose worker died is continued unless another number is given.</summary>
    public const int DefaultRetry = 2;

    /// <summary>The search space.</summary>
    public required SweepSpace Space { get; init; }

    /// <summary>The text of the script block that makes the layers of a trial.</summary>
    public required string Script { get; init; }

    /// <summary>How trials are trained, where their parameters say nothing else. Threads is never 0.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>What is made good.</summary>
    public SweepObjective Objective { get; init; }

    /// <summary>How trials are chosen.</summary>
    public SweepSampler Sampler { get; init; }

    /// <summary>How many values of a range a grid has.</summary>
    public int GridPoints { get; init; } = DefaultGridPoints;

    /// <summary>How trials are stopped early.</summary>
    public PrunerSpec Pruner { get; init; } = PrunerSpec.None;

    /// <summary>Names the choices of the sampler.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How many trials there are, repetitions left out; at least 1. Of a grid a request makes it all points unless it names a number.</summary>
    public int Trials { get; init; } = DefaultTrials;

    /// <summary>How many of the best are given at the end, have their models kept, and are repeated.</summary>
    public int Best { get; init; } = DefaultBest;

    /// <summary>How often each of the best is repeated with another seed.</summary>
    public int Replicate { get; init; }

    /// <summary>How often a trial whose worker died is continued.</summary>
    public int Retry { get; init; } = DefaultRetry;

    /// <summary>How many trials may fail; null for any number.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>Whether the models of all trials are kept, and not those of the best alone.</summary>
    public bool KeepAllModels { get; init; }

    /// <summary>How often a trial's training is saved, to be continued after a crash.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>SweepOptionInvalid</c>, <c>TrainingOptionInvalid</c> and what training refuses.</exception>
    public void Validate()
    {
        Require(Trials is >= 1 and <= 10_000_000, nameof(Trials), "from 1 to 10,000,000", Trials);
        Require(GridPoints is >= 1 and <= 1000, nameof(GridPoints), "from 1 to 1000", GridPoints);
        Require(Best >= 1, nameof(Best), "at least 1", Best);
        Require(Replicate is >= 0 and <= 1000, nameof(Replicate), "from 0 to 1000", Replicate);
        Require(Retry is >= 0 and <= 1000, nameof(Retry), "from 0 to 1000", Retry);
        Require(MaxFailures is null or >= 0, nameof(MaxFailures), "at least 0", MaxFailures);
        if (string.IsNullOrWhiteSpace(Script))
            throw SweepFault.Option("The script block is empty; it must return the layers of a trial.", Script);
        Pruner.Validate();
        Training.Validate();
    }

    /// <summary>What training options a trial has.</summary>
    /// <exception cref="ConvNetException">A value that training refuses.</exception>
    public TrainingOptions OptionsOf(SweepPoint point) => SweptSettings.Apply(Training, point);

    /// <summary>A trial's value after an epoch.</summary>
    internal double? ValueOf(EpochRecord epoch) =>
        Objective == SweepObjective.Accuracy ? epoch.ValidationAccuracy : epoch.ValidationLoss;

    /// <summary>A value as a loss: lower is better.</summary>
    internal double LossOf(double? value) =>
        value is not { } number ? double.PositiveInfinity
        : Objective == SweepObjective.Accuracy ? -number
        : number;

    private static void Require(bool condition, string option, string range, object? found)
    {
        if (!condition)
            throw SweepFault.Option($"StudySettings.{option} must be {range}, not {found}.", found);
    }
}
