using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Lays an image out as a vector: height x width x channels in, their product out.</summary>
public sealed record FlattenLayer : LayerSpec
{
    /// <inheritdoc />
    public override string Kind => "Flatten";

    /// <inheritdoc />
    private protected override string OwnSettings => "";

    internal override string NamePrefix => "flatten";

    /// <inheritdoc />
    public override Shape InferShape(Shape input) => new(input.Size);

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new FlattenKernel(name, input, InferShape(input))];
}
