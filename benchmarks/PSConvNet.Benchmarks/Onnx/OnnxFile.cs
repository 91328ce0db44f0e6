using System.Runtime.InteropServices;

namespace PSConvNet.Benchmarks.Onnx;

/// <summary>
/// A model as an ONNX file, so that ONNX Runtime can run it with the same weights: the layers of the tutorial's networks and no
/// others. The module's own export, once there is one, takes its place.
/// </summary>
/// <remarks>Field numbers are those of onnx.proto (IR version 8, operator set 17). Images are N x C x H x W there.</remarks>
internal static class OnnxFile
{
    public const string Input = "images";
    public const string Output = "outputs";

    public static byte[] Of(Model model)
    {
        var graph = new ProtobufWriter();
        graph.Text(2, model.Name);
        var (shape, value) = (model.InputShape, Input);
        Shape? flattened = null;
        for (var i = 0; i < model.Layers.Length; i++)
        {
            var name = model.Summary.Layers[i].Name;
            switch (model.Layers[i])
            {
                case ConvLayer { Groups: 1, UseBias: true } layer when layer.Padding == Padding.Valid:
                    var (height, width, channels) = (layer.KernelSize.Height, layer.KernelSize.Width, shape[2]);
                    var kernel = ChannelsFirst(model.GetParameter(name + ".kernel"), height * width, channels);
                    Weights(graph, name + ".kernel", kernel, layer.Filters, channels, height, width);
                    Weights(graph, name + ".bias", model.GetParameter(name + ".bias"), layer.Filters);
                    value = Node(graph, "Conv", name, [value, name + ".kernel", name + ".bias"]);
                    value = Activate(graph, layer.Activation, name, value);
                    break;
                case MaxPoolLayer layer when layer.Padding == Padding.Valid && layer.Stride == layer.PoolSize:
                    long[] window = [layer.PoolSize.Height, layer.PoolSize.Width];
                    value = Node(graph, "MaxPool", name, [value], ("kernel_shape", window), ("strides", window));
                    break;
                case FlattenLayer:
                    flattened = shape;
                    value = Node(graph, "Flatten", name, [value]);
                    break;
                case DenseLayer { UseBias: true } layer:
                    var weights = model.GetParameter(name + ".kernel");
                    if (flattened is { Rank: 3 } image)
                        weights = ChannelsFirst(weights, image[0] * image[1], image[2]);
                    flattened = null;
                    Weights(graph, name + ".kernel", weights, layer.Units, shape.Size);
                    Weights(graph, name + ".bias", model.GetParameter(name + ".bias"), layer.Units);
                    value = Node(graph, "Gemm", name, [value, name + ".kernel", name + ".bias"], ("transB", [1]));
                    value = Activate(graph, layer.Activation, name, value);
                    break;
                case DropoutLayer:
                    break;
                case var layer:
                    throw new NotSupportedException($"The benchmark writes no {layer} to ONNX.");
            }
            shape = model.Summary.Layers[i].OutputShape;
        }
        Node(graph, "Identity", Output, [value]);
        Value(graph, 11, Input, model.InputShape[2], model.InputShape[0], model.InputShape[1]);
        Value(graph, 12, Output, shape.Size);

        var file = new ProtobufWriter();
        file.Number(1, 8).Raw(7, graph.Bytes).Message(8, set => set.Text(1, "").Number(2, 17));
        return file.Bytes.ToArray();
    }

    /// <summary>From ... x positions x channels to ... x channels x positions.</summary>
    private static float[] ChannelsFirst(float[] values, int positions, int channels)
    {
        var result = new float[values.Length];
        for (var start = 0; start < values.Length; start += positions * channels)
        for (var position = 0; position < positions; position++)
        for (var channel = 0; channel < channels; channel++)
            result[start + channel * positions + position] = values[start + position * channels + channel];
        return result;
    }

    private static string Activate(ProtobufWriter graph, Activation activation, string name, string value) =>
        activation == Activation.None ? value
        : activation is Activation.ReLU or Activation.Softmax
            ? Node(graph, activation == Activation.ReLU ? "Relu" : "Softmax", $"{name}.{activation}", [value])
        : throw new NotSupportedException($"The benchmark writes no {activation} to ONNX.");

    private static string Node(
        ProtobufWriter graph,
        string kind,
        string name,
        string[] inputs,
        params (string Name, long[] Values)[] attributes
    )
    {
        graph.Message(
            1,
            node =>
            {
                foreach (var input in inputs)
                    node.Text(1, input);
                node.Text(2, name).Text(3, name).Text(4, kind);
                foreach (var (attribute, values) in attributes)
                    node.Message(5, message => Attribute(message, attribute, values));
            }
        );
        return name;
    }

    private static void Attribute(ProtobufWriter message, string name, long[] values)
    {
        const int integer = 2;
        const int integers = 7;
        message.Text(1, name);
        if (values is [var single])
        {
            message.Number(3, single).Number(20, integer);
            return;
        }
        foreach (var value in values)
            message.Number(8, value);
        message.Number(20, integers);
    }

    private static void Weights(ProtobufWriter graph, string name, float[] values, params int[] shape) =>
        graph.Message(
            5,
            tensor =>
            {
                foreach (var dimension in shape)
                    tensor.Number(1, dimension);
                tensor.Number(2, 1).Text(8, name).Raw(9, MemoryMarshal.AsBytes<float>(values));
            }
        );

    /// <summary>An input or output of fp32: a batch of any size.</summary>
    private static void Value(ProtobufWriter graph, int field, string name, params int[] sample) =>
        graph.Message(
            field,
            value =>
                value
                    .Text(1, name)
                    .Message(
                        2,
                        type =>
                            type.Message(
                                1,
                                tensor => tensor.Number(1, 1).Message(2, shape => Dimensions(shape, sample))
                            )
                    )
        );

    private static void Dimensions(ProtobufWriter shape, int[] sample)
    {
        shape.Message(1, dimension => dimension.Text(2, "N"));
        foreach (var size in sample)
            shape.Message(1, dimension => dimension.Number(1, size));
    }
}
