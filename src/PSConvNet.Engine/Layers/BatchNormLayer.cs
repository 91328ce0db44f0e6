using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Normalises each channel over the batch, then scales and shifts it (Ioffe and Szegedy 2015). The shape stays.</summary>
public sealed record BatchNormLayer : LayerSpec
{
    /// <summary>
    /// The share of the old moving statistics that stays at each batch: 0 to below 1; Keras' 0.99 unless set. Their start is corrected
    /// for, so that the first batch gives the statistics by itself. The moving variance is the population's.
    /// </summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>Is added to the variance so that no division is by zero; above 0, Keras' 0.001 unless set.</summary>
    public double Epsilon { get; init; } = 1e-3;

    /// <inheritdoc />
    public override string Kind => "BatchNorm";

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            Unless(Momentum, 0.99, FormattableString.Invariant($"momentum {Momentum}")),
            Unless(Epsilon, 1e-3, FormattableString.Invariant($"epsilon {Epsilon}"))
        );

    internal override string NamePrefix => "batch_normalization";

    /// <inheritdoc />
    public override void Validate()
    {
        Require(
            Momentum is >= 0 and < 1,
            FormattableString.Invariant($"momentum must be from 0 to below 1, not {Momentum}.")
        );
        Require(
            Epsilon > 0 && double.IsFinite(Epsilon),
            FormattableString.Invariant($"epsilon must be a finite number above 0, not {Epsilon}.")
        );
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        if (input.Rank == 2)
            RequireImage(input);
        return input;
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var channels = new Shape(input[input.Rank - 1]);
        ParameterSpec Parameter(string parameter, Initializer initializer, bool trainable) =>
            new(parameter, channels, initializer) { Trainable = trainable, Float32 = true };
        return
        [
            new BatchNormKernel(
                name,
                input,
                Momentum,
                Epsilon,
                [
                    Parameter("gamma", Initializer.Ones, trainable: true),
                    Parameter("beta", Initializer.Zeros, trainable: true),
                    Parameter("moving_mean", Initializer.Zeros, trainable: false),
                    Parameter("moving_variance", Initializer.Ones, trainable: false) with
                    {
                        Least = 0,
                    },
                ]
            ),
        ];
    }
}
