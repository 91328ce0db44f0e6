using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>What the two convolution cmdlets share.</summary>
public abstract class ConvolutionLayerCommand : LayerCommand
{
    private static readonly ConvolutionLayer s_usual = new ConvLayer(1);

    /// <summary>The number of filters, which is the number of output channels; at least 1.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Filters { get; set; }

    /// <summary>The window: one number for both directions, or height and width. Default: 3.</summary>
    [Parameter(Position = 1)]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] KernelSize { get; set; } = ToNumbers(s_usual.KernelSize);

    /// <summary>The number of pixels the window moves per step: one number, or down and across. Default: 1.</summary>
    [Parameter]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] Stride { get; set; } = ToNumbers(s_usual.Stride);

    /// <summary>
    /// Valid: none, the window stays inside the image. Same: as much as keeps the image's size (divided by the stride). A number:
    /// so many pixels on each side. Default: Valid.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(PaddingCompleter))]
    [ReadAs<string>(What = "Valid, Same, or a number of pixels from 0 up")]
    public string Padding { get; set; } = s_usual.Padding.ToString();

    /// <summary>The distance between the pixels that a window looks at: one number, or down and across. Default: 1, no gaps.</summary>
    [Parameter]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] Dilation { get; set; } = ToNumbers(s_usual.Dilation);

    /// <summary>The function applied to the result. Default: None.</summary>
    [Parameter]
    [ReadAs<Activation>]
    public Activation Activation { get; set; } = s_usual.Activation;

    /// <summary>Leaves out the number that each filter adds to its result.</summary>
    [Parameter]
    public SwitchParameter NoBias { get; set; }

    /// <summary>How the weights are drawn before training. Default: GlorotUniform, as in Keras.</summary>
    [Parameter]
    [Alias("Initialiser")]
    [ReadAs<Initializer>]
    public Initializer Initializer { get; set; } = s_usual.Initializer;

    /// <summary>Strength of the penalty on the sum of the weights' squares, from 0 up; 1e-4 is common. It is not part of the loss that is shown. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double L2 { get; set; } = s_usual.L2;

    /// <summary>Leaves the layer unchanged when the model is trained, for weights that come from elsewhere.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public SwitchParameter Frozen { get; set; }

    /// <summary>The kind of convolution.</summary>
    private protected abstract ConvolutionLayer Create(int filters);

    /// <inheritdoc />
    protected override LayerSpec Describe() =>
        Create(Filters) with
        {
            KernelSize = ToWindow(KernelSize, nameof(KernelSize)),
            Stride = ToWindow(Stride, nameof(Stride)),
            Padding = PSConvNet.Layers.Padding.Parse(Padding),
            Dilation = ToWindow(Dilation, nameof(Dilation)),
            Activation = Activation,
            UseBias = !NoBias,
            Initializer = Initializer,
            L2 = L2,
            Frozen = Frozen,
        };
}
