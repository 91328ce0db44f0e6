using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a two-dimensional convolution to a network.</summary>
/// <remarks>
/// <para>
/// Each filter slides a small window over the image and gives one channel of the output: how well each place matches the pattern
/// that the filter has learned. The input is height x width x channels; the output height' x width' x filters.
/// </para>
/// <para>
/// The settings and their defaults are those of Keras's Conv2D, except that the window is 3 x 3 unless -KernelSize says otherwise.
/// </para>
/// </remarks>
/// <example>
/// <para>Thirty-two 3 x 3 filters followed by ReLU, the first layer of the tutorial's network.</para>
/// <code>New-ConvLayer 32 -KernelSize 3 -Activation ReLU</code>
/// </example>
/// <example>
/// <para>Two convolutions that keep the image's size, the second at half the resolution.</para>
/// <code>New-ConvLayer 16 -Padding Same -Activation ReLU | New-ConvLayer 32 -Padding Same -Stride 2 -Activation ReLU</code>
/// </example>
/// <example>
/// <para>A depthwise convolution: one 5 x 3 filter for each of 32 channels.</para>
/// <code>New-ConvLayer 32 -KernelSize 5,3 -Groups 32 -NoBias</code>
/// </example>
/// <seealso cref="NewMaxPoolLayerCommand" />
/// <seealso cref="NewFlattenLayerCommand" />
/// <seealso cref="NewModelCommand" />
/// <seealso cref="GetModelSummaryCommand" />
[Cmdlet(VerbsCommon.New, "ConvLayer", HelpUri = HelpPages.Address + "New-ConvLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewConvLayerCommand : ConvolutionLayerCommand
{
    /// <summary>
    /// The number of groups into which channels and filters are divided; each filter sees only the channels of its own group. It must divide both
    /// numbers.
    /// Default: 1.
    /// </summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Groups { get; set; } = new ConvLayer(1).Groups;

    private protected override ConvolutionLayer Create(int filters) => new ConvLayer(filters) { Groups = Groups };
}
