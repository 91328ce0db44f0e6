using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>
/// A 2-D convolution: each filter looks at a window of every channel (of its group) and gives one output channel.
/// height x width x channels in, height' x width' x filters out.
/// </summary>
/// <param name="Filters">Output channels; at least 1.</param>
public sealed record ConvLayer(int Filters) : LayerSpec
{
    /// <summary>The window's height and width; 3 x 3 unless set.</summary>
    public Window KernelSize { get; init; } = new(3, 3);

    /// <summary>How far the window moves at a step.</summary>
    public Window Stride { get; init; } = new(1, 1);

    /// <summary>The distance between the pixels a window looks at; 1 is no gap.</summary>
    public Window Dilation { get; init; } = new(1, 1);

    /// <summary>How the image is padded first.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>Into how many groups channels and filters are divided, each filter seeing its own group only.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>What is applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether each filter has a number to add.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How the filters are drawn at the start.</summary>
    public Initializer Initializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty λ Σ w² on the filters (not on the biases).</summary>
    public double L2 { get; init; }

    /// <inheritdoc />
    public override string Kind => "Conv";

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{Filters} filters {KernelSize}",
            Unless(Stride, new Window(1, 1), $"stride {Stride}"),
            Unless(Padding, Padding.Valid, $"padding {Padding}"),
            Unless(Dilation, new Window(1, 1), $"dilation {Dilation}"),
            Unless(Groups, 1, $"{Groups} groups"),
            Unless(UseBias, true, "no bias"),
            Unless(Activation, Activation.None, Activation.ToString())
        );

    internal override string NamePrefix => "conv2d";

    /// <inheritdoc />
    public override void Validate()
    {
        Require(Filters >= 1, $"it needs at least 1 filter, not {Filters}.");
        RequireWindow(KernelSize, "the kernel size");
        RequireWindow(Stride, "the stride");
        RequireWindow(Dilation, "the dilation");
        Require(Groups >= 1, $"it needs at least 1 group, not {Groups}.");
        Require(
            Filters % Groups == 0,
            $"{Filters} filters can't be divided into {Groups} groups; take a multiple of {Groups}."
        );
        Require(L2 >= 0 && double.IsFinite(L2), $"the L2 penalty must be a finite number of at least 0, not {L2}.");
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        if (input[2] % Groups != 0)
        {
            throw Refuse(
                input,
                $"its {input[2]} channels can't be divided into {Groups} groups",
                $"Use a number of groups that divides {input[2]}."
            );
        }
        var (height, width) = Slide(input, KernelSize, Stride, Dilation, Padding);
        return new Shape(height, width, Filters);
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var area = KernelSize.Height * KernelSize.Width;
        var channels = input[2] / Groups;
        var kernel = new ParameterSpec(
            "kernel",
            new Shape(Filters, KernelSize.Height, KernelSize.Width, channels),
            Initializer
        )
        {
            FanIn = area * channels,
            FanOut = area * Filters / Groups,
            L2 = L2,
        };
        var bias = new ParameterSpec("bias", new Shape(Filters), Initializer.Zeros);
        var convolution = new ConvKernel(
            name,
            input,
            InferShape(input),
            KernelSize,
            Stride,
            Dilation,
            Padding.Around(input, KernelSize, Stride, Dilation),
            Groups,
            UseBias ? [kernel, bias] : [kernel]
        );
        return WithActivation(convolution, Activation);
    }
}
