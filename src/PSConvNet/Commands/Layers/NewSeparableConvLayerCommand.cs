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
public sealed class NewSeparableConvLayerCommand : LayerCommand
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

    /// <summary>The number of windows for each channel, from 1 to 1,024. Default: 1.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1, Most = 1024)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int DepthMultiplier { get; set; } = 1;

    /// <summary>The function applied to the result. Default: None.</summary>
    [Parameter]
    [ReadAs<Activation>]
    public Activation Activation { get; set; }

    /// <summary>Leaves out the number that each filter adds to its result.</summary>
    [Parameter]
    public SwitchParameter NoBias { get; set; }

    /// <summary>How windows and filters are drawn before training. Default: GlorotUniform, as in Keras.</summary>
    [Parameter]
    [Alias("Initialiser")]
    [ReadAs<Initializer>]
    public Initializer Initializer { get; set; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty on the sum of the weights' squares, from 0 up; 1e-4 is common. It is not part of the loss that is shown. Default: 0.</summary>
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
        new SeparableConvLayer(Filters)
        {
            KernelSize = ToWindow(KernelSize, nameof(KernelSize)),
            Stride = ToWindow(Stride, nameof(Stride)),
            Padding = PSConvNet.Padding.Parse(Padding),
            Dilation = ToWindow(Dilation, nameof(Dilation)),
            DepthMultiplier = DepthMultiplier,
            Activation = Activation,
            UseBias = !NoBias,
            Initializer = Initializer,
            L2 = L2,
            Frozen = Frozen,
        };
}
