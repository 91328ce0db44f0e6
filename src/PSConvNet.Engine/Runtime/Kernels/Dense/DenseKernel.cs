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

    private bool HasBias => Parameters.Count > 1;

    /// <inheritdoc />
    public override torch.Tensor Forward(torch.Tensor input, KernelContext context)
    {
        if (context.Pass.Training)
            context.Saved = context.IsFrozen ? [] : [input];
        else if (input.shape[0] == 1 && input.dtype == torch.ScalarType.BFloat16)
            return Single(input.contiguous(), context);
        var transposed = context.Weight(0).t();
        return HasBias
            ? torch.addmm(context.Weight(1), input, transposed, beta: 1, alpha: 1)
            : torch.mm(input, transposed);
    }

    private torch.Tensor Single(torch.Tensor input, KernelContext context)
    {
        var output = torch.empty([1, Output.Size], input.dtype);
        VectorLoops.Multiply(
            Values(context.Weight(0)),
            Values(input),
            HasBias ? Values(context.Weight(1)) : [],
            Values(output)
        );
        return output;

        static Span<ushort> Values(torch.Tensor tensor) => MemoryMarshal.Cast<byte, ushort>(tensor.bytes);
    }

    /// <inheritdoc />
    public override torch.Tensor? Backward(torch.Tensor gradient, KernelContext context)
    {
        if (!context.IsFrozen)
        {
            context.SetGradient(0, torch.mm(gradient.t(), context.Saved[0]));
            if (HasBias)
                context.SetGradient(1, gradient.sum(0, type: torch.ScalarType.Float32));
        }
        return context.NeedsInputGradient ? torch.mm(gradient, context.Weight(0)) : null;
    }
}
