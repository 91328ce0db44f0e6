using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A kernel whose gradients libtorch's autograd computes. The graph never spans two kernels, so that all kernels have the same interface,
/// whatever computes their gradients.
/// </summary>
internal abstract class AutogradKernel(string name, Shape input, Shape output) : Kernel(name, input, output)
{
    /// <summary>The layer's function, in differentiable operators; images are N x C x H x W with channels-last strides.</summary>
    protected abstract torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights);

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var weights = new torch.Tensor[Parameters.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = context.Weight(i);
        context.Save(null);
        if (!context.Pass.Training || context.Wanted == WantedGradients.None)
            return Batch.FromOperators(Compute(input.ForOperators, weights), Output);

        var learns = context.Wanted.HasFlag(WantedGradients.Parameters);
        for (var i = 0; i < weights.Length; i++)
            weights[i] = weights[i].detach().requires_grad_(learns);
        var leaf = input.ForOperators.detach();
        if (context.NeedsInputGradient)
            leaf.requires_grad_(true);
        using var gradientMode = torch.enable_grad();
        var output = Compute(leaf, weights);
        context.Save(new Graph(output, context.NeedsInputGradient ? leaf : null, learns ? weights : []));
        return Batch.FromOperators(output.detach(), Output);
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (!context.TryGetSaved(out Graph? graph))
            return null;
        torch.Tensor[] sources = graph.Input is null ? graph.Weights : [graph.Input, .. graph.Weights];
        var gradients = torch.autograd.grad([graph.Output], sources, [gradient.ForOperators]);
        var first = sources.Length - graph.Weights.Length;
        for (var i = first; i < gradients.Count; i++)
            context.SetGradient(i - first, gradients[i]);
        return graph.Input is null ? null : Batch.FromOperators(gradients[0], Input);
    }

    /// <summary>The graph of a pass: its output, and the leaves whose gradients are wanted.</summary>
    private sealed record Graph(torch.Tensor Output, torch.Tensor? Input, torch.Tensor[] Weights);
}
