using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Shows a model's layers, the shape after each, and how many parameters it has.</summary>
/// <remarks>
/// <para>
/// Prints as Keras' table. As an object it has Layers (a row each: Name, Layer, OutputShape, Parameters, TrainableParameters),
/// InputShape, OutputShape, ParameterCount, TrainableParameterCount and NonTrainableParameterCount.
/// </para>
/// </remarks>
/// <example>
/// <para>The table.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear | Get-ModelSummary</code>
/// </example>
/// <example>
/// <para>The number of parameters of each layer.</para>
/// <code>$model = New-ConvLayer 8 | New-FlattenLayer | New-DenseLayer 10 | New-Model 28,28,1
/// (Get-ModelSummary $model).Layers | ForEach-Object { "$($_.Name) $($_.Parameters)" }</code>
/// </example>
/// <example>
/// <para>How the network is run here: which layers share a step, and what computes it.</para>
/// <code>New-Model -Preset TutorialConv | Get-ModelSummary -Plan</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "ModelSummary")]
[OutputType(typeof(ModelSummary))]
[OutputType(typeof(ModelPlan))]
public sealed class GetModelSummaryCommand : ConvNetCmdlet
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>Shows instead how the model is run on this machine: precision, threads, and a row for each step.</summary>
    [Parameter]
    public SwitchParameter Plan { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteObject(Plan ? ModelPlan.Create(Model) : Model.Summary);
}
