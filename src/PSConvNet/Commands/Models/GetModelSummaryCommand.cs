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
[Cmdlet(VerbsCommon.Get, "ModelSummary")]
[OutputType(typeof(ModelSummary))]
public sealed class GetModelSummaryCommand : ConvNetCmdlet
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteObject(Model.Summary);
}
