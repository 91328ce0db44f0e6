using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A convolution of one image in channels-last order by direct sums, sixteen filters and four pixels at a time, and the gradient of
/// its weights. Weights are laid out tap by tap, all filters of a tap side by side; taps are filled up to a multiple of four.
/// </summary>
internal sealed class ConvLoops
{
    /// <summary>Filters at a time; the number of filters must be a multiple.</summary>
    public const int Filters = 16;

    /// <summary>Pixels of a row at a time; a row must have as many.</summary>
    public const int Pixels = 4;

    private const int Half = Filters / 2;
    private const int TapsAtOnce = 4;

    private readonly Shape _input;
    private readonly Shape _output;
    private readonly Window _stride;
    private readonly int _taps;
    private readonly int[] _offsets;

    public ConvLoops(Shape input, Shape output, Window window, Window stride)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output[2] % Filters, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(output[1], Pixels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((output[0] - 1) * stride.Height + window.Height, input[0]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((output[1] - 1) * stride.Width + window.Width, input[1]);
        (_input, _output, _stride) = (input, output, stride);
        _taps = window.Height * window.Width * input[2];
        _offsets = new int[(_taps + TapsAtOnce - 1) / TapsAtOnce * TapsAtOnce];
        for (var tap = 0; tap < _taps; tap++)
        {
            var (row, rest) = (tap / (window.Width * input[2]), tap % (window.Width * input[2]));
            _offsets[tap] = row * input[1] * input[2] + rest;
        }
    }

    /// <summary>The length of weights laid out tap by tap.</summary>
    public int WeightCount => _offsets.Length * _output[2];

    /// <summary>From a filter's taps side by side to a tap's filters side by side.</summary>
    public float[] Transpose(ReadOnlySpan<float> kernel)
    {
        var filters = _output[2];
        var weights = new float[WeightCount];
        for (var filter = 0; filter < filters; filter++)
        for (var tap = 0; tap < _taps; tap++)
            weights[tap * filters + filter] = kernel[filter * _taps + tap];
        return weights;
    }

    /// <summary>The way back.</summary>
    public void TransposeBack(ReadOnlySpan<float> weights, Span<float> kernel)
    {
        var filters = _output[2];
        for (var filter = 0; filter < filters; filter++)
        for (var tap = 0; tap < _taps; tap++)
            kernel[filter * _taps + tap] = weights[tap * filters + filter];
    }

    /// <summary>Sets the gradient to zero where ReLU gave zero. A NaN passes it on.</summary>
    public static void KeepAlive(Span<float> gradient, ReadOnlySpan<float> output)
    {
        for (var i = 0; i < gradient.Length; i += Half)
        {
            var dead = Vector256.LessThanOrEqual(Vector256.Create(output[i..]), Vector256<float>.Zero);
            Vector256.AndNot(Vector256.Create<float>(gradient[i..]), dead).CopyTo(gradient[i..]);
        }
    }

    /// <summary>The same for outputs in bfloat16.</summary>
    public static void KeepAlive(Span<float> gradient, ReadOnlySpan<ushort> output)
    {
        for (var i = 0; i < gradient.Length; i += Filters)
        {
            var (low, high) = BFloat16.Widen(Vector256.Create(output[i..]));
            KeepAlive(gradient.Slice(i, Half), low);
            KeepAlive(gradient.Slice(i + Half, Half), high);
        }
    }

    /// <summary>Computes all outputs of one image, into fp32 or into bfloat16, whichever is not empty.</summary>
    public void Forward(
        ReadOnlySpan<float> image,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        bool relu,
        Span<float> full,
        Span<ushort> reduced
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, _input.Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, WeightCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, _output[2]);
        ArgumentOutOfRangeException.ThrowIfNotEqual(full.Length + reduced.Length, _output.Size);
        Span<float> block = stackalloc float[Pixels * Filters];
        var step = _stride.Width * _input[2];
        for (var y = 0; y < _output[0]; y++)
        for (var left = 0; left < _output[1]; left += Pixels)
        {
            // The last ones of a row overlap those before them, and come to the same.
            var x = Math.Min(left, _output[1] - Pixels);
            var corner = y * _stride.Height * _input[1] * _input[2] + x * step;
            for (var filter = 0; filter < _output[2]; filter += Filters)
            {
                Sum(image, corner, step, weights[filter..], bias[filter..], block);
                for (var pixel = 0; pixel < Pixels; pixel++)
                {
                    var low = Vector256.Create<float>(block[(pixel * Filters)..]);
                    var high = Vector256.Create<float>(block[(pixel * Filters + Half)..]);
                    if (relu)
                        (low, high) = (Relu(low), Relu(high));
                    var at = (y * _output[1] + x + pixel) * _output[2] + filter;
                    if (full.IsEmpty)
                    {
                        BFloat16.Round(low, high).CopyTo(reduced[at..]);
                    }
                    else
                    {
                        low.CopyTo(full[at..]);
                        high.CopyTo(full[(at + Half)..]);
                    }
                }
            }
        }
    }

    /// <summary>Adds one image's share to the gradients of weights (tap by tap) and biases.</summary>
    public void Backward(ReadOnlySpan<float> image, ReadOnlySpan<float> gradient, Span<float> weights, Span<float> bias)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, _input.Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, _output.Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, WeightCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, _output[2]);
        for (var filter = 0; filter < _output[2]; filter += Filters)
        {
            SumBias(gradient, filter, bias);
            for (var tap = 0; tap < _offsets.Length; tap += TapsAtOnce)
                SumTaps(image, gradient, filter, tap, weights);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, c) : a * b + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Relu(Vector256<float> values) =>
        Vector256.AndNot(values, Vector256.LessThanOrEqual(values, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KeepAlive(Span<float> gradient, Vector256<float> output) =>
        Vector256
            .AndNot(Vector256.Create<float>(gradient), Vector256.LessThanOrEqual(output, Vector256<float>.Zero))
            .CopyTo(gradient);

    /// <summary>Four pixels times sixteen filters. The constructor and the callers' checks keep every place inside.</summary>
    private void Sum(
        ReadOnlySpan<float> image,
        int corner,
        int step,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> block
    )
    {
        ref var pixel = ref Unsafe.Add(ref MemoryMarshal.GetReference(image), corner);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        var filters = _output[2];
        var (low, high) = (Vector256.Create(bias), Vector256.Create(bias[Half..]));
        var (a0, a1, b0, b1, c0, c1, d0, d1) = (low, high, low, high, low, high, low, high);
        var offsets = _offsets;
        for (var tap = 0; tap < _taps; tap++)
        {
            var w0 = Vector256.LoadUnsafe(ref weight, (nuint)(tap * filters));
            var w1 = Vector256.LoadUnsafe(ref weight, (nuint)(tap * filters + Half));
            ref var at = ref Unsafe.Add(ref pixel, offsets[tap]);
            var x = Vector256.Create(at);
            a0 = MultiplyAdd(x, w0, a0);
            a1 = MultiplyAdd(x, w1, a1);
            x = Vector256.Create(Unsafe.Add(ref at, step));
            b0 = MultiplyAdd(x, w0, b0);
            b1 = MultiplyAdd(x, w1, b1);
            x = Vector256.Create(Unsafe.Add(ref at, 2 * step));
            c0 = MultiplyAdd(x, w0, c0);
            c1 = MultiplyAdd(x, w1, c1);
            x = Vector256.Create(Unsafe.Add(ref at, 3 * step));
            d0 = MultiplyAdd(x, w0, d0);
            d1 = MultiplyAdd(x, w1, d1);
        }
        a0.CopyTo(block);
        a1.CopyTo(block[Half..]);
        b0.CopyTo(block[(2 * Half)..]);
        b1.CopyTo(block[(3 * Half)..]);
        c0.CopyTo(block[(4 * Half)..]);
        c1.CopyTo(block[(5 * Half)..]);
        d0.CopyTo(block[(6 * Half)..]);
        d1.CopyTo(block[(7 * Half)..]);
    }

    private void SumBias(ReadOnlySpan<float> gradient, int filter, Span<float> bias)
    {
        var (low, high) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var at = filter; at < gradient.Length; at += _output[2])
        {
            low += Vector256.Create(gradient[at..]);
            high += Vector256.Create(gradient[(at + Half)..]);
        }
        (Vector256.Create<float>(bias[filter..]) + low).CopyTo(bias[filter..]);
        (Vector256.Create<float>(bias[(filter + Half)..]) + high).CopyTo(bias[(filter + Half)..]);
    }

    /// <summary>Four taps times sixteen filters, over all pixels; begins at zero so that rounding stays small.</summary>
    private void SumTaps(
        ReadOnlySpan<float> image,
        ReadOnlySpan<float> gradient,
        int filter,
        int tap,
        Span<float> weights
    )
    {
        ref var g = ref MemoryMarshal.GetReference(gradient);
        ref var pixel = ref MemoryMarshal.GetReference(image);
        var (o0, o1, o2, o3) = (_offsets[tap], _offsets[tap + 1], _offsets[tap + 2], _offsets[tap + 3]);
        var zero = Vector256<float>.Zero;
        var (a0, a1, b0, b1, c0, c1, d0, d1) = (zero, zero, zero, zero, zero, zero, zero, zero);
        var step = _stride.Width * _input[2];
        var at = (nuint)filter;
        for (var y = 0; y < _output[0]; y++)
        {
            ref var from = ref Unsafe.Add(ref pixel, y * _stride.Height * _input[1] * _input[2]);
            for (var x = 0; x < _output[1]; x++, at += (nuint)_output[2], from = ref Unsafe.Add(ref from, step))
            {
                var g0 = Vector256.LoadUnsafe(ref g, at);
                var g1 = Vector256.LoadUnsafe(ref g, at + Half);
                var value = Vector256.Create(Unsafe.Add(ref from, o0));
                a0 = MultiplyAdd(value, g0, a0);
                a1 = MultiplyAdd(value, g1, a1);
                value = Vector256.Create(Unsafe.Add(ref from, o1));
                b0 = MultiplyAdd(value, g0, b0);
                b1 = MultiplyAdd(value, g1, b1);
                value = Vector256.Create(Unsafe.Add(ref from, o2));
                c0 = MultiplyAdd(value, g0, c0);
                c1 = MultiplyAdd(value, g1, c1);
                value = Vector256.Create(Unsafe.Add(ref from, o3));
                d0 = MultiplyAdd(value, g0, d0);
                d1 = MultiplyAdd(value, g1, d1);
            }
        }
        var filters = _output[2];
        Accumulate(weights[(tap * filters + filter)..], a0, a1);
        Accumulate(weights[((tap + 1) * filters + filter)..], b0, b1);
        Accumulate(weights[((tap + 2) * filters + filter)..], c0, c1);
        Accumulate(weights[((tap + 3) * filters + filter)..], d0, d1);
    }

    private static void Accumulate(Span<float> sums, Vector256<float> low, Vector256<float> high)
    {
        (Vector256.Create<float>(sums) + low).CopyTo(sums);
        (Vector256.Create<float>(sums[Half..]) + high).CopyTo(sums[Half..]);
    }
}
