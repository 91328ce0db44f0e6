using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that takes the mean of each window.</summary>
/// <seealso cref="NewMaxPoolLayerCommand" />
/// <seealso cref="NewGlobalPoolLayerCommand" />
/// <seealso cref="NewConvLayerCommand" />
/// <remarks>
/// <para>
/// Like max pooling, but every pixel of the window counts. Pixels of padding don't count: a window at the edge is divided by the number
/// of real pixels in it.
/// </para>
/// </remarks>
/// <example>
/// <para>Halves height and width.</para>
/// <code>New-ConvLayer 16 -Activation Tanh | New-AveragePoolLayer 2</code>
/// </example>
/// <example>
/// <para>Smooths without making the image smaller.</para>
/// <code>New-AveragePoolLayer 3 -Stride 1 -Padding Same</code>
/// </example>
[Cmdlet(VerbsCommon.New, "AveragePoolLayer", HelpUri = HelpPages.Address + "New-AveragePoolLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewAveragePoolLayerCommand : PoolLayerCommand
{
    private protected override PoolLayer Create(Window poolSize) => new AveragePoolLayer(poolSize);
}
