using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A kernel whose gradients libtorch's autograd computes. The graph never spans two kernels, so that all kernels have the same interface,
/// whatever computes their gradients.
/// </summary>
internal abstract class AutogradKernel(string name, Shape input, Shape output) : Kernel(name, input, output)
{
    /// <summary>The layer's function, in differentiable operators.</summary>
    protected abstract torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights);

    /// <inheritdoc />
    public override torch.Tensor Forward(torch.Tensor input, KernelContext context)
    {
        var weights = new torch.Tensor[Parameters.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = context.Weight(i);
        if (!context.Pass.Training)
            return Compute(input, weights);
        context.Saved = [];
        if (context.Wanted == WantedGradients.None)
            return Compute(input, weights);

        var learns = context.Wanted.HasFlag(WantedGradients.Parameters);
        for (var i = 0; i < weights.Length; i++)
            weights[i] = weights[i].detach().requires_grad_(learns);
        var leaf = input.detach();
        if (context.NeedsInputGradient)
            leaf.requires_grad_(true);
        using var gradientMode = torch.enable_grad();
        var output = Compute(leaf, weights);
        context.Saved =
        [
            output,
            .. context.NeedsInputGradient ? [leaf] : Array.Empty<torch.Tensor>(),
            .. learns ? weights : [],
        ];
        return output.detach();
    }

    /// <inheritdoc />
    public override torch.Tensor? Backward(torch.Tensor gradient, KernelContext context)
    {
        if (context.Saved is not [_, .. var sources])
            return null;
        var gradients = torch.autograd.grad([context.Saved[0]], sources, [gradient]);
        var first = context.NeedsInputGradient ? 1 : 0;
        for (var i = first; i < gradients.Count; i++)
            context.SetGradient(i - first, gradients[i]);
        return context.NeedsInputGradient ? gradients[0] : null;
    }
}
