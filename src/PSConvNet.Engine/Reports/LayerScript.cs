namespace PSConvNet.Reports;

/// <summary>Layers as the pipeline that makes them.</summary>
internal static class LayerScript
{
    private const int Step = 4;

    /// <summary>The commands, one a line but for the first, which goes where the text begins.</summary>
    /// <param name="layers">First to last.</param>
    /// <param name="indent">The blanks before each line.</param>
    public static string Write(IEnumerable<LayerSpec> layers, int indent = Step) =>
        string.Join($" |\n{new string(' ', indent)}", layers.Select(layer => Command(layer, indent)));

    /// <summary>A shape as an argument: <c>28,28,1</c>.</summary>
    public static string Dimensions(Shape shape) =>
        string.Join(',', shape.Dimensions.Select(d => PowerShellText.Number(d)));

    private static string Command(LayerSpec layer, int indent)
    {
        var text = layer switch
        {
            ConvLayer conv => Conv(conv),
            MaxPoolLayer pool => Pool("New-MaxPoolLayer", pool),
            AveragePoolLayer pool => Pool("New-AveragePoolLayer", pool),
            GlobalPoolLayer pool => $"New-GlobalPoolLayer {pool.Pool}",
            DenseLayer dense => Dense(dense),
            DropoutLayer dropout => $"New-DropoutLayer {PowerShellText.Number(dropout.Rate)}",
            FlattenLayer => "New-FlattenLayer",
            BatchNormLayer norm => "New-BatchNormLayer"
                + Unless("Momentum", norm.Momentum, 0.99)
                + Unless("Epsilon", norm.Epsilon, 1e-3),
            ActivationLayer activation => $"New-ActivationLayer {activation.Activation}"
                + (activation.Alpha is { } alpha ? $" -Alpha {PowerShellText.Number(alpha)}" : ""),
            ResidualBlock block => Block(block, indent),
            _ => throw new NotSupportedException($"There is no command for {layer.Kind} layers."),
        };
        if (layer.Frozen)
            text += " -Frozen";
        return layer.Name is { Length: > 0 } name ? $"{text} -Name {PowerShellText.Argument(name)}" : text;
    }

    private static string Conv(ConvLayer layer) =>
        ReportText.Of($"New-ConvLayer {layer.Filters} -KernelSize {Numbers(layer.KernelSize)}")
        + Unless("Stride", layer.Stride, new Window(1, 1))
        + Unless(layer.Padding)
        + Unless("Dilation", layer.Dilation, new Window(1, 1))
        + Unless("Groups", layer.Groups, 1)
        + Weights(layer.Activation, layer.UseBias, layer.Initializer, layer.L2);

    private static string Dense(DenseLayer layer) =>
        ReportText.Of($"New-DenseLayer {layer.Units}")
        + Weights(layer.Activation, layer.UseBias, layer.Initializer, layer.L2);

    private static string Pool(string command, PoolLayer layer) =>
        $"{command} {Numbers(layer.PoolSize)}" + Unless("Stride", layer.Stride, layer.PoolSize) + Unless(layer.Padding);

    private static string Block(ResidualBlock block, int indent)
    {
        var within = new string(' ', indent + Step);
        return $"New-ResidualBlock {{\n{within}{Write(block.Layers, indent + Step)}\n{new string(' ', indent)}}}"
            + Unless(block.Activation);
    }

    private static string Weights(Activation activation, bool useBias, Initializer initializer, double l2) =>
        Unless(activation)
        + (useBias ? "" : " -NoBias")
        + (initializer == Initializer.GlorotUniform ? "" : $" -Initializer {initializer}")
        + Unless("L2", l2, 0);

    private static string Unless(Activation activation) =>
        activation == Activation.None ? "" : $" -Activation {activation}";

    private static string Unless(Padding padding) => padding.Equals(Padding.Valid) ? "" : $" -Padding {padding}";

    private static string Unless(string parameter, double value, double usual) =>
        value.Equals(usual) ? "" : $" -{parameter} {PowerShellText.Number(value)}";

    private static string Unless(string parameter, Window value, Window usual) =>
        value == usual ? "" : $" -{parameter} {Numbers(value)}";

    /// <summary>One number where both are the same.</summary>
    private static string Numbers(Window window) =>
        window.Height == window.Width
            ? PowerShellText.Number(window.Height)
            : $"{PowerShellText.Number(window.Height)},{PowerShellText.Number(window.Width)}";
}
