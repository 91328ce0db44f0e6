using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>Every output is a weighted sum of every input. A vector in, a vector of <paramref name="Units"/> out.</summary>
/// <param name="Units">Outputs; 1 to 1,000,000.</param>
public sealed record DenseLayer([property: SettingRange(1, LayerSpec.MostOutputs)] int Units) : LayerSpec
{
    private static readonly DenseLayer s_usual = new(1);

    /// <summary>What is applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether each output has a number to add.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How the weights are drawn at the start.</summary>
    public Initializer Initializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty λ Σ w² on the weights (not on the biases).</summary>
    [SettingRange(0)]
    public double L2 { get; init; }

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{Units} {(Units == 1 ? "unit" : "units")}",
            Unless(UseBias, s_usual.UseBias, "no bias"),
            Unless(Activation, s_usual.Activation, Activation.ToString())
        );

    internal override string NamePrefix => "dense";

    internal override LayerFamily Family => LayerFamily.Dense;

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        if (input.Rank != 1)
            throw Refuse(input, "it needs a vector", "Put FlattenLayer (or GlobalPoolLayer) before it.");
        return new Shape(Units);
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var kernel = new ParameterSpec("kernel", new Shape(Units, input.Size), Initializer)
        {
            TorchName = "weight",
            FollowsInput = true,
            FanIn = input.Size,
            FanOut = Units,
            L2 = L2,
        };
        IReadOnlyList<ParameterSpec> parameters = UseBias ? [kernel, BiasParameter("bias", Units)] : [kernel];
        return WithActivation(new DenseKernel(name, input, InferShape(input), parameters), Activation);
    }

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input)
    {
        var kernel = layer.Kernels[0];
        List<string> inputs = [input.Name, onnx.Parameter(kernel, 0, input)];
        if (UseBias)
            inputs.Add(onnx.Parameter(kernel, 1));
        return new OnnxValue(
            onnx.Graph.Node("Gemm", layer.Path, inputs, OnnxAttribute.Integer("transB", 1)),
            layer.Output
        );
    }

    internal override JsonObject ToPage(CompiledLayer layer) =>
        new()
        {
            ["kind"] = "Dense",
            ["units"] = Units,
            ["bias"] = UseBias,
        };
}
