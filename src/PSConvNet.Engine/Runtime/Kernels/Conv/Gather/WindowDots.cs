using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Numbers of a window that lie side by side in memory.</summary>
/// <param name="Offset">From the window's pixel.</param>
/// <param name="Length">How many numbers.</param>
internal readonly record struct WindowSpan(int Offset, int Length);

/// <summary>Sums of products of windows, which are read where they are, by the weights of few filters.</summary>
/// <remarks>
/// <see cref="WindowProducts{TWide}"/> would have vectors of filters that are mostly empty. Here vectors lie along the windows, and the lanes of each sum are added up
/// at the end. Fast because eight windows are summed in eight registers, so that each load of weights serves eight products. What a piece's last vector has beyond
/// the piece is set to 0. Multiplying it by a weight of 0 isn't enough, because it may be a NaN or an infinity.
/// </remarks>
internal static unsafe class WindowDots<TWide>
    where TWide : struct, IWide<TWide>
{
    private const int Together = 8;

    /// <summary>What adding up lanes costs, in products of vectors.</summary>
    public const int CostOfSum = 8;

    /// <summary>Computes the sums of some filters.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="spans">The pieces of a window.</param>
    /// <param name="weights">The weights of each filter, piece by piece, each in whole vectors that zeros fill up.</param>
    /// <param name="length">The length of a filter's weights.</param>
    /// <param name="filters">How many filters.</param>
    /// <param name="bias">A number per filter, or null.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="results">Receives each window's row of sums at its target.</param>
    public static void Compute(
        WindowList windows,
        WindowSpan[] spans,
        float* weights,
        int length,
        int filters,
        float* bias,
        bool relu,
        float* results
    )
    {
        var pixels = stackalloc float*[Together];
        var sums = stackalloc float[Together];
        // A vector from here has ones in as many lanes as it begins before the middle.
        var masks = stackalloc uint[2 * TWide.Lanes];
        new Span<uint>(masks, TWide.Lanes).Fill(uint.MaxValue);
        new Span<uint>(masks + TWide.Lanes, TWide.Lanes).Clear();
        var middle = (float*)masks + TWide.Lanes;
        fixed (WindowSpan* first = spans)
        {
            for (var window = 0; window < windows.Count; window += Together)
            {
                var count = Math.Min(Together, windows.Count - window);
                for (var i = 0; i < Together; i++)
                    pixels[i] = windows.Start + windows.Pixels[window + Math.Min(i, count - 1)];
                for (var filter = 0; filter < filters; filter++)
                {
                    Eight(pixels, first, first + spans.Length, weights + (nint)filter * length, middle, sums);
                    var shift = bias == null ? 0 : bias[filter];
                    for (var i = 0; i < count; i++)
                    {
                        var sum = sums[i] + shift;
                        results[windows.Targets[window + i] + filter] = relu && sum <= 0 ? 0 : sum;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(
        float** pixels,
        WindowSpan* span,
        WindowSpan* end,
        float* weights,
        float* masks,
        float* sums
    )
    {
        var (a, b, c, d) = (TWide.Zero, TWide.Zero, TWide.Zero, TWide.Zero);
        var (e, f, g, h) = (TWide.Zero, TWide.Zero, TWide.Zero, TWide.Zero);
        float* p0 = pixels[0],
            p1 = pixels[1],
            p2 = pixels[2],
            p3 = pixels[3],
            p4 = pixels[4],
            p5 = pixels[5],
            p6 = pixels[6],
            p7 = pixels[7];
        for (; span < end; span++)
        {
            nint at = span->Offset;
            var last = at + span->Length - TWide.Lanes;
            for (; at <= last; at += TWide.Lanes, weights += TWide.Lanes)
            {
                var weight = TWide.Load(weights);
                a = TWide.MultiplyAdd(weight, TWide.Load(p0 + at), a);
                b = TWide.MultiplyAdd(weight, TWide.Load(p1 + at), b);
                c = TWide.MultiplyAdd(weight, TWide.Load(p2 + at), c);
                d = TWide.MultiplyAdd(weight, TWide.Load(p3 + at), d);
                e = TWide.MultiplyAdd(weight, TWide.Load(p4 + at), e);
                f = TWide.MultiplyAdd(weight, TWide.Load(p5 + at), f);
                g = TWide.MultiplyAdd(weight, TWide.Load(p6 + at), g);
                h = TWide.MultiplyAdd(weight, TWide.Load(p7 + at), h);
            }
            var rest = last + TWide.Lanes - at;
            if (rest > 0)
            {
                var weight = TWide.Load(weights);
                var mask = TWide.Load(masks - rest);
                weights += TWide.Lanes;
                a = TWide.MultiplyAdd(weight, mask & TWide.Load(p0 + at), a);
                b = TWide.MultiplyAdd(weight, mask & TWide.Load(p1 + at), b);
                c = TWide.MultiplyAdd(weight, mask & TWide.Load(p2 + at), c);
                d = TWide.MultiplyAdd(weight, mask & TWide.Load(p3 + at), d);
                e = TWide.MultiplyAdd(weight, mask & TWide.Load(p4 + at), e);
                f = TWide.MultiplyAdd(weight, mask & TWide.Load(p5 + at), f);
                g = TWide.MultiplyAdd(weight, mask & TWide.Load(p6 + at), g);
                h = TWide.MultiplyAdd(weight, mask & TWide.Load(p7 + at), h);
            }
        }
        var lanes = stackalloc float[TWide.Lanes];
        sums[0] = Sum(a, lanes);
        sums[1] = Sum(b, lanes);
        sums[2] = Sum(c, lanes);
        sums[3] = Sum(d, lanes);
        sums[4] = Sum(e, lanes);
        sums[5] = Sum(f, lanes);
        sums[6] = Sum(g, lanes);
        sums[7] = Sum(h, lanes);
    }

    /// <summary>The sum of a vector's lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(TWide vector, float* lanes)
    {
        vector.Store(lanes);
        var sum = Vector128.Load(lanes);
        for (var i = Vector128<float>.Count; i < TWide.Lanes; i += Vector128<float>.Count)
            sum += Vector128.Load(lanes + i);
        return Vector128.Sum(sum);
    }
}
