using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>libtorch's convolution, in channels-last order.</summary>
internal sealed class LibtorchConvolution : IDisposable
{
    private readonly torch.Tensor _images;
    private readonly torch.Tensor _kernel;
    private readonly torch.Tensor _bias;
    private readonly torch.Tensor _gradients;
    private readonly ConvShape _shape;

    public LibtorchConvolution(ConvShape shape, bool single)
    {
        var type = single ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16;
        _shape = shape;
        _images = ChannelsLast([shape.Count, .. shape.Input.Dimensions.Select(d => (long)d)], type);
        _kernel = ChannelsLast(
            [shape.Filters, shape.Window.Height, shape.Window.Width, shape.Channels / shape.Groups],
            type
        );
        _bias = torch.zeros([shape.Filters], type);
        _gradients = ChannelsLast([shape.Count, .. shape.Output.Dimensions.Select(d => (long)d)], type);
        foreach (var leaf in (torch.Tensor[])[_images, _kernel, _bias])
            leaf.requires_grad_(true);
    }

    public void Forward()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        Compute();
    }

    public void Both()
    {
        using var scope = torch.NewDisposeScope();
        torch.autograd.grad([Compute()], [_images, _kernel, _bias], [_gradients]);
    }

    public void Dispose()
    {
        _images.Dispose();
        _kernel.Dispose();
        _bias.Dispose();
        _gradients.Dispose();
    }

    private torch.Tensor Compute() =>
        functional.conv2d(
            _images,
            _kernel,
            _bias,
            [_shape.Stride, _shape.Stride],
            [_shape.Padding.Height, _shape.Padding.Width],
            [_shape.Dilation, _shape.Dilation],
            _shape.Groups
        );

    private static torch.Tensor ChannelsLast(long[] shape, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        return torch.randn(shape).to_type(type).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
