namespace PSConvNet.Layers;

/// <summary>
/// A layer whose filters look at each window of an image. height x width x channels in, height' x width' x filters out.
/// </summary>
/// <param name="Filters">Output channels; 1 to 1,000,000.</param>
public abstract record ConvolutionLayer([property: SettingRange(1, LayerSpec.MostOutputs)] int Filters) : LayerSpec
{
    private static readonly Window s_one = new(1, 1);

    /// <summary>The window's height and width; 3 x 3 unless set.</summary>
    [SettingRange(1, LongestSide)]
    public Window KernelSize { get; init; } = new(3, 3);

    /// <summary>How far the window moves at a step.</summary>
    [SettingRange(1, LongestSide)]
    public Window Stride { get; init; } = s_one;

    /// <summary>How the image is padded first.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>The distance between the pixels a window looks at; 1 is no gap.</summary>
    [SettingRange(1, LongestSide)]
    public Window Dilation { get; init; } = s_one;

    /// <summary>What is applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether each filter has a number to add.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How the weights are drawn at the start.</summary>
    public Initializer Initializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty λ Σ w² on the weights (not on the biases).</summary>
    [SettingRange(0)]
    public double L2 { get; init; }

    /// <summary>How filters and channels belong together, in words; null where each filter sees every channel.</summary>
    private protected abstract string? ChannelSettings { get; }

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{Filters} {(Filters == 1 ? "filter" : "filters")} {KernelSize}",
            Unless(Stride, s_one, $"stride {Stride}"),
            Unless(Padding, Padding.Valid, $"padding {Padding}"),
            Unless(Dilation, s_one, $"dilation {Dilation}"),
            ChannelSettings,
            UseBias ? null : "no bias",
            Unless(Activation, Activation.None, Activation.ToString())
        );

    internal override LayerFamily Family => LayerFamily.Convolution;

    internal override string AlwaysNamed => nameof(KernelSize);

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        var (height, width) = Slide(input, KernelSize, Stride, Dilation, Padding);
        return new Shape(height, width, Filters);
    }
}
