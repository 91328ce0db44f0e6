using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A convolution of one image in channels-last order by direct sums, and the gradient of its weights. Weights are laid out tap by tap, the
/// filters of a tap side by side; taps are padded to a multiple of five.
/// </summary>
/// <remarks>
/// Fast because eight pixels times sixteen filters are summed in eight registers, which are stored once, so that each load of weights serves
/// eight pixels; the gradient sums five taps in five registers, so that each load of a gradient serves five taps. libtorch lays the windows out as
/// columns or pads the channels, which costs more than the arithmetic where there are few channels. The plain version is PlainConv in the tests.
/// </remarks>
internal sealed class ConvLoops
{
    /// <summary>Filters at a time; the number of filters must be a multiple.</summary>
    public const int Filters = 16;

    /// <summary>Pixels of a row at a time; a row must have at least as many.</summary>
    public const int Pixels = 8;

    private const int TapsAtOnce = 5;

    // Copies of the shapes' numbers, which the loops read for every block.
    private readonly int _imageSize;
    private readonly int _height;
    private readonly int _width;
    private readonly int _filters;
    private readonly int _rowStep;
    private readonly int _pixelStep;
    private readonly int _taps;
    private readonly int[] _offsets;

    public ConvLoops(Shape input, Shape output, Window window, Window stride)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output[2] % Filters, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(output[1], Pixels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((output[0] - 1) * stride.Height + window.Height, input[0]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((output[1] - 1) * stride.Width + window.Width, input[1]);
        _imageSize = input.Size;
        (_height, _width, _filters) = (output[0], output[1], output[2]);
        _rowStep = stride.Height * input[1] * input[2];
        _pixelStep = stride.Width * input[2];
        _taps = window.Height * window.Width * input[2];
        _offsets = new int[(_taps + TapsAtOnce - 1) / TapsAtOnce * TapsAtOnce];
        for (var tap = 0; tap < _taps; tap++)
        {
            var (row, rest) = (tap / (window.Width * input[2]), tap % (window.Width * input[2]));
            _offsets[tap] = row * input[1] * input[2] + rest;
        }
    }

    /// <summary>The length of weights laid out tap by tap.</summary>
    public int WeightCount => _offsets.Length * _filters;

    /// <summary>Values in a row of outputs.</summary>
    public int RowSize => _width * _filters;

    /// <summary>Weights as parameters have them, filter by filter, in the layout of the loops, tap by tap.</summary>
    public float[] Transpose(ReadOnlySpan<float> kernel)
    {
        var filters = _filters;
        var weights = new float[WeightCount];
        for (var filter = 0; filter < filters; filter++)
        for (var tap = 0; tap < _taps; tap++)
            weights[tap * filters + filter] = kernel[filter * _taps + tap];
        return weights;
    }

    /// <summary>The inverse of <see cref="Transpose"/>.</summary>
    public void TransposeBack(ReadOnlySpan<float> weights, Span<float> kernel)
    {
        var filters = _filters;
        for (var filter = 0; filter < filters; filter++)
        for (var tap = 0; tap < _taps; tap++)
            kernel[filter * _taps + tap] = weights[tap * filters + filter];
    }

    /// <summary>Computes one row of outputs.</summary>
    /// <param name="image">The whole image.</param>
    /// <param name="y">The row, from 0.</param>
    /// <param name="weights">As <see cref="Transpose"/> gives them.</param>
    /// <param name="bias">One number per filter.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="row">Receives width x filters values.</param>
    public void Forward(
        ReadOnlySpan<float> image,
        int y,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        bool relu,
        Span<float> row
    )
    {
        Check(image, y, weights, row);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, _filters);
        ref var target = ref MemoryMarshal.GetReference(row);
        for (var left = 0; left < _width; left += Pixels)
        {
            // The last block of a row overlaps the one before, and computes the same values again.
            var x = Math.Min(left, _width - Pixels);
            for (var filter = 0; filter < _filters; filter += Filters)
            {
                ref var block = ref Unsafe.Add(ref target, x * _filters + filter);
                Sum(image, y, x, filter, weights, bias, relu, ref block);
            }
        }
    }

    /// <summary>Adds the contribution of one row of outputs to the gradient of the weights.</summary>
    /// <param name="image">The whole image.</param>
    /// <param name="y">The row, from 0.</param>
    /// <param name="gradient">The gradient with respect to the row's outputs: width x filters.</param>
    /// <param name="weights">The sums so far.</param>
    public void Backward(ReadOnlySpan<float> image, int y, ReadOnlySpan<float> gradient, Span<float> weights)
    {
        Check(image, y, weights, gradient);
        for (var filter = 0; filter < _filters; filter += Filters)
        for (var tap = 0; tap < _offsets.Length; tap += TapsAtOnce)
            SumTaps(image, y, gradient, filter, tap, weights);
    }

    /// <summary>Adds a row's gradients to those of the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BackwardBias(ReadOnlySpan<float> gradient, Span<float> bias)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, RowSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, _filters);
        for (var filter = 0; filter < bias.Length; filter += Filters)
        {
            var sum = Vector512.Create<float>(bias[filter..]);
            for (var at = filter; at < gradient.Length; at += bias.Length)
                sum += Vector512.Create(gradient[at..]);
            sum.CopyTo(bias[filter..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c)
    {
        if (Avx512F.IsSupported)
            return Avx512F.FusedMultiplyAdd(a, b, c);
        return Fma.IsSupported
            ? Vector512.Create(
                Fma.MultiplyAdd(a.GetLower(), b.GetLower(), c.GetLower()),
                Fma.MultiplyAdd(a.GetUpper(), b.GetUpper(), c.GetUpper())
            )
            : a * b + c;
    }

    /// <summary>The loops access memory without bounds checks, so lengths are checked here and in the constructor.</summary>
    private void Check(ReadOnlySpan<float> image, int y, ReadOnlySpan<float> weights, ReadOnlySpan<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, _imageSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)_height);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, WeightCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, RowSize);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Relu(Vector512<float> value) =>
        Vector512.AndNot(value, Vector512.LessThanOrEqual(value, Vector512<float>.Zero));

    /// <summary>Eight pixels times sixteen filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(
        ReadOnlySpan<float> image,
        int y,
        int x,
        int filter,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        bool relu,
        ref float block
    )
    {
        var step = (nint)(_pixelStep);
        ref var pixel = ref Unsafe.Add(ref MemoryMarshal.GetReference(image), y * _rowStep + x * step);
        ref var weight = ref Unsafe.Add(ref MemoryMarshal.GetReference(weights), filter);
        var filters = (nuint)_filters;
        var start = Vector512.Create(bias[filter..]);
        var (a, b, c, d, e, f, g, h) = (start, start, start, start, start, start, start, start);
        var offsets = _offsets;
        for (var tap = 0; tap < _taps; tap++)
        {
            var w = Vector512.LoadUnsafe(ref weight, (nuint)tap * filters);
            ref var at = ref Unsafe.Add(ref pixel, offsets[tap]);
            a = MultiplyAdd(Vector512.Create(at), w, a);
            b = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, step)), w, b);
            c = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 2 * step)), w, c);
            d = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 3 * step)), w, d);
            e = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 4 * step)), w, e);
            f = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 5 * step)), w, f);
            g = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 6 * step)), w, g);
            h = MultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 7 * step)), w, h);
        }
        if (relu)
        {
            (a, b, c, d) = (Relu(a), Relu(b), Relu(c), Relu(d));
            (e, f, g, h) = (Relu(e), Relu(f), Relu(g), Relu(h));
        }
        a.StoreUnsafe(ref block);
        b.StoreUnsafe(ref block, filters);
        c.StoreUnsafe(ref block, 2 * filters);
        d.StoreUnsafe(ref block, 3 * filters);
        e.StoreUnsafe(ref block, 4 * filters);
        f.StoreUnsafe(ref block, 5 * filters);
        g.StoreUnsafe(ref block, 6 * filters);
        h.StoreUnsafe(ref block, 7 * filters);
    }

    /// <summary>Five taps times sixteen filters, summed over a row. Each row's sum starts at zero, which keeps rounding errors small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumTaps(
        ReadOnlySpan<float> image,
        int y,
        ReadOnlySpan<float> gradient,
        int filter,
        int tap,
        Span<float> weights
    )
    {
        ref var g = ref Unsafe.Add(ref MemoryMarshal.GetReference(gradient), filter);
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(image), y * _rowStep);
        nint o0 = _offsets[tap],
            o1 = _offsets[tap + 1],
            o2 = _offsets[tap + 2],
            o3 = _offsets[tap + 3],
            o4 = _offsets[tap + 4];
        var zero = Vector512<float>.Zero;
        var (a, b, c, d, e) = (zero, zero, zero, zero, zero);
        var step = (nint)(_pixelStep);
        var filters = (nuint)_filters;
        var end = (nuint)_width * filters;
        for (nuint at = 0; at < end; at += filters, from = ref Unsafe.Add(ref from, step))
        {
            var value = Vector512.LoadUnsafe(ref g, at);
            a = MultiplyAdd(Vector512.Create(Unsafe.Add(ref from, o0)), value, a);
            b = MultiplyAdd(Vector512.Create(Unsafe.Add(ref from, o1)), value, b);
            c = MultiplyAdd(Vector512.Create(Unsafe.Add(ref from, o2)), value, c);
            d = MultiplyAdd(Vector512.Create(Unsafe.Add(ref from, o3)), value, d);
            e = MultiplyAdd(Vector512.Create(Unsafe.Add(ref from, o4)), value, e);
        }
        ref var sums = ref Unsafe.Add(ref MemoryMarshal.GetReference(weights), tap * _filters + filter);
        (Vector512.LoadUnsafe(ref sums) + a).StoreUnsafe(ref sums);
        (Vector512.LoadUnsafe(ref sums, filters) + b).StoreUnsafe(ref sums, filters);
        (Vector512.LoadUnsafe(ref sums, 2 * filters) + c).StoreUnsafe(ref sums, 2 * filters);
        (Vector512.LoadUnsafe(ref sums, 3 * filters) + d).StoreUnsafe(ref sums, 3 * filters);
        (Vector512.LoadUnsafe(ref sums, 4 * filters) + e).StoreUnsafe(ref sums, 4 * filters);
    }
}
