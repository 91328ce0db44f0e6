using System.Text.Json.Nodes;
using PSConvNet.Onnx;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>
/// A 2-D convolution: each filter looks at a window of every channel (of its group) and gives one output channel.
/// height x width x channels in, height' x width' x filters out.
/// </summary>
/// <param name="Filters">Output channels; at least 1.</param>
public sealed record ConvLayer([property: SettingRange(1)] int Filters) : LayerSpec
{
    private static readonly ConvLayer s_usual = new(1);

    /// <summary>The window's height and width; 3 x 3 unless set.</summary>
    [SettingRange(1, LongestSide)]
    public Window KernelSize { get; init; } = new(3, 3);

    /// <summary>How far the window moves at a step.</summary>
    [SettingRange(1, LongestSide)]
    public Window Stride { get; init; } = new(1, 1);

    /// <summary>How the image is padded first.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>The distance between the pixels a window looks at; 1 is no gap.</summary>
    [SettingRange(1, LongestSide)]
    public Window Dilation { get; init; } = new(1, 1);

    /// <summary>Into how many groups channels and filters are divided, each filter seeing its own group only.</summary>
    [SettingRange(1)]
    public int Groups { get; init; } = 1;

    /// <summary>What is applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether each filter has a number to add.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How the filters are drawn at the start.</summary>
    public Initializer Initializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty λ Σ w² on the filters (not on the biases).</summary>
    [SettingRange(0)]
    public double L2 { get; init; }

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{Filters} filters {KernelSize}",
            Unless(Stride, s_usual.Stride, $"stride {Stride}"),
            Unless(Padding, s_usual.Padding, $"padding {Padding}"),
            Unless(Dilation, s_usual.Dilation, $"dilation {Dilation}"),
            Unless(Groups, s_usual.Groups, $"{Groups} groups"),
            Unless(UseBias, s_usual.UseBias, "no bias"),
            Unless(Activation, s_usual.Activation, Activation.ToString())
        );

    internal override string NamePrefix => "conv2d";

    internal override LayerFamily Family => LayerFamily.Convolution;

    internal override string AlwaysNamed => nameof(KernelSize);

    /// <inheritdoc />
    private protected override void ValidateTogether() =>
        Require(
            Filters % Groups == 0,
            $"{Filters} filters can't be divided into {Groups} groups; take a multiple of {Groups}."
        );

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
        var edges = Padding.Around(input, KernelSize, Stride, Dilation);
        var geometry = new ConvGeometry(KernelSize, Stride, Dilation, edges, Groups);
        var kernel = FilterParameter("kernel", "weight", geometry, input[2], Filters, Initializer, L2);
        IReadOnlyList<ParameterSpec> parameters = UseBias ? [kernel, BiasParameter("bias", Filters)] : [kernel];
        return WithActivation(new ConvKernel(name, input, InferShape(input), geometry, parameters), Activation);
    }

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) =>
        onnx.Conv(layer.Path, (ConvKernel)layer.Kernels[0], input);

    internal override JsonObject ToPage(CompiledLayer layer) => PageLayer.Of((ConvKernel)layer.Kernels[0]);
}
