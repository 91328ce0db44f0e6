using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>Layers that were not piped to New-Model, wherever a model is wanted.</summary>
public sealed class LayersWithoutModelTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private const string Advice = "pipe all layers to New-Model first, as in $layers | New-Model 28,28,1.";

    private readonly PowerShellSession _session = shared.Session;

    /// <summary>The cmdlets that take models from the pipeline, with what else they need.</summary>
    private static readonly string[] s_takers =
    [
        "Compare-Model -Data $data",
        "Copy-Model",
        "Export-Model layers.psconvnet",
        "Find-LearningRate -Data $data",
        "Get-ModelSummary",
        "Import-Model -Weights layers.safetensors",
        "Invoke-Training -Data $data",
        "Measure-Model -Data $data",
        "New-ModelPage -Path layers.html",
        "New-ModelReport -Path layers.html -Data $data",
        "Show-Activation -Data $data",
        "Show-ConfusionMatrix -Data $data",
        "Show-Filter",
        "Show-Model",
        "Show-ModelPage",
        "Show-TrainingCurve",
    ];

    public static TheoryData<string> Takers => [.. s_takers];

    [Theory]
    [MemberData(nameof(Takers))]
    public void Layers_in_place_of_a_model_are_told_what_they_lack(string taker)
    {
        var error = _session.RunForError($"New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | {taker}");

        Assert.Contains(
            $"It is a layer (Flatten) and not a model: {Advice}",
            error.Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(ErrorCategory.InvalidArgument, Category(error));
    }

    [Theory]
    [InlineData("Invoke-Training $layers $data")]
    [InlineData("Invoke-Prediction $layers $data")]
    [InlineData("Invoke-Prediction $layers[0] $data")]
    [InlineData("Show-Image $data -Model $layers")]
    [InlineData("Show-Model $layers")]
    public void So_are_layers_that_are_an_argument(string script)
    {
        var error = _session.RunForError($"$layers = New-FlattenLayer | New-DenseLayer 10; {script}");

        Assert.Contains(Advice, error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_cmdlets_that_take_models_from_the_pipeline_are_tried_here()
    {
        var takers = _session.Run(
            """
            Get-Command -Module PSConvNet -CommandType Cmdlet | Where-Object {
                $_.Parameters.Values | Where-Object {
                    ($_.Name -eq 'Model' -or 'Model' -in $_.Aliases) -and ($_.Attributes | Where-Object ValueFromPipeline)
                }
            } | ForEach-Object Name
            """
        );

        Assert.Equal(
            takers.Output.Select(name => name.ToString()).Order(),
            s_takers.Select(taker => taker.Split(' ')[0]).Order()
        );
    }

    /// <summary>Of an argument that PowerShell refuses the category is its own.</summary>
    private static ErrorCategory Category(ErrorRecord error) =>
        error.CategoryInfo.Category == ErrorCategory.InvalidData
            ? ErrorCategory.InvalidArgument
            : error.CategoryInfo.Category;
}
