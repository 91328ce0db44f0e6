using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

public sealed class TrainingErrorTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData("-Epochs 0", "-Epochs must be above 0, not 0")]
    [InlineData("-Epochs 1e300", "-Epochs must be above 0 and at most 2147483647, not 1E+300")]
    [InlineData("-AverageDecay 1", "-AverageDecay must be from 0 to below 1, not 1")]
    [InlineData("-Recipe Fast -AverageDecay 0.9 -RestoreBest", "leave out one of the two")]
    [InlineData("-BatchSize 0", "-BatchSize must be at least 1, not 0")]
    [InlineData("-LabelSmoothing 1", "-LabelSmoothing must be from 0 to below 1, not 1")]
    [InlineData("-LabelSmoothing 0.1 -Loss MeanSquaredError", "needs -Loss CrossEntropy")]
    [InlineData("-ValidationSplit 1", "-ValidationSplit must be from 0 to below 1, not 1")]
    [InlineData("-ValidationSplit -0.1", "-ValidationSplit must be")]
    [InlineData("-ValidationSplit 0.1 -ValidationData $data", "not on both")]
    [InlineData("-EarlyStopping -Patience 0", "-Patience must be at least 1, not 0")]
    [InlineData("-Threads -1", "-Threads must be from 1 to 256")]
    [InlineData("-Threads 257", "-Threads must be from 1 to 256")]
    public void A_setting_out_of_range_ends_the_pipeline_before_any_model_trains(string parameters, string message)
    {
        var result = _session.Run(
            $$"""
            $model = New-Small
            $failure = $null
            try { $model | Invoke-Training -Data $data {{parameters}} } catch { $failure = $_ }
            $failure, $model.TrainedEpochs
            """
        );

        var error = Assert.IsType<ErrorRecord>(result.Output[0].BaseObject);
        Assert.Equal("TrainingOptionInvalid,PSConvNet.Commands.InvokeTrainingCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(0.0, result.Output[1].BaseObject);
    }

    [Theory]
    [InlineData("@{ 3 = 0 }", "The weight of the class '3' must be from 0.000001 to 1000000, not 0")]
    [InlineData("@{ 3 = -2 }", "not -2")]
    [InlineData("@{ 3 = [double]::NaN }", "not NaN")]
    [InlineData("@{ 3 = 'heavy' }", "can't be heavy: give one number")]
    [InlineData("@{ 3 = 1, 2 }", "give one number")]
    [InlineData("@{ 3 = $null }", "3 in the hashtable has no value")]
    [InlineData("@{}", "There are no class weights")]
    [InlineData("Even", "give Balanced, None, or a hashtable")]
    public void A_class_weight_that_cannot_be_is_refused(string weights, string message)
    {
        var error = _session.RunForError($"New-Small | Invoke-Training -Data $data -ClassWeight {weights}");

        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-LearningRate 0", "OptimizerSettingInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("-LearningRate ([double]::NaN)", "OptimizerSettingInvalid", ErrorCategory.InvalidArgument)]
    public void So_does_a_rate_that_cannot_be(string parameters, string errorId, ErrorCategory category)
    {
        var error = _session.RunForError($"New-Small | Invoke-Training -Data $data {parameters}");

        Assert.Equal($"{errorId},PSConvNet.Commands.InvokeTrainingCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("-Optimizer adamm", "OptimizerUnknown", "There is no optimizer 'adamm'; use one of SGD, Adam")]
    [InlineData("-Schedule linear", "ScheduleUnknown", "There is no schedule 'linear'; use one of Constant")]
    public void An_unknown_name_is_refused_with_the_known_ones(string parameters, string errorId, string message)
    {
        var result = _session.Run(
            $"try {{ New-Small | Invoke-Training -Data $data {parameters} }} catch {{ $_; $_.Exception.GetBaseException().ErrorId }}"
        );

        var error = Assert.IsType<ErrorRecord>(result.Output[0].BaseObject);
        Assert.StartsWith(
            "ParameterArgumentTransformationError,",
            error.FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(errorId, result.Output[1].BaseObject);
    }

    [Theory]
    [InlineData("New-Small | Invoke-Training", "MissingMandatoryParameter")]
    [InlineData("New-Small | Invoke-Training -Data 'digits'", "ParameterArgumentTransformationError")]
    [InlineData("New-Small | Invoke-Training -Data $data -Loss Hinge", "ParameterArgumentTransformationError")]
    [InlineData("New-Small | Invoke-Training -Data $data -ValidationData 0.1", "ParameterArgumentTransformationError")]
    [InlineData("New-FlattenLayer | Invoke-Training -Data $data", "ParameterArgumentTransformationError")]
    [InlineData("'small' | Invoke-Training -Data $data", "InputObjectNotBound")]
    [InlineData("Invoke-Training $null $data", "ParameterArgumentValidationErrorNullNotAllowed")]
    public void PowerShells_own_binding_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "New-FlattenLayer | New-DenseLayer 10 | New-Model 32,32,1 -Name bad",
        "DataShapeMismatch",
        "bad expects images of 32 x 32 x 1, but the Train images are 28 x 28 x 1. Build the model with -InputShape 28,28,1"
    )]
    [InlineData(
        "New-DenseLayer 10 | New-Model 784 -Name bad",
        "DataShapeMismatch",
        "Build the model with -InputShape 28,28,1 and a New-FlattenLayer first."
    )]
    [InlineData(
        "New-Small bad -Classes 5",
        "ClassCountMismatch",
        "bad outputs 5, but there are 10 classes: end it with New-DenseLayer 10 -Activation Softmax."
    )]
    [InlineData("New-ConvLayer 10 | New-Model 28,28,1 -Name bad", "ClassCountMismatch", "bad outputs 26 x 26 x 10")]
    [InlineData("New-Small bad -End Tanh", "LossMismatch", "or use -Loss MeanSquaredError")]
    public void A_model_that_does_not_fit_is_reported_and_the_others_train(string bad, string errorId, string message)
    {
        var result = _session.Run(
            $$"""
            $bad = {{bad}}
            $runs = @((New-Small before), $bad, (New-Small after) | Invoke-Training -Data $data -Epochs 1)
            $runs.ModelName -join ' '
            [object]::ReferenceEquals($bad, $Error[0].TargetObject) -or $Error[0].TargetObject -is [PSConvNet.Data.ImageSet]
            """
        );

        Assert.Equal(["before after", true], result.Output.Select(o => o.BaseObject));
        AssertModelError(Assert.Single(result.Errors), errorId, ErrorCategory.InvalidArgument, message);
    }

    [Fact]
    public void Validation_images_have_to_fit_as_well()
    {
        var error = _session.RunForError(
            """
            $small = [PSConvNet.Data.ImageSet]::new('Small', [byte[]]::new(64), [int[]](0), [PSConvNet.Shape]::new(8, 8, 1))
            New-Small | Invoke-Training -Data $data -ValidationData $small
            """
        );

        AssertModelError(error, "DataShapeMismatch", ErrorCategory.InvalidArgument, "the Small images are 8 x 8 x 1");
    }

    [Fact]
    public void A_split_leaves_something_to_train_on_and_nothing_to_train_on_is_refused()
    {
        var two = _session.Run(
            "$two = Import-Mnist -Name Synthetic -First 2; (New-Small | Invoke-Training -Data $two -ValidationSplit 0.9 -Epochs 1).TrainingImages"
        );
        Assert.Equal(2, Assert.Single(two.Output).BaseObject);
        // Two images are of two classes, so that eight outputs are taught by nothing.
        Assert.Equal(2, two.Warnings.Count);
        Assert.Contains("keeps it to learn from", two.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("no image teaches the 8 outputs", two.Warnings[1], StringComparison.Ordinal);
        AssertModelError(
            _session.RunForError(
                "$none = $two.Train.Select('None', [int[]]@()); New-Small | Invoke-Training -Data ([PSConvNet.Data.Dataset]::new('none', $none, $none, $two.ClassNames, ''))"
            ),
            "DatasetEmpty",
            ErrorCategory.InvalidData,
            "none has no training images"
        );
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_that_run_keeps_the_weights_and_lets_the_next_model_train()
    {
        var result = _session.Run(
            """
            $wild, $tame = (New-Small wild), (New-Small tame)
            $null = $wild | Invoke-Training -Data $data -Epochs 1
            $weights = $wild.GetParameter('dense_1.kernel') -join ' '
            $loss = (Measure-Model $wild $data).Loss
            # Weights of 1e30 and more overflow in the second batch; the other model's are its own.
            $runs = @($wild, $tame | Invoke-Training -Data $data -Epochs 2 -BatchSize 64 -Optimizer SGD -LearningRate 1e30)
            $runs.Count
            ($wild.GetParameter('dense_1.kernel') -join ' ') -eq $weights
            $wild.TrainedEpochs
            (Measure-Model $wild $data).Loss -eq $loss
            $after = $wild, $tame | Invoke-Training -Data $data -Epochs 1
            $after.Status -join ' '
            """
        );

        Assert.Equal([0, true, 1.0, true, "Completed Completed"], result.Output.Select(o => o.BaseObject));
        Assert.Equal(["wild", "tame"], result.Errors.Select(e => e.TargetObject.ToString()!.Split(':')[0]));
        AssertModelError(result.Errors[0], "LossNotFinite", ErrorCategory.InvalidResult, "in epoch 1, ");
        Assert.Matches(
            @"The loss of wild is no longer a number in epoch 1, batch \d of 5: most likely the learning rate of 1E\+30 is too high, so try -LearningRate 0\.01, or what Find-LearningRate suggests\.",
            result.Errors[0].Exception.Message
        );
    }

    [Fact]
    public void One_error_stops_all_where_the_caller_wants_it()
    {
        var result = _session.Run(
            """
            $good = New-Small good
            try { (New-Small bad -Classes 3), $good | Invoke-Training -Data $data -Epochs 1 -ErrorAction Stop }
            catch { $_.FullyQualifiedErrorId }
            $good.TrainedEpochs
            """
        );

        Assert.Equal(
            ["ClassCountMismatch,PSConvNet.Commands.InvokeTrainingCommand", 0.0],
            result.Output.Select(o => o.BaseObject)
        );
    }

    private static void AssertModelError(ErrorRecord error, string errorId, ErrorCategory category, string message)
    {
        Assert.Equal($"{errorId},PSConvNet.Commands.InvokeTrainingCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }
}
