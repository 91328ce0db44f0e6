using System.Text.Json.Serialization;

namespace PSConvNet.Training;

/// <summary>The value that a training minimises.</summary>
public enum Loss
{
    /// <summary>-log of the probability given to the right class.</summary>
    CrossEntropy,

    /// <summary>The mean over the classes of the squared distance to 1 for the right class and 0 for the others.</summary>
    MeanSquaredError,
}

/// <summary>Everything that determines a run, apart from model and data. Immutable.</summary>
public sealed record TrainingOptions : IReadFromFile
{
    /// <summary>More epochs than anybody would wait for, with a number of steps that can be counted.</summary>
    private const double MaximumEpochs = int.MaxValue;

    /// <summary>The recipe that chose the settings which the user left out; it has no effect itself.</summary>
    public Recipe Recipe { get; init; }

    /// <summary>
    /// The number of passes over the training images; above 0, at most 2,147,483,647. With a fraction, the last epoch is a part of a pass: 1.5 epochs of 60,000 images are
    /// 90,000.
    /// </summary>
    public double Epochs { get; init; } = 12;

    /// <summary>Images between two steps of the optimizer; at least 1.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The update rule; its learning rate is the run's base rate.</summary>
    public OptimizerSpec Optimizer { get; init; } = new AdamOptimizer();

    /// <summary>How the learning rate changes during the run.</summary>
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>
    /// The decay of the running mean of the weights per step, 0 to below 1; 0 for no mean. The model ends with the mean instead of its last weights,
    /// and is validated with it (Polyak and Juditsky 1992; corrected for its start as in Adam).
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>The loss to minimise.</summary>
    public Loss Loss { get; init; }

    /// <summary>The share of the target that is spread over all classes; 0 to below 1, cross-entropy only (Szegedy et al. 2016).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// The weights of the classes in the training loss, or null if all have the same. Validation images are never weighted.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassWeights? ClassWeight { get; init; }

    /// <summary>How training images are changed in each epoch, or null. Validation images aren't changed.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>The share of the training images that are held out for validation; 0 to below 1.</summary>
    public double ValidationSplit { get; init; }

    /// <summary>Images for the validation after each epoch, or null. Their classes are matched by name.</summary>
    [JsonIgnore]
    public ImageSet? ValidationData { get; init; }

    /// <summary>
    /// Whether the model's outputs get the names of the data set's classes, in their order. Otherwise a model that has been trained keeps its names, and
    /// images are matched with them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RenameClasses { get; init; }

    /// <summary>
    /// The number of epochs without an improvement of the monitored loss (of the validation, or of the training without one) after which the run
    /// ends; null for no early stopping.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Layers whose weights and moving statistics don't change, in addition to those that were made with <see cref="LayerSpec.Frozen"/>; or null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LayerPatterns? Frozen { get; init; }

    /// <summary>Layers that are trained although they are frozen otherwise; or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LayerPatterns? Unfrozen { get; init; }

    /// <summary>Whether the model ends with the weights of its best epoch rather than the last.</summary>
    public bool RestoreBest { get; init; }

    /// <summary>The seed of the order of the images, their augmentation, and the dropout masks.</summary>
    [Signed]
    public long Seed { get; init; } = 1;

    /// <summary>The arithmetic.</summary>
    public Precision Precision { get; init; }

    /// <summary>Worker threads, 1 to 256; 0 for one per core. Results are bit-identical for equal numbers only.</summary>
    public int Threads { get; init; }

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>TrainingOptionInvalid</c>, <c>OptimizerSettingInvalid</c>.</exception>
    public void Validate()
    {
        Require(
            Epochs > 0 && Epochs <= MaximumEpochs,
            nameof(Epochs),
            Epochs > 0 ? $"above 0 and at most {int.MaxValue}" : "above 0",
            Epochs
        );
        Require(BatchSize >= 1, nameof(BatchSize), "at least 1", BatchSize);
        Require(AverageDecay is >= 0 and < 1, nameof(AverageDecay), "from 0 to below 1", AverageDecay);
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), "from 0 to below 1", LabelSmoothing);
        Require(ValidationSplit is >= 0 and < 1, nameof(ValidationSplit), "from 0 to below 1", ValidationSplit);
        Require(Patience is null or >= 1, nameof(Patience), "at least 1", Patience ?? 0);
        Require(Threads is >= 0 and <= 256, nameof(Threads), "from 1 to 256, or 0 for one per core", Threads);
        if (LabelSmoothing > 0 && Loss != Loss.CrossEntropy)
            throw Invalid("Label smoothing needs Loss.CrossEntropy; leave out one of the two.", LabelSmoothing);
        if (AverageDecay > 0 && RestoreBest)
        {
            throw Invalid(
                "Averaging keeps the mean of many epochs' weights, and TrainingOptions.RestoreBest the weights of one epoch; leave out one of the two.",
                AverageDecay
            );
        }
        if (ValidationSplit > 0 && ValidationData is not null)
            throw Invalid(
                "Validate either on a part of the training data or on separate data, not on both.",
                ValidationSplit
            );
        Optimizer.Validate();
    }

    void IReadFromFile.Require() => Validate();

    private static void Require(bool condition, string option, string range, IFormattable found)
    {
        if (!condition)
        {
            var text = found.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
            throw Invalid($"TrainingOptions.{option} must be {range}, not {text}.", found);
        }
    }

    private static ConvNetException Invalid(string message, object target) =>
        new(ErrorIds.TrainingOptionInvalid, ErrorKind.InvalidArgument, message, target);
}
