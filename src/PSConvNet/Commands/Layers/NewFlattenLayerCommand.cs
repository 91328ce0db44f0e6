using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that turns an image into a vector.</summary>
/// <seealso cref="NewDenseLayerCommand" />
/// <seealso cref="NewGlobalPoolLayerCommand" />
/// <remarks>
/// <para>
/// The input is height x width x channels, and the output is a vector with as many values. It belongs between the convolutions and the first dense
/// layer. It computes nothing and learns nothing.
/// </para>
/// </remarks>
/// <example>
/// <para>From feature maps to a dense layer.</para>
/// <code>New-MaxPoolLayer 2 | New-FlattenLayer | New-DenseLayer 128 -Activation ReLU</code>
/// </example>
/// <example>
/// <para>A network of only dense layers begins with it.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -Name linear -InputShape 28,28,1</code>
/// </example>
[Cmdlet(VerbsCommon.New, "FlattenLayer", HelpUri = HelpPages.Address + "New-FlattenLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewFlattenLayerCommand : LayerCommand
{
    /// <inheritdoc />
    protected override LayerSpec Describe() => new FlattenLayer();
}
