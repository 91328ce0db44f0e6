namespace PSConvNet.Onnx;

/// <summary>What a layer gives, as the graph has it.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">A sample's shape, as the layers see it.</param>
/// <param name="ChannelsFirst">
/// Where the graph has the channels first, the shape of the image, channels last; null where it has the values in the layers' order.
/// It is <paramref name="Shape"/> itself, or what was flattened to it.
/// </param>
internal readonly record struct OnnxValue(string Name, Shape Shape, Shape? ChannelsFirst = null)
{
    /// <summary>An image with its channels first, or a value in which no axis is the channels'.</summary>
    public static OnnxValue Image(string node, Shape shape) => new(node, shape, ChannelsFirst: shape);
}
