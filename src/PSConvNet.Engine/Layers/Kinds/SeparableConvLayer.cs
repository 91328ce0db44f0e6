using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>
/// A depthwise separable convolution (Chollet 2017, arXiv:1610.02357): a window over each channel by itself, then a 1 x 1 convolution that
/// mixes the channels. Keras' SeparableConv2D. height x width x channels in, height' x width' x filters out.
/// </summary>
/// <param name="Filters">Output channels; at least 1.</param>
public sealed record SeparableConvLayer(int Filters) : ConvolutionLayer(Filters)
{
    /// <summary>How many windows there are for each channel.</summary>
    [SettingRange(1, 1024)]
    public int DepthMultiplier { get; init; } = 1;

    /// <inheritdoc />
    private protected override string? ChannelSettings =>
        DepthMultiplier == 1 ? null : $"{DepthMultiplier} windows per channel";

    internal override string NamePrefix => "separable_conv2d";

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
