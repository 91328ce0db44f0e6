using System.Globalization;
using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>What Invoke-Training gives, and that each of its parameters arrives.</summary>
public sealed class InvokeTrainingTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void A_training_is_a_run_with_a_typed_record_an_epoch()
    {
        var run = _session.Run("New-Small | Invoke-Training -Data $data -Epochs 3 -BatchSize 64").Output.Single();

        Assert.Equal("PSConvNet.Training.TrainingRun", run.TypeNames[0]);
        Assert.Equal("small", run.Properties["ModelName"].Value);
        Assert.Equal("Synthetic", run.Properties["DatasetName"].Value);
        Assert.Equal(300, run.Properties["TrainingImages"].Value);
        Assert.Equal("Completed", run.Properties["Status"].Value.ToString());
        var history = History(run);
        Assert.All(history, epoch => Assert.Equal("PSConvNet.Training.EpochRecord", epoch.TypeNames[0]));
        Assert.Equal([1, 2, 3], history.Select(epoch => epoch.Properties["Epoch"].Value));
        var losses = history.Select(epoch => Number(epoch, "Loss")).ToList();
        Assert.True(losses[2] < losses[1] && losses[1] < losses[0], string.Join(", ", losses));
        Assert.All(history, epoch => Assert.InRange(Number(epoch, "Accuracy"), 0, 1));
        Assert.All(history, epoch => Assert.Equal(0.001, epoch.Properties["LearningRate"].Value));
        Assert.All(history, epoch => Assert.Null(epoch.Properties["ValidationLoss"].Value));
        Assert.All(
            history,
            epoch => Assert.Equal(300, Number(epoch, "Seconds") * Number(epoch, "ImagesPerSecond"), 1e-6)
        );
        Assert.InRange(Number(run, "Seconds"), history.Sum(epoch => Number(epoch, "Seconds")), double.MaxValue);
    }

    [Fact]
    public void Several_models_are_trained_in_turn_from_the_pipeline_and_from_the_parameter()
    {
        var result = _session.Run(
            """
            $first, $second = (New-Small first), (New-Small second)
            $piped = $first, $second | Invoke-Training -Data $data -Epochs 1
            $given = Invoke-Training -Model $first, $second $data -Epochs 2
            $piped.ModelName -join ' '
            $given.ModelName -join ' '
            [object]::ReferenceEquals($piped[1].Model, $second)
            $first.TrainedEpochs, $second.TrainedEpochs
            """
        );

        Assert.Equal(["first second", "first second", true, 3.0, 3.0], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_model_is_trained_further_when_it_is_trained_again()
    {
        var result = _session.Run(
            """
            $model = New-Small
            $runs = 1..2 | ForEach-Object { $model | Invoke-Training -Data $data -Epochs 2 }
            $runs[1].History[0].Loss -lt $runs[0].History[1].Loss
            $model.ClassNames -join ''
            """
        );

        Assert.Equal([true, "0123456789"], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("-Optimizer sgd", "SGD (LearningRate 0.01)", 0.01)]
    [InlineData("-Optimizer RMSprop -LearningRate 0.002", "RMSprop (LearningRate 0.002)", 0.002)]
    [InlineData(
        "-Optimizer (New-Optimizer SGD -LearningRate 0.1 -Momentum 0.9 -Nesterov)",
        "SGD (LearningRate 0.1, WeightDecay 0, Momentum 0.9, Nesterov True)",
        0.1
    )]
    [InlineData("-Optimizer (New-Optimizer AdamW) -LearningRate 0.0005", "AdamW (LearningRate 0.0005)", 0.0005)]
    [InlineData("-LearningRate 0.003", "Adam (LearningRate 0.003)", 0.003)]
    [InlineData("-Optimizer adadelta", "Adadelta (LearningRate 1)", 1)]
    [InlineData("-Optimizer Adagrad", "Adagrad (LearningRate 0.01)", 0.01)]
    public void An_optimizer_comes_by_name_or_as_an_object_with_the_rate_said(
        string parameters,
        string optimizer,
        double rate
    )
    {
        var run = _session.Run($"New-Small | Invoke-Training -Data $data -Epochs 1 {parameters}").Output.Single();

        Assert.Equal(WithoutDefaults(optimizer), WithoutDefaults(Option(run, "Optimizer")!.ToString()!));
        Assert.Equal(rate, Number(History(run).Single(), "LearningRate"), 12);
    }

    [Theory]
    [InlineData("-Schedule exponential", "1 0.9 0.81")]
    [InlineData("-Schedule (New-LearningRateSchedule Step -Every 2 -Factor 0.1)", "1 1 0.1")]
    [InlineData("", "1 1 1")]
    public void A_schedule_comes_by_name_or_as_an_object_and_rules_the_rate(string parameters, string expected)
    {
        // The rate of an epoch's last step, as a share of the base rate; one batch an epoch.
        var run = _session
            .Run($"New-Small | Invoke-Training -Data $data -Epochs 3 -BatchSize 300 -LearningRate 0.01 {parameters}")
            .Output.Single();

        var shares = History(run).Select(epoch => Number(epoch, "LearningRate") / 0.01).ToList();
        Assert.Equal(
            expected,
            string.Join(' ', shares.Select(share => Math.Round(share, 9).ToString(CultureInfo.InvariantCulture)))
        );
    }

    [Fact]
    public void A_validation_split_is_held_out_of_the_training_images()
    {
        var run = _session
            .Run("New-Small | Invoke-Training -Data $data -Epochs 2 -ValidationSplit 0.2")
            .Output.Single();

        Assert.Equal(240, run.Properties["TrainingImages"].Value);
        Assert.All(History(run), epoch => Assert.InRange(Number(epoch, "ValidationLoss"), 0.1, 5));
        Assert.All(
            History(run),
            // Sixty images were held out.
            epoch => Assert.Equal(0, Number(epoch, "ValidationAccuracy") * 60 % 1, 1e-9)
        );
    }

    [Theory]
    [InlineData("$data", "Test")]
    [InlineData("$data.Test", "Test")]
    [InlineData("$data.Train", "Train")]
    public void Validation_on_images_of_their_own_is_what_Measure_Model_finds_there(string validation, string part)
    {
        var result = _session.Run(
            $$"""
            $model = New-Small
            $run = $model | Invoke-Training -Data $data -Epochs 2 -ValidationData {{validation}} -Precision Float32
            $measured = Measure-Model $model $data -Part {{part}} -Precision Float32
            $run.TrainingImages
            $run.History[-1].ValidationAccuracy - $measured.Accuracy
            $run.History[-1].ValidationLoss - $measured.Loss
            """
        );

        Assert.Equal(300, result.Output[0].BaseObject);
        Assert.Equal(0, (double)result.Output[1].BaseObject, 1e-9);
        Assert.Equal(0, (double)result.Output[2].BaseObject, 1e-5);
    }

    [Theory]
    [InlineData("-EarlyStopping", 4)]
    [InlineData("-EarlyStopping -Patience 2", 3)]
    [InlineData("-EarlyStopping -Patience 1", 2)]
    public void Early_stopping_ends_a_run_that_gets_no_better(string parameters, int epochs)
    {
        // Steps too small for any weight to notice: the validation loss stays what it was.
        var run = _session
            .Run(
                $"New-Small | Invoke-Training -Data $data -Epochs 10 -ValidationSplit 0.5 -Optimizer SGD -LearningRate 1e-30 {parameters}"
            )
            .Output.Single();

        Assert.Equal("EarlyStopped", run.Properties["Status"].Value.ToString());
        Assert.Equal(epochs, History(run).Count);
        Assert.Equal(1, run.Properties["BestEpoch"].Value);
    }

    [Theory]
    [InlineData("-RestoreBest", true)]
    [InlineData("", false)]
    public void The_best_epochs_weights_come_back_where_that_is_asked(string parameters, bool restored)
    {
        // Validated against the wrong truth, a model gets worse with every epoch: the first is the best.
        var result = _session.Run(
            $$"""
            $wrong = [int[]]($data.Test.Labels.ToArray() | ForEach-Object { ($_ + 1) % 10 })
            $wrong = [PSConvNet.Data.ImageSet]::new('Wrong', $data.Test.Pixels.ToArray(), $wrong, $data.Shape)
            $validation = [PSConvNet.Data.Dataset]::new('Wrong', $wrong, $wrong, $data.ClassNames, 'test')
            $model = New-Small
            $run = $model | Invoke-Training -Data $data -Epochs 4 -LearningRate 0.005 -ValidationData $validation -Precision Float32 {{parameters}}
            $run.BestEpoch
            (Measure-Model $model $validation -Precision Float32).Loss
            $run.History[0].ValidationLoss
            $run.History[3].ValidationLoss
            """
        );

        var losses = result.Output.Skip(1).Select(o => (double)o.BaseObject).ToList();
        Assert.Equal(1, result.Output[0].BaseObject);
        Assert.Equal(restored ? losses[1] : losses[2], losses[0], 1e-4);
        Assert.True(losses[2] > losses[1] + 0.01);
    }

    [Fact]
    public void A_loss_and_label_smoothing_change_what_is_made_small()
    {
        var result = _session.Run(
            """
            foreach ($how in @{}, @{ LabelSmoothing = 0.2 }, @{ Loss = 'MeanSquaredError' }) {
                New-Small | Invoke-Training -Data $data -Epochs 4 -BatchSize 30 @how
            }
            """
        );

        Assert.Equal(
            ["CrossEntropy", "CrossEntropy", "MeanSquaredError"],
            result.Output.Select(run => Option(run, "Loss")!.ToString())
        );
        Assert.Equal([0.0, 0.2, 0.0], result.Output.Select(run => Option(run, "LabelSmoothing")));
        var last = result.Output.Select(run => Number(History(run)[^1], "Loss")).ToList();
        // Smoothing can't be driven to zero; ten outputs that say nothing are 0.09 of squared error.
        Assert.True(last[1] > last[0], $"{last[1]} > {last[0]}");
        Assert.InRange(last[2], 0.001, 0.09);
        Assert.True(Number(History(result.Output[2])[0], "Loss") > last[2]);
    }

    [Fact]
    public void Both_precisions_train_and_learn_nearly_alike()
    {
        var result = _session.Run(
            """
            foreach ($precision in 'Float32', 'BFloat16') {
                New-Small | Invoke-Training -Data $data -Epochs 3 -Precision $precision
            }
            """
        );

        Assert.Equal(
            ["Float32", "BFloat16"],
            result.Output.Select(run => run.Properties["Precision"].Value.ToString())
        );
        var losses = result.Output.Select(run => Number(History(run)[^1], "Loss")).ToList();
        Assert.NotEqual(losses[0], losses[1]);
        Assert.Equal(losses[0], losses[1], 0.1);
    }

    [Theory]
    [InlineData("-Threads 1", 1)]
    [InlineData("-Threads 2", 2)]
    public void The_threads_are_as_many_as_asked(string parameters, int threads)
    {
        var run = _session.Run($"New-Small | Invoke-Training -Data $data -Epochs 1 {parameters}").Output.Single();

        Assert.Equal(threads, run.Properties["Threads"].Value);
    }

    [Fact]
    public void Equal_seeds_give_equal_histories_and_weights_also_for_a_later_model()
    {
        var result = _session.Run(
            """
            function Get-Trace { param($Seed)
                $model = New-FlattenLayer | New-DenseLayer 16 -Activation ReLU | New-DropoutLayer 0.3 |
                    New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
                $run = $model | Invoke-Training -Data $data -Epochs 2 -ValidationSplit 0.1 -Seed $Seed
                ($run.History | ForEach-Object { $_.Loss; $_.Accuracy; $_.ValidationLoss } | ForEach-Object { $_.ToString('R') }) -join ' '
                ($model.GetParameter('dense_1.kernel') | ForEach-Object { $_.ToString('R') }) -join ' '
            }
            $first = Get-Trace 7
            $null = New-Small other | Invoke-Training -Data $data -Epochs 1
            $second = Get-Trace 7
            $third = Get-Trace 8
            foreach ($other in $second, $third) { $first[0] -eq $other[0]; $first[1] -eq $other[1] }
            """
        );

        Assert.Equal([true, true, false, false], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Verbose_tells_a_line_an_epoch()
    {
        var result = _session.Run("New-Small | Invoke-Training -Data $data -Epochs 2 -ValidationSplit 0.1 -Verbose");

        Assert.Collection(
            result.Verbose,
            first =>
                Assert.StartsWith(
                    "Performing the operation \"Train\" on target \"small\"",
                    first,
                    StringComparison.Ordinal
                ),
            first =>
                Assert.Matches(
                    @"^small: epoch 1/2: loss \d\.\d{4}, accuracy \d+\.\d\d ?%, validation loss \d\.\d{4}, validation accuracy \d+\.\d\d ?%, \d+\.\d s, [\d,]+ images/s$",
                    first
                ),
            second => Assert.StartsWith("small: epoch 2/2: loss ", second, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Images_without_a_channel_are_taken_where_only_one_meaning_is_possible_and_verbose_says_so()
    {
        var result = _session.Run(
            """
            $flat = Import-Mnist -Name Synthetic -First 100
            $run = New-Small | Invoke-Training -Data $flat -Epochs 1 -Verbose
            $run.Status.ToString()
            """
        );

        Assert.Equal("Completed", result.Output.Single().ToString());
        Assert.Equal(
            "small expects 28 x 28 x 1; the Train images are 28 x 28 and are used as 28 x 28 x 1.",
            result.Verbose[1]
        );
    }

    [Theory]
    [InlineData("New-Small | Invoke-Training -Data $data -Optimizer ada", "Adam, AdamW, Adadelta, Adagrad")]
    [InlineData("New-Small | Invoke-Training -Data $data -Schedule c", "Constant, Cosine")]
    [InlineData("New-Small | Invoke-Training -Data $data -Loss ", "CrossEntropy, MeanSquaredError")]
    [InlineData("New-Small | Invoke-Training -Data $data -Precision ", "Auto, BFloat16, Float32")]
    public void Closed_sets_are_completed(string input, string expected) =>
        Assert.Equal(
            expected.Split(", ").Order(StringComparer.Ordinal),
            Completions.Of(_session, input).Select(c => c.CompletionText).Order(StringComparer.Ordinal)
        );

    internal static IReadOnlyList<PSObject> History(PSObject run) =>
        [
            .. LanguagePrimitives
                .GetEnumerable(run.Properties["History"].Value)
                .Cast<object>()
                .Select(PSObject.AsPSObject),
        ];

    internal static double Number(PSObject item, string property) => (double)item.Properties[property].Value;

    private static object? Option(PSObject run, string name) =>
        PSObject.AsPSObject(run.Properties["Options"].Value).Properties[name].Value;

    /// <summary>Whether a description writes out a setting at its default is the description's affair.</summary>
    private static string WithoutDefaults(string description) =>
        description.Replace(", WeightDecay 0,", ",", StringComparison.Ordinal);
}
