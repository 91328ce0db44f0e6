using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>
/// A 2-D convolution: each filter looks at a window of every channel (of its group) and gives one output channel.
/// height x width x channels in, height' x width' x filters out.
/// </summary>
/// <param name="Filters">Output channels; at least 1.</param>
public sealed record ConvLayer(int Filters) : ConvolutionLayer(Filters)
{
    /// <summary>Into how many groups channels and filters are divided, each filter seeing its own group only.</summary>
    [SettingRange(1)]
    public int Groups { get; init; } = 1;

    /// <inheritdoc />
    private protected override string? ChannelSettings => Groups == 1 ? null : $"{Groups} groups";

    internal override string NamePrefix => "conv2d";

    /// <inheritdoc />
    private protected override void ValidateTogether() =>
        Require(
            Filters % Groups == 0,
            $"ConvLayer.Filters must be a multiple of ConvLayer.Groups {Groups}, not {Filters}."
        );

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        if (input[2] % Groups != 0)
        {
            throw Refuse(
                input,
                $"its {Counted.Of(input[2], "channel")} can't be divided into {Counted.Of(Groups, "group")}",
                $"Use a number of groups that divides {input[2]}."
            );
        }
        return base.InferShape(input);
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
