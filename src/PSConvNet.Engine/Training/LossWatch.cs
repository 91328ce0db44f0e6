namespace PSConvNet.Training;

/// <summary>
/// Watches a run's losses for signs of a learning rate that is far too high: they leap up from where they began, and end no better than those of
/// a guess. Hard data and short runs end there too, but without the leap.
/// </summary>
/// <param name="options">The options of the run.</param>
/// <param name="guess">What a guess comes to on its images.</param>
/// <param name="continues">Whether the run was begun before, so that its first batch here says nothing about its beginning.</param>
internal sealed class LossWatch(TrainingOptions options, GuessedLoss guess, bool continues)
{
    /// <summary>How far a loss must rise to be told from the ups and downs between batches.</summary>
    private const double Leap = 1.5;

    /// <summary>How little below a guess's loss is still no better than it.</summary>
    private const double NoBetter = 0.97;

    /// <summary>Steps after which a rate that is right has brought the loss down from what the first ones did to it.</summary>
    private const long FewestSteps = 10;

    /// <summary>The images whose mean counts: a batch of a few has any loss by chance.</summary>
    private const int WindowImages = 128;

    private long _steps;
    private double _first;
    private double _peak;
    private double _windowSum;
    private int _windowImages;

    /// <summary>Adds a batch.</summary>
    /// <param name="sum">The sum of the losses of its images.</param>
    /// <param name="images">How many there are.</param>
    public void Add(double sum, int images)
    {
        if (_steps++ == 0 && !continues)
            _first = sum / images;
        _windowSum += sum;
        _windowImages += images;
        if (_windowImages < WindowImages)
            return;
        _peak = Math.Max(_peak, _windowSum / _windowImages);
        (_windowSum, _windowImages) = (0, 0);
    }

    /// <summary>A rate to try in place of one that is too high: a tenth of it, or the optimizer's usual one where that is lower still.</summary>
    public static double LowerRate(OptimizerSpec optimizer, double rate) =>
        Math.Min(rate / 10, OptimizerSpec.Parse(optimizer.Name).LearningRate);

    /// <summary>A warning that names the learning rate, if the run most likely failed because of it; else null.</summary>
    /// <param name="model">The model as the run leaves it, but for the run itself.</param>
    /// <param name="history">The epochs of the run.</param>
    public string? Doubt(Model model, IReadOnlyList<EpochRecord> history)
    {
        // A range test goes up to rates that are too high on purpose.
        if (_steps < FewestSteps || history is not [.., var last] || options.Schedule is RangeSchedule)
            return null;
        var start = Math.Max(_first, guess.Loss);
        var rose = !continues && last.Loss > Leap * start;
        var leapt = Math.Max(_peak, history.Max(epoch => epoch.Loss)) > Leap * start;
        var guesses = last.Loss >= NoBetter * guess.Loss && guess.IsNoBetter(last.Accuracy);
        if (!rose && !(leapt && guesses))
            return null;
        var rate = options.Optimizer.LearningRate;
        var usual = OptimizerSpec.Parse(options.Optimizer.Name).LearningRate;
        var again =
            model.Runs.Count > 0 || model.HasWeightsOfFile
                ? "Begin again with the weights from before it"
                : "Begin again with an untrained copy (Model.CopyUntrained)";
        var lower = rate > usual ? $", and {usual} is usual for {options.Optimizer.Name}" : "";
        return MessageText.Of(
            $"The training of {model.Name} failed: it ended with a loss of {last.Loss:G3} and an accuracy of {Percentage.Of(last.Accuracy):text}, and mere guessing has a loss of {guess.Loss:G3}. Most likely the learning rate of {rate:G3} is too high. {again:text} and a lower OptimizerSpec.LearningRate: LearningRateFinder.Find suggests one{FormattableString.Invariant($"{lower}"):text}."
        );
    }
}

/// <summary>What the best guess that doesn't look at the images comes to: the loss and the accuracy of the classes' shares.</summary>
internal sealed class GuessedLoss
{
    private readonly int _images;
    private readonly double _largestShare;

    /// <summary>Counts the classes of a training's images.</summary>
    public GuessedLoss(TrainingImages images, TrainingOptions options)
    {
        var labels = images.Train.Labels.Span;
        var shares = new double[images.Train.ClassNames.Count];
        _images = images.Rows.Length;
        foreach (var row in images.Rows)
            shares[labels[row]] += 1.0 / _images;
        _largestShare = shares.Max();
        // The weights' mean over the images is 1.
        for (var label = 0; label < shares.Length && images.ClassWeights is { } weights; label++)
            shares[label] *= weights[label];
        var spread = options.LabelSmoothing;
        Loss =
            options.Loss == PSConvNet.Training.Loss.CrossEntropy
                ? shares.Select(share => (1 - spread) * share + spread / shares.Length).Sum(Surprise)
                : shares.Sum(share => share * (1 - share)) / shares.Length;
    }

    /// <summary>Its mean loss.</summary>
    public double Loss { get; }

    /// <summary>Whether an accuracy may well be that of a guess: no further above the largest class's share than chance brings it.</summary>
    public bool IsNoBetter(double accuracy)
    {
        var chance = 3 * Math.Sqrt(_largestShare * (1 - _largestShare) / _images);
        return accuracy <= _largestShare + Math.Max(chance, 0.05 * (1 - _largestShare));
    }

    private static double Surprise(double share) => share > 0 ? -share * Math.Log(share) : 0;
}
