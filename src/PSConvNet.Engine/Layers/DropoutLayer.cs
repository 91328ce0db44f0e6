using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Sets a random share of the values to zero while training and scales up the rest (Srivastava et al. 2014).</summary>
/// <param name="Rate">The share to drop: 0 to below 1.</param>
public sealed record DropoutLayer(double Rate) : LayerSpec
{
    /// <inheritdoc />
    public override string Kind => "Dropout";

    /// <inheritdoc />
    private protected override string OwnSettings => FormattableString.Invariant($"{Rate}");

    internal override string NamePrefix => "dropout";

    /// <inheritdoc />
    public override void Validate() =>
        Require(
            Rate is >= 0 and < 1,
            FormattableString.Invariant(
                $"the rate is the share of values to drop, from 0 to below 1 (0.25 drops a quarter), not {Rate}."
            )
        );

    /// <inheritdoc />
    public override Shape InferShape(Shape input) => input;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) => [new DropoutKernel(name, input, Rate)];
}
