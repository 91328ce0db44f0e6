using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A 2-D convolution (cross-correlation, strictly speaking). Weights: out x height x width x in/groups, and a bias.</summary>
/// <remarks>
/// libtorch 2.10's convolution (oneDNN) gives wrong numbers for some shapes on processors with AVX-512, measured on Zen 5 against
/// fp64: channels in groups, an odd number of channels, a single channel whose gradient is wanted, padding as wide as the window.
/// It writes past its workspace for strided 1 x 1 windows of few channels (uxlfoundation/oneDNN#6035), and for one image in fp32 it
/// tries NNPACK first and warns on the console. In all of these cases windows are laid out as columns for one matrix product (im2col)
/// instead, which was right for every shape tried. ConvKernelTests compares both methods with fp64 over random shapes.
/// </remarks>
internal sealed class ConvKernel(
    string name,
    Shape input,
    Shape output,
    ConvGeometry geometry,
    IReadOnlyList<ParameterSpec> parameters
) : AutogradKernel(name, input, output)
{
    private readonly bool _shapeIsSafe = IsSafe(input[2], output[2], geometry);

    private readonly FirstUse _forward = new();
    private readonly FirstUse _backward = new();

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    public override string Method => _shapeIsSafe ? "libtorch: convolution" : "libtorch: columns, matrix product";

    /// <summary>Which pixels and channels each output reads.</summary>
    public ConvGeometry Geometry { get; } = geometry;

    private int Filters => Output[2];

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
        var (_, stride, dilation, padding, _) = Geometry;
        var symmetric = padding.IsSymmetric;
        if (!symmetric)
            input = functional.pad(input, [padding.Left, padding.Right, padding.Top, padding.Bottom]);
        var around = symmetric ? new Window(padding.Top, padding.Left) : default;
        var kernel = weights[0].permute(0, 3, 1, 2);
        var bias = weights.Length > 1 ? weights[1] : null;
        var single = Input[2] == 1;
        var goesToNnpack = input.shape[0] == 1 && input.dtype == torch.ScalarType.Float32;
        return _shapeIsSafe && !goesToNnpack && !(single && input.requires_grad)
            ? functional.conv2d(
                input,
                kernel,
                bias,
                [stride.Height, stride.Width],
                [around.Height, around.Width],
                [dilation.Height, dilation.Width]
            )
            : ByColumns(input, kernel, bias, around);
    }

    private static bool IsSafe(int channels, int filters, ConvGeometry geometry)
    {
        var (window, _, dilation, padding, groups) = geometry;
        var height = (window.Height - 1) * dilation.Height + 1;
        var width = (window.Width - 1) * dilation.Width + 1;
        return groups == 1
            && (channels == 1 ? filters % 16 == 0 : channels % 2 == 0 && filters % 2 == 0)
            && window != new Window(1, 1)
            && Math.Max(padding.Top, padding.Bottom) < height
            && Math.Max(padding.Left, padding.Right) < width;
    }

    /// <summary>Each window as a column; one matrix product per group (im2col).</summary>
    private torch.Tensor ByColumns(torch.Tensor input, torch.Tensor kernel, torch.Tensor? bias, Window around)
    {
        var (window, stride, dilation, _, groups) = Geometry;
        var count = input.shape[0];
        var depth = Input[2] / groups * window.Height * window.Width;
        var columns = functional.unfold(
            input,
            (window.Height, window.Width),
            (dilation.Height, dilation.Width),
            (around.Height, around.Width),
            (stride.Height, stride.Width)
        );
        var positions = columns.shape[2];
        var product = torch.matmul(
            kernel.reshape(groups, Filters / groups, depth),
            columns.view(count, groups, depth, positions)
        );
        // To channels-last, which the following kernels rely on.
        var images = product
            .reshape(count, Filters, positions)
            .transpose(1, 2)
            .contiguous()
            .view(count, Output[0], Output[1], Filters);
        return (bias is null ? images : images.Plus(bias)).permute(0, 3, 1, 2);
    }
}
