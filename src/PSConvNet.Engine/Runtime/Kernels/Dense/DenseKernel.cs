using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>y = x Wᵀ + b. Weights: out x in, and optionally a bias.</summary>
internal sealed class DenseKernel(string name, Shape input, Shape output, IReadOnlyList<ParameterSpec> parameters)
    : Kernel(name, input, output)
{
    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    public override string Method => "libtorch: matrix product";

    /// <summary>Whether reading the weights takes long enough for waking other workers to pay.</summary>
    public override bool DividesImages => (long)Input.Size * Output.Size >= 1 << 18;

    private bool HasBias => Parameters.Count > 1;

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        if (context.Pass.Training)
            context.Save(context.IsFrozen ? null : new Passed(input));
        else if (input.Count == 1 && input.Type == torch.ScalarType.BFloat16)
            return Single(input, context);
        var transposed = context.Weight(0).t();
        var output = HasBias
            ? torch.addmm(context.Weight(1), input.Values, transposed, beta: 1, alpha: 1)
            : torch.mm(input.Values, transposed);
        return Batch.Of(output, Output);
    }

    private Batch Single(Batch input, KernelContext context)
    {
        var output = Batch.Empty(1, Output, input.Type);
        context.Divide(
            DividesImages,
            part =>
            {
                var (first, end) = part.Of(Output.Size);
                var outputs = (int)first..(int)end;
                VectorLoops.Multiply(
                    Values(0)[((int)first * Input.Size)..((int)end * Input.Size)],
                    input.Memory<ushort>(),
                    HasBias ? Values(1)[outputs] : [],
                    output.Memory<ushort>()[outputs]
                );
            }
        );
        return output;

        Span<ushort> Values(int index) => MemoryMarshal.Cast<byte, ushort>(context.Weight(index).bytes);
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (!context.IsFrozen)
        {
            context.SetGradient(0, torch.mm(gradient.Values.t(), context.Saved<Passed>().Input.Values));
            if (HasBias)
                context.SetGradient(1, gradient.Values.sum(0, type: torch.ScalarType.Float32));
        }
        return context.NeedsInputGradient ? Batch.Of(torch.mm(gradient.Values, context.Weight(0)), Input) : null;
    }

    private sealed record Passed(Batch Input);
}
