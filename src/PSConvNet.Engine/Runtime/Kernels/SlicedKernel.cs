using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Runs kernels that treat each sample alone on a few samples at a time, forward and backward, so that what one hands to the next
/// is still in the processor's cache.
/// </summary>
internal sealed class SlicedKernel : Kernel
{
    /// <summary>Contexts a worker has; larger shares are cut into this many.</summary>
    private const int MaximumSlices = 16;

    private readonly KernelSequence _body;
    private readonly int _samples;

    /// <param name="body">The kernels; none looks at more than one sample.</param>
    /// <param name="samples">Samples a slice, where the worker's share is not too large for it.</param>
    public SlicedKernel(KernelSequence body, int samples)
        : base(body.Name, body.Input, body.Output)
    {
        _body = body;
        _samples = samples;
        Children = [.. Enumerable.Repeat(body, MaximumSlices)];
    }

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames => [];

    /// <inheritdoc />
    public override string Method => $"{_samples} images at a time:";

    /// <inheritdoc />
    public override IReadOnlyList<Kernel> Children { get; }

    /// <inheritdoc />
    public override bool IsSlices => true;

    /// <inheritdoc />
    public override torch.Tensor Forward(torch.Tensor input, KernelContext context) =>
        Each(input, Output, context, (slice, mine) => _body.Forward(slice, mine))!;

    /// <inheritdoc />
    public override torch.Tensor? Backward(torch.Tensor gradient, KernelContext context) =>
        Each(gradient, Input, context, (slice, mine) => _body.Backward(slice, mine));

    private torch.Tensor? Each(
        torch.Tensor samples,
        Shape result,
        KernelContext context,
        Func<torch.Tensor, KernelContext, torch.Tensor?> run
    )
    {
        var count = samples.shape[0];
        var size = Math.Max(_samples, (count + MaximumSlices - 1) / MaximumSlices);
        var firstRow = context.Pass.FirstRow;
        var parts = new List<torch.Tensor>();
        for (var (i, done) = (0, 0L); done < count; i++, done += size)
        {
            using var slice = samples.narrow(0, done, Math.Min(size, count - done));
            // Masks follow from a sample's place in the batch.
            context.Pass.FirstRow = firstRow + (int)done;
            if (run(slice, context.Children[i]) is { } part)
                parts.Add(result.Rank == 3 ? part.permute(0, 2, 3, 1) : part);
        }
        context.Pass.FirstRow = firstRow;
        if (parts.Count == 0)
            return null;
        var whole = parts.Count == 1 ? parts[0] : torch.cat(parts);
        return result.Rank == 3 ? whole.permute(0, 3, 1, 2) : whole;
    }
}
