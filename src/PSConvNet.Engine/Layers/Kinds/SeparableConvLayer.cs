using System.Text.Json.Nodes;
using PSConvNet.Onnx;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>
/// A depthwise separable convolution (Chollet 2017, arXiv:1610.02357): a window over each channel by itself, then a 1 x 1 convolution that
/// mixes the channels. Keras' SeparableConv2D. height x width x channels in, height' x width' x filters out.
/// </summary>
/// <param name="Filters">Output channels; at least 1.</param>
public sealed record SeparableConvLayer([property: SettingRange(1)] int Filters) : LayerSpec
{
    private static readonly SeparableConvLayer s_usual = new(1);

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

    /// <summary>How many windows there are for each channel.</summary>
    [SettingRange(1, 1024)]
    public int DepthMultiplier { get; init; } = 1;

    /// <summary>What is applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether each filter has a number to add.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How windows and filters are drawn at the start.</summary>
    public Initializer Initializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty λ Σ w² on windows and filters (not on the biases).</summary>
    [SettingRange(0)]
    public double L2 { get; init; }

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{Filters} filters {KernelSize}",
            Unless(Stride, s_usual.Stride, $"stride {Stride}"),
            Unless(Padding, s_usual.Padding, $"padding {Padding}"),
            Unless(Dilation, s_usual.Dilation, $"dilation {Dilation}"),
            Unless(DepthMultiplier, s_usual.DepthMultiplier, $"{DepthMultiplier} windows per channel"),
            Unless(UseBias, s_usual.UseBias, "no bias"),
            Unless(Activation, s_usual.Activation, Activation.ToString())
        );

    internal override string NamePrefix => "separable_conv2d";

    internal override LayerFamily Family => LayerFamily.Convolution;

    internal override string AlwaysNamed => nameof(KernelSize);

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        var (height, width) = Slide(input, KernelSize, Stride, Dilation, Padding);
        return new Shape(height, width, Filters);
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var channels = input[2];
        var output = InferShape(input);
        var between = new Shape(output[0], output[1], checked(channels * DepthMultiplier));
        var edges = Padding.Around(input, KernelSize, Stride, Dilation);
        var windows = new ConvGeometry(KernelSize, Stride, Dilation, edges, channels);
        var mixing = new ConvGeometry(new Window(1, 1), new Window(1, 1), new Window(1, 1), default, 1);
        // Keras' names, and those of two convolutions in PyTorch, which has no such layer.
        var depthwise = FilterParameter(
            "depthwise_kernel",
            "depthwise.weight",
            windows,
            channels,
            between[2],
            Initializer,
            L2
        );
        var pointwise = FilterParameter(
            "pointwise_kernel",
            "pointwise.weight",
            mixing,
            between[2],
            Filters,
            Initializer,
            L2
        );
        var bias = BiasParameter("bias", Filters) with { TorchName = "pointwise.bias" };
        return
        [
            new ConvKernel(name, input, between, windows, [depthwise]),
            .. WithActivation(
                new ConvKernel(name, between, output, mixing, UseBias ? [pointwise, bias] : [pointwise]),
                Activation
            ),
        ];
    }

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) =>
        onnx.Conv(
            layer.Path,
            (ConvKernel)layer.Kernels[1],
            onnx.Conv($"{layer.Path}.depthwise", (ConvKernel)layer.Kernels[0], input)
        );

    internal override JsonObject ToPage(CompiledLayer layer) =>
        new()
        {
            ["kind"] = "Sequence",
            ["layers"] = new JsonArray(
                PageLayer.Of((ConvKernel)layer.Kernels[0]),
                PageLayer.Of((ConvKernel)layer.Kernels[1])
            ),
        };
}
