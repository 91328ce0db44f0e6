using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>Normalises each channel over the batch, then scales and shifts it (Ioffe and Szegedy 2015). The shape stays.</summary>
public sealed record BatchNormLayer : LayerSpec
{
    private static readonly BatchNormLayer s_usual = new();

    /// <summary>
    /// The share of the old moving statistics that stays at each batch: 0 to below 1; Keras' 0.99 unless set. Their start is corrected
    /// for, so that the first batch gives the statistics by itself. The moving variance is the population's.
    /// </summary>
    [SettingRange(0, 1, ExcludesMost = true)]
    public double Momentum { get; init; } = 0.99;

    /// <summary>Is added to the variance so that no division is by zero; above 0, Keras' 0.001 unless set.</summary>
    [SettingRange(0, ExcludesLeast = true)]
    public double Epsilon { get; init; } = 1e-3;

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            Unless(Momentum, s_usual.Momentum, FormattableString.Invariant($"momentum {Momentum}")),
            Unless(Epsilon, s_usual.Epsilon, FormattableString.Invariant($"epsilon {Epsilon}"))
        );

    internal override string NamePrefix => "batch_normalization";

    internal override LayerFamily Family => LayerFamily.Normalization;

    /// <inheritdoc />
    private protected override void ValidateTogether() =>
        Require(
            float.IsNormal((float)Epsilon),
            FormattableString.Invariant(
                $"BatchNormLayer.Epsilon must be from 1.2E-38 to 3.4E+38, as fp32 has no others, not {Epsilon}."
            )
        );

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        if (input.Rank == 2)
            RequireImage(input);
        return input;
    }

    /// <inheritdoc />
    private protected override Shape? OrderAfter(Shape input, Shape? order) => order;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var channels = new Shape(input[input.Rank - 1]);
        ParameterSpec Parameter(string parameter, string torch, Initializer initializer, bool trainable) =>
            new(parameter, channels, initializer)
            {
                TorchName = torch,
                FollowsInput = true,
                Trainable = trainable,
                Float32 = true,
            };
        return
        [
            new BatchNormKernel(
                name,
                input,
                Momentum,
                Epsilon,
                [
                    Parameter("gamma", "weight", Initializer.Ones, trainable: true),
                    Parameter("beta", "bias", Initializer.Zeros, trainable: true),
                    Parameter("moving_mean", "running_mean", Initializer.Zeros, trainable: false),
                    Parameter("moving_variance", "running_var", Initializer.Ones, trainable: false) with
                    {
                        Least = 0,
                    },
                ]
            ),
        ];
    }

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input)
    {
        var value = onnx.ToChannelsFirst(layer.Path, input);
        var kernel = layer.Kernels[0];
        return value with
        {
            Name = onnx.Graph.Node(
                "BatchNormalization",
                layer.Path,
                [value.Name, .. kernel.Parameters.Select((_, i) => onnx.Parameter(kernel, i, value))],
                OnnxAttribute.Single("epsilon", Epsilon)
            ),
        };
    }

    internal override JsonObject ToPage(CompiledLayer layer) => new() { ["kind"] = "BatchNorm", ["epsilon"] = Epsilon };
}
