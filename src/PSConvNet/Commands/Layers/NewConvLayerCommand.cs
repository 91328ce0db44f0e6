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
public sealed class NewConvLayerCommand : LayerCommand
{
    /// <summary>The number of filters, which is the number of output channels; at least 1.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Filters { get; set; }

    /// <summary>The window: one number for both directions, or height and width. Default: 3.</summary>
    [Parameter(Position = 1)]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] KernelSize { get; set; } = [3];

    /// <summary>The number of pixels the window moves per step: one number, or down and across. Default: 1.</summary>
    [Parameter]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] Stride { get; set; } = [1];

    /// <summary>
    /// Valid: none, the window stays inside the image. Same: as much as keeps the image's size (divided by the stride). A number:
    /// so many pixels on each side. Default: Valid.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(PaddingCompleter))]
    [ReadAs<string>(What = "Valid, Same, or a number of pixels from 0 up")]
    public string Padding { get; set; } = "Valid";

    /// <summary>The distance between the pixels that a window looks at: one number, or down and across. Default: 1, no gaps.</summary>
    [Parameter]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] Dilation { get; set; } = [1];

    /// <summary>
    /// The number of groups into which channels and filters are divided; each filter sees only the channels of its own group. It must divide both
    /// numbers.
    /// Default: 1.
    /// </summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Groups { get; set; } = 1;

    /// <summary>The function applied to the result. Default: None.</summary>
    [Parameter]
    [ReadAs<Activation>]
    public Activation Activation { get; set; }

    /// <summary>Leaves out the number that each filter adds to its result.</summary>
    [Parameter]
    public SwitchParameter NoBias { get; set; }

    /// <summary>How the filters are drawn before training. Default: GlorotUniform, as in Keras.</summary>
    [Parameter]
    [Alias("Initialiser")]
    [ReadAs<Initializer>]
    public Initializer Initializer { get; set; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty on the sum of the filters' squares, from 0 up; 1e-4 is common. It is not part of the loss that is shown. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double L2 { get; set; }

    /// <summary>Leaves the layer unchanged when the model is trained, for weights that come from elsewhere.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public SwitchParameter Frozen { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() =>
        new ConvLayer(Filters)
        {
            KernelSize = ToWindow(KernelSize, nameof(KernelSize)),
            Stride = ToWindow(Stride, nameof(Stride)),
            Padding = PSConvNet.Padding.Parse(Padding),
            Dilation = ToWindow(Dilation, nameof(Dilation)),
            Groups = Groups,
            Activation = Activation,
            UseBias = !NoBias,
            Initializer = Initializer,
            L2 = L2,
            Frozen = Frozen,
        };
}
