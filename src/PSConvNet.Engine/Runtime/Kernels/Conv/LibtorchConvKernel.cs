using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A convolution by libtorch (oneDNN), where it is faster than our own loops: for large windows, and for some shapes in bf16.</summary>
/// <remarks>
/// libtorch 2.10's convolution gives wrong numbers for some shapes on processors with AVX-512, measured on Zen 5 against fp64: channels in groups,
/// an odd number of channels, a single channel whose gradient is wanted, padding as wide as the window. It writes past its workspace for strided
/// 1 x 1 windows of few channels (uxlfoundation/oneDNN#6035). All of these are left to <see cref="ConvKernel"/>.
/// </remarks>
internal sealed class LibtorchConvKernel(ConvKernel convolution)
    : AutogradKernel(convolution.Name, convolution.Input, convolution.Output)
{
    private readonly FirstUse _forward = new();
    private readonly FirstUse _backward = new();

    /// <summary>Brings the kernel in for shapes that libtorch computes right.</summary>
    public static PlanRule Rule { get; } =
        new(
            "libtorch's convolution",
            (site, request) =>
                site.Kernels is [ConvKernel convolution, .. var rest]
                && IsRight(convolution)
                && IsFaster(convolution, ConvKernel.CanPool(rest), request)
                    ? new Substitution(
                        1,
                        [new LibtorchConvKernel(convolution)],
                        "for this shape libtorch is faster than the module's own loops, and its results are correct"
                    )
                    : null
        );

    /// <summary>Whether libtorch is faster than our loops. In fp32 those win unless they are products of large windows.</summary>
    private static bool IsFaster(ConvKernel convolution, bool isPooled, PlanRequest request)
    {
        var isReduced = request.Precision == Precision.BFloat16 && request.Processor.HasFastBFloat16;
        if (!convolution.IsWinograd)
            return isReduced || convolution.Geometry.Window is { Height: > 3 } or { Width: > 3 };
        return isReduced ? IsFasterInBFloat16(convolution, isPooled) : IsFasterWithLargeWindows(convolution);
    }

    /// <summary>
    /// Whether libtorch's products of bf16, where the processor is fast with them, beat Winograd's filtering, whose products are fp32: where tiles hang over the
    /// image's edges, windows are large, or channels fill vectors only in part.
    /// </summary>
    private static bool IsFasterInBFloat16(ConvKernel convolution, bool isPooled)
    {
        const double leastGain = 2.75;
        const int lanes = 16;
        var (input, output) = (convolution.Input, convolution.Output);
        var (window, edges) = (convolution.Geometry.Window.Height, convolution.Geometry.Edges);
        return window > 3
            || WinogradGeometry.Best(input, output, edges, window, isPooled).Gain < leastGain
            || input[2] % lanes != 0
            || output[2] % lanes != 0;
    }

    /// <summary>
    /// Whether windows of 5 x 5 have so few channels and filters that their transforms, nine numbers for each output, take longer than the products that the
    /// filtering saves: for 64 images of 28 x 28, 6 channels and 8 filters 8.1 ms against 7.5, forward and backward, but for 16 and 8 11.9 ms against 14.1.
    /// </summary>
    private static bool IsFasterWithLargeWindows(ConvKernel convolution)
    {
        var lanes = (int)VectorWidths.Best / 32;
        return convolution.Geometry.Window == new Window(5, 5)
            && convolution.Input[2] < lanes
            && convolution.Output[2] < lanes;
    }

    /// <inheritdoc />
    public override Kernel ParameterOwner => convolution;

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters => convolution.Parameters;

    /// <inheritdoc />
    public override string Method => "libtorch: convolution";

    /// <summary>Whether libtorch gives right numbers for a convolution, whatever the images and the precision.</summary>
    public static bool IsRight(ConvKernel convolution)
    {
        var (window, _, dilation, padding, groups) = convolution.Geometry;
        var height = (window.Height - 1) * dilation.Height + 1;
        var width = (window.Width - 1) * dilation.Width + 1;
        return groups == 1
            && convolution.Input[2] % 2 == 0
            && convolution.Output[2] % 2 == 0
            && window != new Window(1, 1)
            && Math.Max(padding.Top, padding.Bottom) < height
            && Math.Max(padding.Left, padding.Right) < width;
    }

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context) =>
        _forward.Call(
            input.Count,
            input.Type,
            context.Pass.Training ? context.Wanted : WantedGradients.None,
            () => base.Forward(input, context)
        );

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context) =>
        _backward.Call(gradient.Count, gradient.Type, context.Wanted, () => base.Backward(gradient, context));

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights)
    {
        var kernel = weights[0].permute(0, 3, 1, 2);
        var bias = weights.Length > 1 ? weights[1] : null;
        // For one image in fp32 libtorch tries NNPACK first, and warns on the console; so it gets the image twice.
        return input.shape[0] == 1 && input.dtype == torch.ScalarType.Float32
            ? Compute(torch.cat([input, input], 0), kernel, bias).narrow(0, 0, 1)
            : Compute(input, kernel, bias);
    }

    private torch.Tensor Compute(torch.Tensor input, torch.Tensor kernel, torch.Tensor? bias)
    {
        var (_, stride, dilation, padding, _) = convolution.Geometry;
        var around = new Window(padding.Top, padding.Left);
        if (!padding.IsSymmetric)
        {
            input = functional.pad(input, [padding.Left, padding.Right, padding.Top, padding.Bottom]);
            around = default;
        }
        return functional.conv2d(
            input,
            kernel,
            bias,
            [stride.Height, stride.Width],
            [around.Height, around.Width],
            [dilation.Height, dilation.Width]
        );
    }
}
