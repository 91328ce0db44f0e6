using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>A worker's share of a batch, and a convolution of it.</summary>
internal sealed record ConvShape(
    string Name,
    int Size,
    int Channels,
    int Filters,
    Window Window,
    Window Padding,
    int Stride = 1,
    int Dilation = 1,
    int Groups = 1,
    int Count = 64
)
{
    public Shape Input => new(Size, Size, Channels);

    public Shape Output =>
        new(OutputSize(Window.Height, Padding.Height), OutputSize(Window.Width, Padding.Width), Filters);

    public ConvGeometry Geometry =>
        new(
            Window,
            new(Stride, Stride),
            new(Dilation, Dilation),
            new(Padding.Height, Padding.Height, Padding.Width, Padding.Width),
            Groups
        );

    public int KernelLength => Filters * Window.Height * Window.Width * Channels / Groups;

    public double Operations => 2.0 * Count * Output[0] * Output[1] * KernelLength;

    private int OutputSize(int window, int padding) => (Size + 2 * padding - (window - 1) * Dilation - 1) / Stride + 1;
}

/// <summary>Convolutions as networks have them: of 1 to 256 channels and 7 to 224 pixels, in windows of 1 to 7, with strides, dilations and groups.</summary>
internal static class ConvShapes
{
    public static ConvShape[] All { get; } =
    [
        new("tutorial, second", Size: 26, Channels: 32, Filters: 64, Window: new(3, 3), Padding: new(0, 0)),
        new("3 x 3, 14 x 14 x 64", Size: 14, Channels: 64, Filters: 64, Window: new(3, 3), Padding: new(1, 1)),
        new(
            "3 x 3, 56 x 56 x 64",
            Size: 56,
            Channels: 64,
            Filters: 64,
            Window: new(3, 3),
            Padding: new(1, 1),
            Count: 8
        ),
        new("3 x 3, 7 x 7 x 128", Size: 7, Channels: 128, Filters: 128, Window: new(3, 3), Padding: new(1, 1)),
        new("3 x 3, 24 filters", Size: 28, Channels: 24, Filters: 24, Window: new(3, 3), Padding: new(1, 1)),
        new("3 x 3, 3 channels", Size: 28, Channels: 3, Filters: 32, Window: new(3, 3), Padding: new(1, 1)),
        new("3 x 3, 1 channel", Size: 28, Channels: 1, Filters: 32, Window: new(3, 3), Padding: new(0, 0)),
        new("3 x 3, stride 2", Size: 28, Channels: 32, Filters: 64, Window: new(3, 3), Padding: new(1, 1), Stride: 2),
        new(
            "3 x 3, 224 x 224 x 3, stride 2",
            Size: 224,
            Channels: 3,
            Filters: 32,
            Window: new(3, 3),
            Padding: new(1, 1),
            Stride: 2,
            Count: 2
        ),
        new(
            "3 x 3, dilation 2",
            Size: 28,
            Channels: 32,
            Filters: 64,
            Window: new(3, 3),
            Padding: new(2, 2),
            Dilation: 2,
            Count: 16
        ),
        new("1 x 3", Size: 28, Channels: 32, Filters: 32, Window: new(1, 3), Padding: new(0, 1)),
        new("2 x 2", Size: 14, Channels: 32, Filters: 64, Window: new(2, 2), Padding: new(0, 0)),
        new(
            "4 x 4, stride 2",
            Size: 28,
            Channels: 32,
            Filters: 64,
            Window: new(4, 4),
            Padding: new(1, 1),
            Stride: 2,
            Count: 32
        ),
        new("5 x 5", Size: 14, Channels: 32, Filters: 64, Window: new(5, 5), Padding: new(2, 2)),
        new("5 x 5, LeNet's second", Size: 14, Channels: 6, Filters: 16, Window: new(5, 5), Padding: new(0, 0)),
        new("5 x 5, 3 channels", Size: 28, Channels: 3, Filters: 32, Window: new(5, 5), Padding: new(2, 2)),
        new("5 x 5, 5 channels", Size: 28, Channels: 5, Filters: 12, Window: new(5, 5), Padding: new(2, 2)),
        new(
            "7 x 7, stride 2",
            Size: 224,
            Channels: 3,
            Filters: 64,
            Window: new(7, 7),
            Padding: new(3, 3),
            Stride: 2,
            Count: 2
        ),
        new("1 x 1", Size: 14, Channels: 64, Filters: 128, Window: new(1, 1), Padding: new(0, 0)),
        new("1 x 1, 24 to 144", Size: 28, Channels: 24, Filters: 144, Window: new(1, 1), Padding: new(0, 0), Count: 16),
        new("1 x 1, 7 x 7 x 256", Size: 7, Channels: 256, Filters: 256, Window: new(1, 1), Padding: new(0, 0)),
        new(
            "1 x 1, 14 x 14 x 256",
            Size: 14,
            Channels: 256,
            Filters: 256,
            Window: new(1, 1),
            Padding: new(0, 0),
            Count: 16
        ),
        new("1 x 1, 5 to 12", Size: 28, Channels: 5, Filters: 12, Window: new(1, 1), Padding: new(0, 0)),
        new("1 x 1, 16 to 3", Size: 28, Channels: 16, Filters: 3, Window: new(1, 1), Padding: new(0, 0)),
        new("1 x 1, stride 2", Size: 28, Channels: 64, Filters: 128, Window: new(1, 1), Padding: new(0, 0), Stride: 2),
        new(
            "3 x 3, 2 groups",
            Size: 14,
            Channels: 128,
            Filters: 128,
            Window: new(3, 3),
            Padding: new(1, 1),
            Groups: 2,
            Count: 32
        ),
        new("3 x 3, 4 groups", Size: 14, Channels: 64, Filters: 64, Window: new(3, 3), Padding: new(1, 1), Groups: 4),
        new("3 x 3, 8 groups", Size: 14, Channels: 64, Filters: 64, Window: new(3, 3), Padding: new(1, 1), Groups: 8),
        new(
            "3 x 3, 32 groups",
            Size: 14,
            Channels: 128,
            Filters: 128,
            Window: new(3, 3),
            Padding: new(1, 1),
            Groups: 32
        ),
        new(
            "3 x 3, 3 groups of 24",
            Size: 28,
            Channels: 24,
            Filters: 24,
            Window: new(3, 3),
            Padding: new(1, 1),
            Groups: 3
        ),
        new("depthwise 3 x 3", Size: 28, Channels: 64, Filters: 64, Window: new(3, 3), Padding: new(1, 1), Groups: 64),
        new("depthwise x 2", Size: 28, Channels: 64, Filters: 128, Window: new(3, 3), Padding: new(1, 1), Groups: 64),
        new(
            "depthwise, stride 2",
            Size: 28,
            Channels: 64,
            Filters: 64,
            Window: new(3, 3),
            Padding: new(1, 1),
            Stride: 2,
            Groups: 64
        ),
        new(
            "depthwise, dilation 2",
            Size: 28,
            Channels: 64,
            Filters: 64,
            Window: new(3, 3),
            Padding: new(2, 2),
            Dilation: 2,
            Groups: 64
        ),
        new("depthwise 5 x 5", Size: 14, Channels: 96, Filters: 96, Window: new(5, 5), Padding: new(2, 2), Groups: 96),
        new("depthwise 7 x 7", Size: 14, Channels: 96, Filters: 96, Window: new(7, 7), Padding: new(3, 3), Groups: 96),
        new(
            "depthwise, 7 x 7 x 256",
            Size: 7,
            Channels: 256,
            Filters: 256,
            Window: new(3, 3),
            Padding: new(1, 1),
            Groups: 256
        ),
        new("depthwise, 24", Size: 28, Channels: 24, Filters: 24, Window: new(3, 3), Padding: new(1, 1), Groups: 24),
        new("depthwise, 3", Size: 28, Channels: 3, Filters: 3, Window: new(3, 3), Padding: new(1, 1), Groups: 3),
        new(
            "depthwise, 224 x 224",
            Size: 224,
            Channels: 32,
            Filters: 32,
            Window: new(3, 3),
            Padding: new(1, 1),
            Groups: 32,
            Count: 2
        ),
    ];
}
