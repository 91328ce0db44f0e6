namespace PSConvNet.Tests.Training;

/// <summary>A learning rate that is far too high is told where the loss remains a number; nothing else is taken for it.</summary>
public class LossWatchTests
{
    private static readonly Dataset s_bars = Networks.Bars();

    [Theory]
    [InlineData("Adam", 10)]
    [InlineData("SGD", 50)]
    [InlineData("AdamW", 30)]
    public void A_rate_far_too_high_is_named_with_what_to_do(string optimizer, double rate)
    {
        var doubt = Assert.Single(
            Warnings(Options() with { Optimizer = OptimizerSpec.Parse(optimizer) with { LearningRate = rate } })
        );

        Assert.StartsWith("The training of small failed: it ended with a loss of ", doubt, StringComparison.Ordinal);
        Assert.Contains($"the learning rate of {rate} is too high", doubt, StringComparison.Ordinal);
        Assert.Contains("Model.CopyUntrained", doubt, StringComparison.Ordinal);
        Assert.Contains("LearningRateFinder.Find suggests one", doubt, StringComparison.Ordinal);
        Assert.EndsWith($" is usual for {optimizer}.", doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usual")]
    [InlineData("one epoch")]
    [InlineData("part of an epoch")]
    [InlineData("hardly any rate")]
    [InlineData("images one by one")]
    [InlineData("early stopping")]
    [InlineData("squared error")]
    [InlineData("smoothing")]
    [InlineData("weights")]
    public void A_run_that_learns_or_had_no_time_to_is_not_doubted(string which)
    {
        var usual = Options();
        var options = which switch
        {
            "one epoch" => usual with { Epochs = 1 },
            "part of an epoch" => usual with { Epochs = 0.1, BatchSize = 2 },
            "hardly any rate" => usual with { Optimizer = new SgdOptimizer { LearningRate = 1e-6 } },
            "images one by one" => usual with { BatchSize = 1, Optimizer = new SgdOptimizer() },
            "early stopping" => usual with { Patience = 1, ValidationSplit = 0.2, Epochs = 30 },
            "squared error" => usual with { Loss = Loss.MeanSquaredError },
            "smoothing" => usual with { LabelSmoothing = 0.5 },
            "weights" => usual with { ClassWeight = ClassWeights.Parse("Balanced") },
            _ => usual,
        };

        Assert.Empty(Warnings(options));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.01)]
    public void Data_from_which_nothing_can_be_learned_are_not_blamed_on_the_rate(double rate)
    {
        var random = new Random(3);
        var train = s_bars.Train;
        var labels = Enumerable.Range(0, train.Count).Select(_ => random.Next(10) == 0 ? random.Next(1, 3) : 0);
        var noise = new ImageSet("Train", train.Pixels.ToArray(), [.. labels], train.Shape);
        var data = new Dataset("Noise", noise, noise, s_bars.ClassNames, "made by the test");

        Assert.Empty(Warnings(Options() with { Optimizer = new AdamOptimizer { LearningRate = rate } }, data));
    }

    [Fact]
    public void A_search_for_a_rate_goes_too_high_on_purpose_and_says_nothing()
    {
        var said = new List<string>();

        LearningRateFinder.Find(
            new Model(Networks.SmallDense, s_bars.Shape),
            s_bars,
            new LearningRateRange
            {
                MinimumRate = 1,
                MaximumRate = 100,
                Steps = 40,
            },
            Options(),
            onMessage: said.Add
        );

        Assert.Empty(said);
    }

    [Fact]
    public void A_run_that_leapt_up_and_came_back_is_not_doubted()
    {
        var watch = Watch(continues: false);
        Feed(watch, 1.1, 9, 4, 2, 1, 0.5, 0.4, 0.3, 0.3, 0.3, 0.3);

        Assert.Null(watch.Doubt(Small(), [Epoch(1, 2, 0.5), Epoch(2, 0.3, 0.9)]));
    }

    [Fact]
    public void A_run_that_leapt_up_and_ended_where_guessing_is_is_doubted()
    {
        var watch = Watch(continues: false);
        Feed(watch, 1.1, 9, 4, 2, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1);

        Assert.NotNull(watch.Doubt(Small(), [Epoch(1, 2, 0.34), Epoch(2, 1.1, 0.34)]));
    }

    [Fact]
    public void A_run_that_is_continued_is_not_judged_by_the_loss_that_it_is_continued_with()
    {
        var watch = Watch(continues: true);
        Feed(watch, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1);

        Assert.Null(watch.Doubt(Small(), [Epoch(1, 1.2, 0.34), Epoch(2, 1.1, 0.34)]));
        Assert.NotNull(watch.Doubt(Small(), [Epoch(1, 300, 0.34), Epoch(2, 1.1, 0.34)]));
    }

    [Fact]
    public void A_guess_has_the_loss_of_the_classes_shares_and_the_accuracy_of_the_largest()
    {
        var labels = Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? 1 : 0).ToArray();
        var images = new ImageSet("Train", new byte[400 * 64], labels, new Shape(8, 8, 1));
        var data = new Dataset("Uneven", images, images, ["a", "b", "c"], "made by the test");
        GuessedLoss Guess(TrainingOptions options) =>
            new(TrainingImages.Of(Small(), data, options, renames: false, null), options);

        var guess = Guess(new TrainingOptions());

        Assert.Equal(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25), guess.Loss, 1e-12);
        Assert.Equal(2 * 0.75 * 0.25 / 3, Guess(new TrainingOptions { Loss = Loss.MeanSquaredError }).Loss, 1e-12);
        Assert.Equal(Math.Log(3), Guess(new TrainingOptions { LabelSmoothing = 0.9999999 }).Loss, 1e-5);
        Assert.True(guess.IsNoBetter(0.76));
        Assert.False(guess.IsNoBetter(0.9));
    }

    [Theory]
    [InlineData(1e30, 0.001)]
    [InlineData(0.5, 0.001)]
    [InlineData(0.002, 0.0002)]
    public void In_place_of_a_rate_far_too_high_the_usual_one_is_tried_and_not_a_tenth(double rate, double lower) =>
        Assert.Equal(lower, LossWatch.LowerRate(new AdamOptimizer(), rate), 1e-12);

    private static TrainingOptions Options() =>
        new()
        {
            Epochs = 6,
            BatchSize = 40,
            Threads = 1,
        };

    private static Model Small() => new(Networks.SmallDense, s_bars.Shape, "small");

    private static List<string> Warnings(TrainingOptions options, Dataset? data = null)
    {
        var heard = new Heard();
        new Trainer(Small(), data ?? s_bars, options, heard).Run();
        return heard.Warnings;
    }

    private static LossWatch Watch(bool continues)
    {
        var options = new TrainingOptions();
        var images = TrainingImages.Of(Small(), s_bars, options, renames: false, null);
        return new LossWatch(options, new GuessedLoss(images, options), continues);
    }

    private static void Feed(LossWatch watch, params ReadOnlySpan<double> losses)
    {
        foreach (var loss in losses)
            watch.Add(128 * loss, 128);
    }

    private static EpochRecord Epoch(int number, double loss, double accuracy) =>
        new(number, loss, accuracy, null, null, 0.001, 1, 100);

    private sealed class Heard : ITrainingObserver
    {
        public List<string> Warnings { get; } = [];

        public void OnBatch(in BatchProgress progress) { }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }

        public void OnWarning(string message) => Warnings.Add(message);
    }
}
