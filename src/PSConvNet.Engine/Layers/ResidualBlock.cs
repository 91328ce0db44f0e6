using System.Collections.Immutable;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>
/// Adds its input to the output of the layers within. Where their shapes differ the input goes through a projection first: a
/// 1 x 1 convolution with the stride that fits, or a dense layer for vectors, both without a bias (He et al. 2016, option B).
/// </summary>
/// <param name="Layers">The layers within; at least one.</param>
public sealed record ResidualBlock(ImmutableArray<LayerSpec> Layers) : LayerSpec
{
    /// <summary>What is applied to the sum.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc />
    public override string Kind => "Residual";

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            string.Join(" > ", Layers.Select(layer => layer.ToString())),
            Unless(Activation, Activation.None, Activation.ToString())
        );

    /// <summary>The block on one line without its inner layers, for texts that list them on separate lines.</summary>
    internal string Outline =>
        Words(Unless(Activation, Activation.None, Activation.ToString()), Frozen ? "frozen" : null)
            is { Length: > 0 } words
            ? $"{Kind} ({words})"
            : Kind;

    internal override string NamePrefix => "residual";

    /// <inheritdoc />
    public bool Equals(ResidualBlock? other) =>
        other is not null
        && Name == other.Name
        && Frozen == other.Frozen
        && Activation == other.Activation
        && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Activation, Layers.Length);

    /// <inheritdoc />
    public override void Validate()
    {
        Require(
            !Layers.IsDefaultOrEmpty,
            "it needs at least one layer: New-ResidualBlock { New-ConvLayer 32 -Padding Same }."
        );
        foreach (var layer in Layers)
            layer.Validate();
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        var output = Layers.Aggregate(input, (shape, layer) => layer.InferShape(shape));
        _ = Projection(input, output);
        return output;
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var kernels = new List<Kernel>();
        var shape = input;
        var names = new LayerNames();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var layer in Layers)
        {
            var inner = names.For(layer);
            // Parameters are called by their layers' names, in files too.
            if (!taken.Add(inner))
            {
                throw new ConvNetException(
                    "LayerNameDuplicate",
                    ErrorKind.InvalidArgument,
                    $"Two layers within {name} are named {inner}; give one of them another -Name.",
                    inner
                );
            }
            kernels.AddRange(layer.Lower($"{name}/{inner}", shape));
            shape = layer.InferShape(shape);
        }
        var body = new KernelSequence($"{name}/body", input, kernels);
        var projection = Projection(input, body.Output)?.Lower($"{name}/projection", input)[0];
        return WithActivation(new ResidualKernel(name, body, projection), Activation);
    }

    /// <summary>The layer that gives the input the output's shape; null where it has it already.</summary>
    internal LayerSpec? Projection(Shape input, Shape output)
    {
        if (input.Equals(output))
            return null;
        if (input.Rank == 1 && output.Rank == 1)
            return new DenseLayer(output.Size) { UseBias = false };
        if (input.Rank == 3 && output.Rank == 3)
        {
            var stride = new Window(Stride(input[0], output[0]), Stride(input[1], output[1]));
            var convolution = new ConvLayer(output[2])
            {
                KernelSize = new Window(1, 1),
                Stride = stride,
                UseBias = false,
            };
            if (convolution.InferShape(input).Equals(output))
                return convolution;
        }
        throw Refuse(
            input,
            $"its layers output {output}, and no stride of a 1 x 1 convolution turns the input into that",
            "Use -Padding Same on the block's convolutions, so that height and width stay the same or are divided by the stride."
        );
    }

    private static int Stride(int input, int output) => Math.Max(1, (input + output - 1) / output);
}
