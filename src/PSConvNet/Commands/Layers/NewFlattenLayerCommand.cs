using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that lays an image out as a vector.</summary>
/// <remarks>
/// <para>
/// height x width x channels in, a vector of their product out: what comes between the convolutions and the first dense layer.
/// Nothing is computed and nothing learned.
/// </para>
/// </remarks>
/// <example>
/// <para>From feature maps to a dense layer.</para>
/// <code>New-MaxPoolLayer 2 | New-FlattenLayer | New-DenseLayer 128 -Activation ReLU</code>
/// </example>
/// <example>
/// <para>A network of dense layers only begins with it.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -Name linear -InputShape 28,28,1</code>
/// </example>
[Cmdlet(VerbsCommon.New, "FlattenLayer")]
[OutputType(typeof(LayerSpec))]
public sealed class NewFlattenLayerCommand : LayerCommand
{
    /// <inheritdoc />
    protected override LayerSpec Describe() => new FlattenLayer();
}
