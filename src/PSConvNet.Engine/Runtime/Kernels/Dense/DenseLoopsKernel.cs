using System.Runtime.InteropServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A dense layer in fp32 by <see cref="DenseLoops"/>.</summary>
internal sealed class DenseLoopsKernel(DenseKernel dense) : Kernel(dense.Name, dense.Input, dense.Output)
{
    /// <summary>With fewer weights, calling libtorch takes as long.</summary>
    private const int LeastWeights = 1 << 14;

    private readonly DenseLoops _loops = DenseLoops.Create(dense.Input.Size, dense.Output.Size);

    /// <summary>Brings the kernel in for large layers in fp32.</summary>
    public static PlanRule Rule { get; } =
        new(
            "dense products in fp32",
            (site, request) =>
                request.Precision == Precision.Float32
                && site.Kernels is [DenseKernel dense, ..]
                && (long)dense.Input.Size * dense.Output.Size >= LeastWeights
                && DenseLoops.CanCompute(dense.Input.Size, dense.Output.Size)
                    ? new Substitution(1, [new DenseLoopsKernel(dense)], "it is faster than libtorch's product in fp32")
                    : null
        );

    /// <inheritdoc />
    public override Kernel ParameterOwner => dense;

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters => dense.Parameters;

    /// <inheritdoc />
    public override string Method => "own loops: matrix product";

    /// <inheritdoc />
    public override bool DividesImages => dense.DividesImages;

    private bool HasBias => Parameters.Count > 1;

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        if (context.Pass.Divided is not null)
        {
            context.Divide(DividesImages, part => ForwardOne(input, output, context, part));
            return output;
        }
        _loops.Forward(
            input.Memory<float>(),
            Weights(context, 0),
            HasBias ? Weights(context, 1) : [],
            output.Memory<float>(),
            context.Scratch(() => new DenseScratch())
        );
        if (context.Pass.Training)
            context.Save(context.IsFrozen ? null : new Passed(input));
        return output;
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        var scratch = context.Scratch(() => new DenseScratch());
        if (!context.IsFrozen)
        {
            var input = context.Saved<Passed>().Input.Memory<float>();
            _loops.BackwardWeights(input, gradient.Memory<float>(), context.Gradient(0), scratch);
            if (HasBias)
                _loops.BackwardBias(gradient.Memory<float>(), context.Gradient(1));
        }
        if (!context.NeedsInputGradient)
            return null;
        var result = Batch.Empty(gradient.Count, Input, gradient.Type);
        _loops.BackwardInputs(gradient.Memory<float>(), Weights(context, 0), result.Memory<float>(), scratch);
        return result;
    }

    private void ForwardOne(Batch input, Batch output, KernelContext context, WorkPart part)
    {
        var (first, end) = part.Of(Output.Size);
        var outputs = (int)first..(int)end;
        _loops.ForwardOne(
            input.Memory<float>(),
            Weights(context, 0)[((int)first * Input.Size)..((int)end * Input.Size)],
            HasBias ? Weights(context, 1)[outputs] : [],
            output.Memory<float>()[outputs],
            context.Scratch(() => new DenseScratch(), part.Number)
        );
    }

    // Not the master copy: the tensor's memory begins on a cache line.
    private static ReadOnlySpan<float> Weights(KernelContext context, int index) =>
        MemoryMarshal.Cast<byte, float>(context.Weight(index).bytes);

    private sealed record Passed(Batch Input);
}
