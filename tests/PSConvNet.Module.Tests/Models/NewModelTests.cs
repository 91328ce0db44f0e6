using System.Management.Automation;

namespace PSConvNet.Module.Tests.Models;

public sealed class NewModelTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void The_tutorials_convolutional_network_has_1199882_parameters()
    {
        var model = _session.Run(TutorialNetworks.Conv).Output.Single();

        Assert.Equal("PSConvNet.Models.Model", model.TypeNames[0]);
        Assert.Equal("conv: 28 x 28 x 1 -> 10, 8 layers, 1,199,882 parameters", model.ToString());
        Assert.Equal(1_199_882, model.Properties["ParameterCount"].Value);
    }

    [Fact]
    public void The_tutorials_dense_network_has_669706_parameters()
    {
        var model = _session.Run(TutorialNetworks.Dense).Output.Single();

        // (784 + 1) · 512 + (512 + 1) · 512 + (512 + 1) · 10
        Assert.Equal(669_706, model.Properties["ParameterCount"].Value);
        Assert.Equal("dense", model.Properties["Name"].Value);
    }

    [Fact]
    public void The_summary_has_a_row_a_layer_with_shape_and_parameters()
    {
        var result = _session.Run(
            $$"""
            $summary = {{TutorialNetworks.Conv}} | Get-ModelSummary
            foreach ($row in $summary.Layers) { "$($row.Name) $($row.Layer.Kind) $($row.OutputShape) $($row.Parameters)" }
            """
        );

        Assert.Equal(
            [
                "conv2d_1 Conv 26 x 26 x 32 320",
                "conv2d_2 Conv 24 x 24 x 64 18496",
                "max_pooling2d_1 MaxPool 12 x 12 x 64 0",
                "dropout_1 Dropout 12 x 12 x 64 0",
                "flatten_1 Flatten 9216 0",
                "dense_1 Dense 128 1179776",
                "dropout_2 Dropout 128 0",
                "dense_2 Dense 10 1290",
            ],
            result.Output.Select(o => o.ToString())
        );
    }

    [Fact]
    public void A_summary_counts_what_is_trained_apart()
    {
        var summary = _session
            .Run("Get-ModelSummary (New-ConvLayer 4 -NoBias | New-BatchNormLayer | New-Model 8,8,3 -Name bn)")
            .Output.Single();

        // 3·3·3·4 weights, gamma and beta; the moving mean and variance are measured.
        Assert.Equal("PSConvNet.Models.ModelSummary", summary.TypeNames[0]);
        Assert.Equal("bn", summary.Properties["Name"].Value);
        Assert.Equal("8 x 8 x 3", summary.Properties["InputShape"].Value.ToString());
        Assert.Equal("6 x 6 x 4", summary.Properties["OutputShape"].Value.ToString());
        Assert.Equal(108 + 16, summary.Properties["ParameterCount"].Value);
        Assert.Equal(108 + 8, summary.Properties["TrainableParameterCount"].Value);
        Assert.Equal(8, summary.Properties["NonTrainableParameterCount"].Value);
    }

    [Fact]
    public void Layers_of_every_kind_go_together()
    {
        var result = _session.Run(
            """
            New-ConvLayer 8 -KernelSize 5,3 -Stride 2,1 -Padding Same -Groups 1 -NoBias -Initializer HeNormal -L2 1e-4 |
                New-BatchNormLayer | New-ActivationLayer LeakyReLU -Alpha 0.1 |
                New-ResidualBlock { New-ConvLayer 16 -Stride 2 -Padding Same | New-BatchNormLayer } -Activation ReLU |
                New-AveragePoolLayer 2 -Padding Same | New-ConvLayer 16 -Groups 16 -Dilation 2 -Padding Same |
                New-MaxPoolLayer 2 -Stride 1 | New-DropoutLayer 0.1 | New-GlobalPoolLayer Maximum |
                New-DenseLayer 10 -Activation LogSoftmax | New-Model 28,28,3 |
                Get-ModelSummary | ForEach-Object { $_.Layers } | ForEach-Object { $_.OutputShape.ToString() }
            """
        );

        Assert.Equal(
            [
                "14 x 28 x 8",
                "14 x 28 x 8",
                "14 x 28 x 8",
                "7 x 14 x 16",
                "4 x 7 x 16",
                "4 x 7 x 16",
                "3 x 6 x 16",
                "3 x 6 x 16",
                "16",
                "10",
            ],
            result.Output.Select(o => o.ToString())
        );
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData(
        "New-DenseLayer 10 | New-Model 28,28,1",
        "dense_1 (Dense) can't work on an input of 28 x 28 x 1: it needs a vector. Put New-FlattenLayer"
    )]
    [InlineData(
        "New-ConvLayer 8 | New-Model 28,28",
        "conv2d_1 (Conv) can't work on an input of 28 x 28: it needs height x width x channels. Give the images a channel with Expand-Dimension, and the model the -InputShape 28,28,1."
    )]
    [InlineData(
        "New-MaxPoolLayer 2 | New-ConvLayer 8 -KernelSize 5 -Name late | New-Model 8,8,1",
        "late (Conv) can't work on an input of 4 x 4 x 1: its window of 5 x 5 is larger than the image. Use a smaller window"
    )]
    [InlineData(
        "New-FlattenLayer | New-MaxPoolLayer 2 | New-Model 28,28,1",
        "max_pooling2d_1 (MaxPool) can't work on an input of 784: it needs height x width x channels. Move this layer before"
    )]
    [InlineData(
        "New-ConvLayer 8 -Groups 2 | New-Model 28,28,3",
        "its 3 channels can't be divided into 2 groups. Use a number of groups that divides 3."
    )]
    [InlineData(
        "New-MaxPoolLayer 2 -Padding 2 | New-Model 28,28,1",
        "could cover nothing but padding. Use a padding that is smaller"
    )]
    [InlineData(
        "New-FlattenLayer | New-GlobalPoolLayer | New-Model 28,28,1",
        "(GlobalPool) can't work on an input of 784"
    )]
    [InlineData("New-ConvLayer 8 -Dilation 20 | New-Model 28,28,1", "(dilated by 20 x 20) is larger than the image")]
    public void A_network_that_cannot_work_is_refused_with_layer_shape_and_remedy(string script, string message)
    {
        var error = _session.RunForError(script);

        AssertError(error, "LayerShapeMismatch");
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-Model 28,28,1", "ModelEmpty", "Pipe layers to New-Model")]
    [InlineData("@() | New-Model 28,28,1", "ModelEmpty", "at least one layer")]
    [InlineData("New-FlattenLayer | New-Model 28,0,1", "ShapeInvalid", "28 x 0 x 1")]
    [InlineData("New-FlattenLayer | New-Model -InputShape -1", "ShapeInvalid", "at least 1")]
    [InlineData("New-FlattenLayer | New-Model 1,2,3,4,5", "ShapeInvalid", "1 to 4 dimensions")]
    [InlineData("New-FlattenLayer | New-Model 100000,100000", "ShapeInvalid", "elements")]
    [InlineData(
        "New-FlattenLayer -Name a | New-DenseLayer 3 -Name A | New-Model 4",
        "LayerNameDuplicate",
        "named A; give one of them another -Name"
    )]
    [InlineData("New-DenseLayer 3 -Name dense_1 | New-DenseLayer 3 | New-Model 4", "LayerNameDuplicate", "dense_1")]
    public void What_makes_no_model_is_refused_by_id(string script, string errorId, string message)
    {
        var error = _session.RunForError(script);

        AssertError(error, errorId);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-Model", "MissingMandatoryParameter")]
    [InlineData("New-FlattenLayer | New-Model @()", "ParameterArgumentValidationErrorEmptyArrayNotAllowed")]
    [InlineData("New-FlattenLayer | New-Model 28,wide", "ParameterArgumentTransformationError")]
    [InlineData("New-FlattenLayer | New-Model 4 -Name ''", "ParameterArgumentValidationError")]
    [InlineData("'layer' | New-Model 28,28,1", "InputObjectNotBound")]
    [InlineData("Get-ModelSummary -Model conv", "ParameterArgumentTransformationError")]
    [InlineData("New-FlattenLayer | Get-ModelSummary", "ParameterArgumentTransformationError")]
    public void PowerShells_own_binding_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData("New-DenseLayer 8 -Activation Softmax -Name early | New-DenseLayer 3 | New-Model 4 -Name odd", "early")]
    [InlineData("New-ActivationLayer LogSoftmax | New-DenseLayer 3 | New-Model 4 -Name odd", "activation_1")]
    public void A_softmax_in_the_middle_is_a_warning(string script, string layer)
    {
        var result = _session.Run(script);

        Assert.Single(result.Output);
        var warning = Assert.Single(result.Warnings);
        Assert.StartsWith($"{layer} applies a softmax in the middle of odd", warning, StringComparison.Ordinal);
        Assert.Contains("ReLU is the usual choice", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_softmax_at_the_end_is_none() =>
        Assert.Empty(_session.Run("New-DenseLayer 3 -Activation Softmax | New-Model 4").Warnings);

    [Fact]
    public void The_seed_names_the_weights()
    {
        var result = _session.Run(
            """
            $layers = New-DenseLayer 8 | New-DenseLayer 3
            $weights = foreach ($seed in 1, 1, 2, -5) { ($layers | New-Model 4 -Seed $seed).GetParameter('dense_1.kernel') -join ' ' }
            1..3 | ForEach-Object { $weights[0] -eq $weights[$_] }
            ($layers | New-Model 4).GetParameter('dense_1.kernel') -join ' ' | ForEach-Object { $_ -eq $weights[0] }
            ($layers | New-Model 4 -Seed 9).Seed
            """
        );

        Assert.Equal([true, false, false, true, 9L], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_parameter_that_is_not_there_is_refused_with_the_names_that_are()
    {
        var error = _session.RunForError("(New-DenseLayer 3 | New-Model 4).GetParameter('conv.kernel')");

        Assert.Contains("it has dense_1.kernel, dense_1.bias", error.Exception.Message, StringComparison.Ordinal);
    }

    private static void AssertError(ErrorRecord error, string errorId)
    {
        Assert.Equal($"{errorId},PSConvNet.Commands.NewModelCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }
}
