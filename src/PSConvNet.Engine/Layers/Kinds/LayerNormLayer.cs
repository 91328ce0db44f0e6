using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>
/// Normalizes each sample by itself over its last axis: the values of a vector, or the channels of each pixel; then scales and shifts them
/// (Ba, Kiros and Hinton 2016, arXiv:1607.06450). Keras' LayerNormalization. The shape stays.
/// </summary>
public sealed record LayerNormLayer : LayerSpec
{
    private static readonly LayerNormLayer s_usual = new();

    /// <summary>Is added to the variance so that no division is by zero; above 0, Keras' 0.001 unless set (PyTorch's is 0.00001).</summary>
    [SettingRange(0, ExcludesLeast = true)]
    public double Epsilon { get; init; } = 1e-3;

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(Unless(Epsilon, s_usual.Epsilon, FormattableString.Invariant($"epsilon {Epsilon}")));

    internal override string NamePrefix => "layer_normalization";

    internal override LayerFamily Family => LayerFamily.Normalization;

    /// <inheritdoc />
    private protected override void ValidateTogether() =>
        Require(
            float.IsNormal((float)Epsilon),
            FormattableString.Invariant(
                $"LayerNormLayer.Epsilon must be from 1.2E-38 to 3.4E+38, as fp32 has no others, not {Epsilon}."
            )
        );

    /// <inheritdoc />
    public override Shape InferShape(Shape input) =>
        input[input.Rank - 1] > 1
            ? input
            : throw Refuse(
                input,
                "a single value at each position is its own mean, so that the output would be the same for every input",
                "Put it after a FlattenLayer or a layer with several channels, or use BatchNormLayer."
            );

    /// <inheritdoc />
    private protected override Shape? OrderAfter(Shape input, Shape? order) => order;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var features = new Shape(input[input.Rank - 1]);
        return
        [
            new LayerNormKernel(
                name,
                input,
                Epsilon,
                [
                    new ParameterSpec("gamma", features, Initializer.Ones)
                    {
                        TorchName = "weight",
                        FollowsInput = true,
                    },
                    new ParameterSpec("beta", features, Initializer.Zeros) { TorchName = "bias", FollowsInput = true },
                ]
            ),
        ];
    }

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input)
    {
        // The operator normalizes the last axis: a vector's values in whatever order, but of an image the channels.
        var value = input.Shape.Rank == 1 ? input : onnx.ToLayersOrder(layer.Path, input);
        var kernel = layer.Kernels[0];
        return value with
        {
            Name = onnx.Graph.Node(
                "LayerNormalization",
                layer.Path,
                [value.Name, onnx.Parameter(kernel, 0, value), onnx.Parameter(kernel, 1, value)],
                OnnxAttribute.Integer("axis", -1),
                OnnxAttribute.Single("epsilon", Epsilon)
            ),
        };
    }

    internal override JsonObject ToPage(CompiledLayer layer) => new() { ["kind"] = "LayerNorm", ["epsilon"] = Epsilon };
}
