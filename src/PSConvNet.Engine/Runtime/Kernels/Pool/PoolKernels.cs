using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The largest value in each window.</summary>
internal sealed class MaxPoolKernel(string name, Shape input, Shape output, Window window, Window stride, Edges padding)
    : AutogradKernel(name, input, output)
{
    /// <summary>
    /// Pools before a function that rises everywhere: the maximum of its values is its value of the maximum, and it has fewer values left to compute.
    /// </summary>
    /// <remarks>
    /// Where rounding makes the values of several numbers equal, as in ReLU's zeros or near tanh's limits, the gradient goes to the largest number now, and went to the
    /// first one before. The slope is theirs alike, and the largest is the right one in exact arithmetic. A NaN wins either way. In fp32 the computed functions step
    /// back by two units of the last place here and there, and so far may the two orders be apart.
    /// </remarks>
    public static PlanRule BeforeActivationRule { get; } =
        new(
            "pool before activation",
            (site, _) =>
                site.Kernels is [ActivationKernel { Rises: true } activation, MaxPoolKernel pool, ..]
                && pool.Output.Size < pool.Input.Size
                    ? new Substitution(
                        2,
                        [pool, activation.Of(pool.Output)],
                        "the function never falls, so that the result is the same, and fewer values are left to compute"
                    )
                    : null
        );

    /// <summary>The window.</summary>
    public Window Window { get; } = window;

    /// <summary>Whether each pixel is in one window at most, and there is no padding.</summary>
    public bool WindowsAreDisjoint => Window == stride && padding.IsNone;

    /// <summary>Whether loops over vectors of channels can do it, with a position in the window as a byte.</summary>
    public bool SuitsLoops =>
        WindowsAreDisjoint && Input[2] % PoolLoops.Lanes == 0 && Window.Height * Window.Width < PoolLoops.Nowhere;

    /// <inheritdoc />
    public override string Method => "libtorch: max pool";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights)
    {
        // Padding must never win, and libtorch pads symmetrically only.
        if (!padding.IsNone)
        {
            long[] edges = [padding.Left, padding.Right, padding.Top, padding.Bottom];
            input = functional.pad(input, edges, value: double.NegativeInfinity);
        }
        return functional.max_pool2d(input, [Window.Height, Window.Width], [stride.Height, stride.Width]);
    }
}

/// <summary>The mean of each window's values, padding excluded.</summary>
internal sealed class AveragePoolKernel(
    string name,
    Shape input,
    Shape output,
    Window window,
    Window stride,
    Edges padding
) : AutogradKernel(name, input, output)
{
    /// <inheritdoc />
    public override string Method => "libtorch: average pool";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights)
    {
        if (padding.IsNone)
            return Pool(input);
        long[] edges = [padding.Left, padding.Right, padding.Top, padding.Bottom];
        var counted = torch.ones([1, 1, Input[0], Input[1]], input.dtype);
        return Pool(functional.pad(input, edges)) / Pool(functional.pad(counted, edges));
    }

    private torch.Tensor Pool(torch.Tensor input) =>
        functional.avg_pool2d(input, [window.Height, window.Width], [stride.Height, stride.Width]);
}

/// <summary>One value per channel: the mean or the maximum over the whole image.</summary>
internal sealed class GlobalPoolKernel(string name, Shape input, Shape output, bool maximum)
    : AutogradKernel(name, input, output)
{
    /// <inheritdoc />
    public override string Method => maximum ? "libtorch: global max pool" : "libtorch: global average pool";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights) =>
        maximum ? input.amax([2, 3]) : input.mean([2, 3]);
}
