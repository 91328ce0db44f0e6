using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that reduces each channel to one number.</summary>
/// <seealso cref="NewFlattenLayerCommand" />
/// <seealso cref="NewMaxPoolLayerCommand" />
/// <seealso cref="NewDenseLayerCommand" />
/// <remarks>
/// <para>
/// Takes the mean, or the largest value, of each channel over the whole image: the input is height x width x channels, and the output is a vector of
/// channels. It replaces a Flatten layer, and the layer after it needs far fewer weights.
/// </para>
/// </remarks>
/// <example>
/// <para>A small network that ends in an average of each feature map.</para>
/// <code>New-ConvLayer 32 -Activation ReLU | New-GlobalPoolLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1</code>
/// </example>
/// <example>
/// <para>The strongest response of each feature map.</para>
/// <code>New-GlobalPoolLayer Maximum</code>
/// </example>
[Cmdlet(VerbsCommon.New, "GlobalPoolLayer", HelpUri = HelpPages.Address + "New-GlobalPoolLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewGlobalPoolLayerCommand : LayerCommand
{
    /// <summary>The value to take from each channel: Average or Maximum. Default: Average.</summary>
    [Parameter(Position = 0)]
    [ReadAs<PoolKind>]
    public PoolKind Pool { get; set; } = PoolKind.Average;

    /// <inheritdoc />
    protected override LayerSpec Describe() => new GlobalPoolLayer(Pool);
}
