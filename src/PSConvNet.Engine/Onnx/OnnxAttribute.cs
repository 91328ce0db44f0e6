namespace PSConvNet.Onnx;

/// <summary>A node's settings.</summary>
internal static class OnnxAttribute
{
    private const int SingleType = 1;
    private const int IntegerType = 2;
    private const int IntegersType = 7;

    public static ProtobufMessage Integer(string name, long value) =>
        Named(name).Integer(OnnxField.Attribute.Integer, value).Integer(OnnxField.Attribute.Type, IntegerType);

    public static ProtobufMessage Single(string name, double value) =>
        Named(name).Single(OnnxField.Attribute.Single, (float)value).Integer(OnnxField.Attribute.Type, SingleType);

    public static ProtobufMessage Integers(string name, params ReadOnlySpan<int> values)
    {
        var attribute = Named(name);
        foreach (var value in values)
            attribute.Integer(OnnxField.Attribute.Integers, value);
        return attribute.Integer(OnnxField.Attribute.Type, IntegersType);
    }

    public static ProtobufMessage Of(string name, Window window) => Integers(name, window.Height, window.Width);

    /// <summary>Padding: what is before along each axis, then what is after.</summary>
    public static ProtobufMessage Of(string name, Edges edges) =>
        Integers(name, edges.Top, edges.Left, edges.Bottom, edges.Right);

    private static ProtobufMessage Named(string name) => new ProtobufMessage().Text(OnnxField.Attribute.Name, name);
}
