namespace PSConvNet.Files;

/// <summary>Shapes of tensors in words.</summary>
internal static class ShapeText
{
    /// <summary>The dimensions with crosses between.</summary>
    public static string Of(IReadOnlyList<long> shape) =>
        shape.Count == 0 ? "a single number" : string.Join(" x ", shape);
}
