using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>The engine's messages reach the prompt in a cmdlet's terms.</summary>
public sealed class CmdletTermsTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private readonly Func<string, string> _show = (
        (Type)
            shared
                .Session.Run("[PSConvNet.Commands.ConvNetCmdlet].Assembly.GetType('PSConvNet.Commands.CmdletTerms')")
                .Output.Single()
                .BaseObject
    )
        .GetMethod("Of", [typeof(string)])!
        .CreateDelegate<Func<string, string>>();

    [Theory]
    [InlineData("TrainingOptions.Epochs must be above 0, not 0.", "-Epochs must be above 0, not 0.")]
    [InlineData("Use Loss.MeanSquaredError.", "Use -Loss MeanSquaredError.")]
    [InlineData(
        "Put FlattenLayer (or GlobalPoolLayer) before it.",
        "Put New-FlattenLayer (or New-GlobalPoolLayer) before it."
    )]
    [InlineData(
        "End it with DenseLayer(10) with Activation.Softmax.",
        "End it with New-DenseLayer 10 -Activation Softmax."
    )]
    [InlineData("Make it with BatchNormLayer.Epsilon 1e-5.", "Make it with New-BatchNormLayer -Epsilon 1e-5.")]
    [InlineData("Give match: WeightMatch.Order.", "Give -Match Order.")]
    [InlineData("WeightsFile.Load(model, \"net.safetensors\").", "$model | Import-Model -Weights net.safetensors.")]
    [InlineData("WeightsFile.Load(model, \"my net.st\").", "$model | Import-Model -Weights 'my net.st'.")]
    [InlineData("WeightsFile.Load(model, \"it's.st\").", "$model | Import-Model -Weights 'it''s.st'.")]
    [InlineData("WeightsFile.Load(model, \"a\\\"b.st\").", "$model | Import-Model -Weights 'a\"b.st'.")]
    [InlineData("WeightsFile.Load(model, \"$(x).st\").", "$model | Import-Model -Weights '$(x).st'.")]
    [InlineData(
        "WeightsFile.Load(model, \"net\", from: WeightsOrigin.Keras).",
        "$model | Import-Model -Weights net -From Keras."
    )]
    [InlineData("OptimizerSpec.LearningRate of Adam can't be -1.", "-LearningRate of Adam can't be -1.")]
    [InlineData("LearningRateSchedule.Every of Step can't be 0.", "-Every of Step can't be 0.")]
    [InlineData("Augmentation.Shift can't be -1.", "-Shift can't be -1.")]
    [InlineData("ConvLayer.Filters must be from 1, not 0.", "New-ConvLayer -Filters must be from 1, not 0.")]
    [InlineData("Padding must be Same, not '1x'.", "-Padding must be Same, not '1x'.")]
    [InlineData(
        "Give it as MnistLocations.DataFolder, or use SyntheticDigits.Generate.",
        "Give it as -Path, or use -Name Synthetic."
    )]
    [InlineData("Draw new ones with Model.CopyUntrained.", "Draw new ones with Copy-Model -Reset.")]
    [InlineData("Build it again or install PSConvNet again.", "Build it again or reinstall the module.")]
    public void A_term_of_the_engine_becomes_the_cmdlets(string said, string shown)
    {
        Assert.Equal(shown, _show(said));
        // What has been shown once, such as an error within a script block, stays as it is.
        Assert.Equal(shown, _show(shown));
    }

    [Theory]
    [InlineData("/data/TrainingOptions.Epochs/ConvLayer is a folder.")]
    [InlineData("conv2d_1 is a MyConvLayer, and Sub.ConvLayer another.")]
    [InlineData("New-ConvLayer adds one; $Error[0].Exception.InnerException has the loader's message.")]
    public void A_path_and_a_longer_name_stay_as_they_are(string said) => Assert.Equal(said, _show(said));

    [Theory]
    [InlineData(
        "New-Model 28,28,1",
        "ModelEmpty",
        "needs at least one layer. Pipe layers to New-Model, as in New-Flat"
    )]
    [InlineData(
        "New-ResidualBlock { }",
        "LayerSettingInvalid",
        "needs at least one layer, such as New-ConvLayer 32 -Padding Same."
    )]
    [InlineData(
        "New-ConvLayer 4 | New-Model 28,28",
        "LayerShapeMismatch",
        "Give the images a channel with Expand-Dimension, and the model the -InputShape 28,28,1."
    )]
    [InlineData(
        "Import-Model (New-Item -ItemType Directory -Path (Join-Path ([IO.Path]::GetTempPath()) \"$(New-Guid) FlattenLayer\")) -ErrorAction Stop",
        "FileNotReadable",
        " FlattenLayer is a folder"
    )]
    [InlineData(
        "New-FlattenLayer | New-DenseLayer 10 -Activation Tanh | New-Model 28,28,1 -Name Loss.MeanSquaredError | Invoke-Training -Data (Import-Mnist Synthetic -First 20) -ErrorAction Stop",
        "LossMismatch",
        "Loss.MeanSquaredError ends in an activation whose outputs aren't probabilities of classes, which cross-entropy needs: end it with -Activation Softmax"
    )]
    public void An_error_at_the_prompt_has_the_cmdlets_remedy(string script, string id, string remedy)
    {
        var error = shared.Session.Run($"try {{ {script} }} catch {{ $_ }}").Output.Single();

        var record = Assert.IsType<ErrorRecord>(error.BaseObject);
        Assert.StartsWith(id, record.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(remedy, record.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, record.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_keeps_its_kind_its_target_and_where_it_was_thrown()
    {
        var error = (ErrorRecord)
            shared
                .Session.Run("try { New-ConvLayer 8 | New-DenseLayer 3 | New-Model 9,9,1 } catch { $_ }")
                .Output.Single()
                .BaseObject;

        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Equal("DenseLayer", error.TargetObject.GetType().Name);
        Assert.Contains("PSConvNet.Layers.", error.Exception.StackTrace, StringComparison.Ordinal);
    }
}
