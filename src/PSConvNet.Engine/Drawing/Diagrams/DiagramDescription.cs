namespace PSConvNet.Drawing;

/// <summary>A diagram in sentences, for those who hear a picture rather than see it.</summary>
internal static class DiagramDescription
{
    /// <summary>What goes in, and each layer in turn.</summary>
    public static string Of(Shape inputShape, IEnumerable<DiagramNode> nodes) =>
        $"Samples of {inputShape} go through, in this order: {List(nodes)}.";

    private static string List(IEnumerable<DiagramNode> nodes) => string.Join("; ", nodes.Select(Of));

    private static string Of(DiagramNode node)
    {
        if (!node.IsBlock)
        {
            var parameters = node.Parameters == 0 ? "" : $" with {node.ParameterWords}";
            return $"{node.Name}, {node.Layer}{parameters}, giving {node.Output}";
        }
        var around = node.Projection is null ? "as it came in" : $"after {node.Projection.Layer}";
        var activation = node.SumActivation == Activation.None ? "" : $", with {node.SumActivation}";
        return $"{node.Name}, a residual block of ({List(node.Body)}), whose input is added {around}{activation}, giving {node.Output}";
    }
}
