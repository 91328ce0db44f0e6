using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>
/// Our own convolution against libtorch's, forward and backward on one thread, for each width of vectors that this processor has. Arithmetic is counted as the
/// definition does it: two operations for each weight and output, three times for forward and backward. More than the core's peak is
/// what Winograd's filtering saves.
/// </summary>
internal static class ConvTable
{
    private static readonly ConvShape[] s_shapes =
    [
        new("tutorial, second", Size: 26, Channels: 32, Filters: 64, Window: 3, Padding: 0),
        new("3 x 3, 14 x 14 x 64", Size: 14, Channels: 64, Filters: 64, Window: 3, Padding: 1),
        new("3 x 3, 7 x 7 x 128", Size: 7, Channels: 128, Filters: 128, Window: 3, Padding: 1),
        new("3 x 3, 24 filters", Size: 28, Channels: 24, Filters: 24, Window: 3, Padding: 1),
        new("3 x 3, 3 channels", Size: 28, Channels: 3, Filters: 32, Window: 3, Padding: 1),
        new("3 x 3, 1 channel", Size: 28, Channels: 1, Filters: 32, Window: 3, Padding: 0),
        new("3 x 3, stride 2", Size: 28, Channels: 32, Filters: 64, Window: 3, Padding: 1, Stride: 2),
        new("5 x 5", Size: 14, Channels: 32, Filters: 64, Window: 5, Padding: 2),
        new("5 x 5, LeNet's second", Size: 14, Channels: 6, Filters: 16, Window: 5, Padding: 0),
        new("5 x 5, 3 channels", Size: 28, Channels: 3, Filters: 32, Window: 5, Padding: 2),
        new("5 x 5, 5 channels", Size: 28, Channels: 5, Filters: 12, Window: 5, Padding: 2),
        new("7 x 7, stride 2", Size: 224, Channels: 3, Filters: 64, Window: 7, Padding: 3, Stride: 2, Count: 2),
        new("1 x 1", Size: 14, Channels: 64, Filters: 128, Window: 1, Padding: 0),
        new("1 x 1, 24 to 144", Size: 28, Channels: 24, Filters: 144, Window: 1, Padding: 0, Count: 16),
        new("1 x 1, 7 x 7 x 256", Size: 7, Channels: 256, Filters: 256, Window: 1, Padding: 0),
        new("1 x 1, 5 to 12", Size: 28, Channels: 5, Filters: 12, Window: 1, Padding: 0),
        new("1 x 1, 16 to 3", Size: 28, Channels: 16, Filters: 3, Window: 1, Padding: 0),
        new("1 x 1, stride 2", Size: 28, Channels: 64, Filters: 128, Window: 1, Padding: 0, Stride: 2),
        new("3 x 3, 2 groups", Size: 14, Channels: 128, Filters: 128, Window: 3, Padding: 1, Groups: 2, Count: 32),
        new("3 x 3, 4 groups", Size: 14, Channels: 64, Filters: 64, Window: 3, Padding: 1, Groups: 4),
        new("3 x 3, 8 groups", Size: 14, Channels: 64, Filters: 64, Window: 3, Padding: 1, Groups: 8),
        new("3 x 3, 32 groups", Size: 14, Channels: 128, Filters: 128, Window: 3, Padding: 1, Groups: 32),
        new("3 x 3, 3 groups of 24", Size: 28, Channels: 24, Filters: 24, Window: 3, Padding: 1, Groups: 3),
        new("depthwise 3 x 3", Size: 28, Channels: 64, Filters: 64, Window: 3, Padding: 1, Groups: 64),
        new("depthwise x 2", Size: 28, Channels: 64, Filters: 128, Window: 3, Padding: 1, Groups: 64),
        new("depthwise, stride 2", Size: 28, Channels: 64, Filters: 64, Window: 3, Padding: 1, Stride: 2, Groups: 64),
        new("depthwise 5 x 5", Size: 14, Channels: 96, Filters: 96, Window: 5, Padding: 2, Groups: 96),
        new("depthwise 7 x 7", Size: 14, Channels: 96, Filters: 96, Window: 7, Padding: 3, Groups: 96),
        new("depthwise, 7 x 7 x 256", Size: 7, Channels: 256, Filters: 256, Window: 3, Padding: 1, Groups: 256),
        new("depthwise, 24", Size: 28, Channels: 24, Filters: 24, Window: 3, Padding: 1, Groups: 24),
        new("depthwise, 3", Size: 28, Channels: 3, Filters: 3, Window: 3, Padding: 1, Groups: 3),
        new("depthwise, 224 x 224", Size: 224, Channels: 32, Filters: 32, Window: 3, Padding: 1, Groups: 32, Count: 2),
    ];

    /// <summary>Measures and prints.</summary>
    /// <param name="lines">A regular expression; only lines whose names it matches are measured.</param>
    public static int Print(string lines)
    {
        LibTorch.EnsureLoaded();
        torch.set_num_threads(1);
        Console.WriteLine($"{CpuFeatures.Current}; 1 thread");
        Console.WriteLine($"A core's peak: {Peaks()}");
        Console.WriteLine();
        Console.WriteLine(
            $"  {"convolution", -27} {"", -11} {"forward ms", 10} {"GFLOP/s", 8} {"and backward ms", 16} {"GFLOP/s", 8}"
        );
        foreach (var shape in s_shapes)
        {
            Row<float>(shape, "fp32", new(lines));
            Row<ushort>(shape, "bf16", new(lines));
        }
        return 0;
    }

    private static IEnumerable<VectorWidth> Widths => Enum.GetValues<VectorWidth>().Where(VectorWidths.Has).Reverse();

    private static string Peaks() =>
        string.Join(", ", Widths.Select(width => $"{Peak(width):N0} GFLOP/s with {(int)width} bits"));

    /// <summary>The product kernel on matrices in the first-level cache.</summary>
    private static double Peak(VectorWidth width)
    {
        const int rows = 36;
        const int depth = 64;
        const int columns = 64;
        using var memory = new AlignedFloats(rows * depth + depth * columns + rows * columns);
        Action product = width switch
        {
            VectorWidth.Bits512 => () => Product<Wide512>(memory, rows, depth, columns),
            VectorWidth.Bits256 => () => Product<Wide256>(memory, rows, depth, columns),
            _ => () => Product<Wide128>(memory, rows, depth, columns),
        };
        const int times = 100;
        var seconds = Statistics.MedianSecondsOver(
            0.1,
            0.2,
            () =>
            {
                for (var i = 0; i < times; i++)
                    product();
            }
        );
        return 2.0 * times * rows * depth * columns / seconds / 1e9;
    }

    private static unsafe void Product<TWide>(AlignedFloats memory, int rows, int depth, int columns)
        where TWide : struct, IWide<TWide>
    {
        var left = memory.Pointer;
        var right = left + rows * depth;
        MatrixProduct.Compute<TWide>(
            new(left, depth),
            new(right, columns),
            new(right + depth * columns, columns),
            rows,
            depth,
            columns,
            add: false
        );
    }

    private static void Row<T>(ConvShape shape, string precision, Regex lines)
        where T : unmanaged
    {
        var name = $"{shape.Name} {precision}";
        if (lines.IsMatch($"{name} libtorch"))
        {
            using var theirs = new LibtorchConv(shape, typeof(T) == typeof(float));
            Write(name, "libtorch", shape, theirs.Forward, theirs.Both);
        }
        foreach (var width in Widths.Where(width => lines.IsMatch($"{name} {(int)width}")))
        {
            using var ours = new OwnConv<T>(shape, width);
            Write(name, $"{(int)width} bits", shape, ours.Forward, ours.Both);
            if (ours.CanPool)
                Write(name, $"{(int)width}, pooled", shape, ours.ForwardPooled, ours.BothPooled);
        }
    }

    private static void Write(string name, string what, ConvShape shape, Action forward, Action both)
    {
        var once = Statistics.MedianSecondsOver(0.3, 0.3, forward);
        var twice = Statistics.MedianSecondsOver(0.3, 0.3, both);
        Console.WriteLine(
            $"  {name, -27} {what, -11} {once * 1e3, 10:N2} {shape.Operations / once / 1e9, 8:N0} {twice * 1e3, 16:N2} {3 * shape.Operations / twice / 1e9, 8:N0}"
        );
    }

    /// <summary>A worker's share of a batch, and a square convolution of it.</summary>
    private sealed record ConvShape(
        string Name,
        int Size,
        int Channels,
        int Filters,
        int Window,
        int Padding,
        int Stride = 1,
        int Groups = 1,
        int Count = 64
    )
    {
        public Shape Input => new(Size, Size, Channels);

        public Shape Output => new(OutputSize, OutputSize, Filters);

        public ConvGeometry Geometry =>
            new(new(Window, Window), new(Stride, Stride), new(1, 1), new(Padding, Padding, Padding, Padding), Groups);

        public int KernelLength => Filters * Window * Window * Channels / Groups;

        public double Operations => 2.0 * Count * OutputSize * OutputSize * KernelLength;

        private int OutputSize => (Size + 2 * Padding - Window) / Stride + 1;
    }

    private sealed class OwnConv<T> : IDisposable
        where T : unmanaged
    {
        private readonly ImageConv _conv;
        private readonly ConvWeights _weights;
        private readonly ConvScratch _scratch;
        private readonly float[] _kernel;
        private readonly float[] _kernelGradient;
        private readonly float[] _bias;
        private readonly Memory<T> _images;
        private readonly Memory<T> _imageGradients;
        private readonly Memory<T> _outputs;
        private readonly Memory<T> _gradients;
        private readonly Memory<T> _pooled;
        private readonly byte[] _which;

        public OwnConv(ConvShape shape, VectorWidth width)
        {
            _conv = ImageConv.Create(shape.Input, shape.Output, shape.Geometry, width);
            _weights = _conv.NewWeights(backward: true);
            _scratch = _conv.NewScratch();
            _kernel = Numbers<float>(shape.KernelLength);
            _kernelGradient = new float[_kernel.Length];
            _bias = new float[shape.Filters];
            _images = Aligned(Numbers<T>(shape.Count * shape.Input.Size));
            _imageGradients = Aligned(new T[_images.Length]);
            _outputs = Aligned(new T[shape.Count * shape.Output.Size]);
            _gradients = Aligned(Numbers<T>(_outputs.Length));
            _pooled = Aligned(Numbers<T>(shape.Count * (shape.Output[0] / 2) * (shape.Output[1] / 2) * shape.Filters));
            _which = new byte[_pooled.Length];
        }

        public bool CanPool => _conv is WinogradConv { CanPool: true };

        public void Forward()
        {
            _conv.TransformWeights(_kernel, _weights, ConvPart.Whole);
            _conv.Forward<T>(_images.Span, _weights, _bias, relu: false, _outputs.Span, _scratch, ConvPart.Whole);
        }

        public void Both()
        {
            Forward();
            _conv.Backward<T>(
                _images.Span,
                _gradients.Span,
                [],
                _weights,
                _kernelGradient,
                _bias,
                _imageGradients.Span,
                _scratch
            );
        }

        public void ForwardPooled()
        {
            _conv.TransformWeights(_kernel, _weights, ConvPart.Whole);
            ((WinogradConv)_conv).ForwardPooled<T>(
                _images.Span,
                _weights,
                _bias,
                new(Relu: true),
                [],
                _pooled.Span,
                _which,
                _scratch,
                ConvPart.Whole
            );
        }

        public void BothPooled()
        {
            ForwardPooled();
            ((WinogradConv)_conv).BackwardPooled<T>(
                _images.Span,
                _pooled.Span,
                _which,
                1,
                _weights,
                _kernelGradient,
                _bias,
                _imageGradients.Span,
                _scratch
            );
        }

        public void Dispose()
        {
            _weights.Dispose();
            _scratch.Dispose();
        }

        /// <summary>The same numbers where a cache line begins, as libtorch's tensors do.</summary>
        private static unsafe Memory<T> Aligned(T[] numbers)
        {
            const int line = 64;
            var memory = GC.AllocateArray<T>(numbers.Length + line / sizeof(T), pinned: true);
            var first = (nint)Unsafe.AsPointer(ref memory[0]) & (line - 1);
            var aligned = memory.AsMemory((int)((line - first) & (line - 1)) / sizeof(T), numbers.Length);
            numbers.CopyTo(aligned);
            return aligned;
        }

        private static TNumber[] Numbers<TNumber>(int length)
            where TNumber : unmanaged
        {
            var random = new Random(1);
            var values = new float[length];
            foreach (ref var value in values.AsSpan())
                value = (float)(random.NextDouble() - 0.5);
            return values is TNumber[] same
                ? same
                : (TNumber[])(object)Array.ConvertAll(values, value => Runtime.Kernels.BFloat16.Round(value));
        }
    }

    /// <summary>libtorch's convolution, in channels-last order.</summary>
    private sealed class LibtorchConv : IDisposable
    {
        private readonly torch.Tensor _images;
        private readonly torch.Tensor _kernel;
        private readonly torch.Tensor _bias;
        private readonly torch.Tensor _gradients;
        private readonly ConvShape _shape;

        public LibtorchConv(ConvShape shape, bool single)
        {
            var type = single ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16;
            _shape = shape;
            _images = ChannelsLast([shape.Count, .. shape.Input.Dimensions.Select(d => (long)d)], type);
            _kernel = ChannelsLast([shape.Filters, shape.Window, shape.Window, shape.Channels / shape.Groups], type);
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
                [_shape.Padding, _shape.Padding],
                [1, 1],
                _shape.Groups
            );

        private static torch.Tensor ChannelsLast(long[] shape, torch.ScalarType type)
        {
            using var scope = torch.NewDisposeScope();
            return torch.randn(shape).to_type(type).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
        }
    }
}
