namespace PSConvNet.Layers;

/// <summary>A layer that sums up each window of each channel. height x width x channels in, height' x width' x channels out.</summary>
/// <param name="PoolSize">The window's height and width.</param>
public abstract record PoolLayer([property: SettingRange(1, LayerSpec.LongestSide)] Window PoolSize) : LayerSpec
{
    private static readonly Window s_undilated = new(1, 1);

    /// <summary>How far the window moves at a step; the window's size unless set, so that windows don't overlap.</summary>
    [SettingRange(1, LongestSide)]
    public Window Stride { get; init; } = PoolSize;

    /// <summary>How the image is padded first.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{PoolSize}",
            Unless(Stride, PoolSize, $"stride {Stride}"),
            Unless(Padding, Padding.Valid, $"padding {Padding}")
        );

    internal override LayerFamily Family => LayerFamily.Pooling;

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        var edges = EdgesAround(input);
        if (Math.Max(edges.Top, edges.Bottom) >= PoolSize.Height || Math.Max(edges.Left, edges.Right) >= PoolSize.Width)
        {
            throw Refuse(
                input,
                $"with a padding of {Padding}, a window of {PoolSize} could cover nothing but padding",
                "Use a padding that is smaller than the window."
            );
        }
        var (height, width) = Slide(input, PoolSize, Stride, s_undilated, Padding);
        return new Shape(height, width, input[2]);
    }

    private protected Edges EdgesAround(Shape input) => Padding.Around(input, PoolSize, Stride, s_undilated);

    /// <summary>The node of an operator that pools. Padding is left out of a mean unless ONNX is told otherwise, as here.</summary>
    private protected OnnxValue Pool(string kind, CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) =>
        OnnxValue.Image(
            onnx.Graph.Node(
                kind,
                layer.Path,
                [onnx.ToChannelsFirst(layer.Path, input).Name],
                OnnxAttribute.Of("kernel_shape", PoolSize),
                OnnxAttribute.Of("strides", Stride),
                OnnxAttribute.Of("pads", EdgesAround(input.Shape))
            ),
            layer.Output
        );
}
