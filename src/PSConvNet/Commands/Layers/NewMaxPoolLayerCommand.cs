using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that keeps the largest value of each window.</summary>
/// <seealso cref="NewAveragePoolLayerCommand" />
/// <seealso cref="NewGlobalPoolLayerCommand" />
/// <seealso cref="NewConvLayerCommand" />
/// <remarks>
/// <para>
/// It makes the image smaller, and the features found in it less dependent on their exact position. The input is height x width x channels;
/// with a window of 2 the output has half the height and half the width.
/// </para>
/// </remarks>
/// <example>
/// <para>Halves height and width.</para>
/// <code>New-ConvLayer 64 -Activation ReLU | New-MaxPoolLayer 2</code>
/// </example>
/// <example>
/// <para>Overlapping windows: 3 x 3, two pixels apart.</para>
/// <code>New-MaxPoolLayer 3 -Stride 2 -Padding Same</code>
/// </example>
[Cmdlet(VerbsCommon.New, "MaxPoolLayer", HelpUri = HelpPages.Address + "New-MaxPoolLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewMaxPoolLayerCommand : PoolLayerCommand
{
    private protected override PoolLayer Create(Window poolSize) => new MaxPoolLayer(poolSize);
}
