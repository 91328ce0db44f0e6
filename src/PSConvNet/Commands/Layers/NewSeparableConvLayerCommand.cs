using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a depthwise separable convolution to a network.</summary>
/// <remarks>
/// <para>
/// A window slides over each channel by itself; then a 1 x 1 convolution mixes the channels into filters. It learns much of what a convolution
/// learns with a fraction of its weights: 32 channels and 64 filters of 3 x 3 take 2,400 numbers rather than 18,496.
/// </para>
/// <para>
/// The settings and their defaults are those of Keras's SeparableConv2D, except that the window is 3 x 3 unless -KernelSize says otherwise.
/// </para>
/// </remarks>
/// <example>
/// <para>Adds 64 filters after an ordinary convolution.</para>
/// <code>New-ConvLayer 32 -Activation ReLU | New-SeparableConvLayer 64 -Activation ReLU</code>
/// </example>
/// <example>
/// <para>Keeps the image's size, with two windows for each channel.</para>
/// <code>New-SeparableConvLayer 32 -KernelSize 5 -Padding Same -DepthMultiplier 2</code>
/// </example>
/// <seealso cref="NewConvLayerCommand" />
/// <seealso cref="NewMaxPoolLayerCommand" />
/// <seealso cref="NewModelCommand" />
/// <seealso cref="GetModelSummaryCommand" />
[Cmdlet(VerbsCommon.New, "SeparableConvLayer", HelpUri = HelpPages.Address + "New-SeparableConvLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewSeparableConvLayerCommand : ConvolutionLayerCommand
{
    /// <summary>The number of windows for each channel, from 1 to 1,024. Default: 1.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1, Most = 1024)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int DepthMultiplier { get; set; } = new SeparableConvLayer(1).DepthMultiplier;

    private protected override ConvolutionLayer Create(int filters) =>
        new SeparableConvLayer(filters) { DepthMultiplier = DepthMultiplier };
}
