using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A row or column of a tile of 7 x 7 outputs at the points 0, 1, -1, 1/2, -1/2, 3/2, -3/2, 4 and -4. All factors but the kernel's are exact in fp32.
/// </summary>
/// <remarks>
/// <para>
/// With P(y) = (y - 1)(y - 1/4)(y - 9/4)(y - 16), whose roots are the squares of the points, the inputs' polynomial of point 0 is P(x²), and those of p and -p are
/// x (x + p) R(x²) and x (x - p) R(x²) with R(y) = P(y) / (y - p²) = y³ - a y² + b y - c. So a pair shares its even and its odd part.
/// </para>
/// <para>
/// Rounding decides which points these are: with 64 channels outputs are off by 7e-6 of their size, those of tiles of 4 x 4 by 1.4e-6. Points that are the
/// tangents of equally distant angles do best, which these nearly are; with 0, 1, 2, 1/2 and a further one it is 2e-5 and more.
/// </para>
/// </remarks>
internal static unsafe class NinePoints
{
    public const int Count = 9;

    /// <summary>As <see cref="IWinogradTile.Kernel"/>. A point's weights are divided by P(0) or by 2 p² R(p²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var (w0, w1, w2) = (TWide.Load(from), TWide.Load(from + step), TWide.Load(from + 2 * step));
        (TWide.Broadcast(1 / 9f) * w0).Store(to);
        KernelPair(1, 8 / 225f, w0, w1, w2, to + toStep, toStep);
        KernelPair(0.5f, -16 / 189f, w0, w1, w2, to + 3 * toStep, toStep);
        KernelPair(1.5f, -16 / 2475f, w0, w1, w2, to + 5 * toStep, toStep);
        KernelPair(4, 1 / 103950f, w0, w1, w2, to + 7 * toStep, toStep);
    }

    /// <summary>As <see cref="IWinogradTile.KernelAdjoint"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var (sum1, odd1) = Pair<TWide>(from + step, step, 8 / 225f);
        var (sum2, odd2) = Pair<TWide>(from + 3 * step, step, -16 / 189f);
        var (sum3, odd3) = Pair<TWide>(from + 5 * step, step, -16 / 2475f);
        var (sum4, odd4) = Pair<TWide>(from + 7 * step, step, 1 / 103950f);
        var w0 = TWide.MultiplyAdd(TWide.Broadcast(1 / 9f), TWide.Load(from), sum1 + sum2);
        (w0 + (sum3 + sum4)).Store(to);
        Sum(odd1, 0.5f, odd2, 1.5f, odd3, 4, odd4).Store(to + toStep);
        Sum(sum1, 0.25f, sum2, 2.25f, sum3, 16, sum4).Store(to + 2 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelPair<TWide>(float x, float share, TWide w0, TWide w1, TWide w2, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var even = TWide.MultiplyAdd(TWide.Broadcast(x * x * share), w2, TWide.Broadcast(share) * w0);
        var odd = TWide.Broadcast(x * share) * w1;
        (even + odd).Store(to);
        (even - odd).Store(to + toStep);
    }

    /// <summary>The sum of the numbers of a pair of points, and their difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TWide Sum, TWide Difference) Pair<TWide>(float* from, nint step)
        where TWide : struct, IWide<TWide>
    {
        var (plus, minus) = (TWide.Load(from), TWide.Load(from + step));
        return (plus + minus, plus - minus);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TWide Sum, TWide Difference) Pair<TWide>(float* from, nint step, float factor)
        where TWide : struct, IWide<TWide>
    {
        var (sum, difference) = Pair<TWide>(from, step);
        return (TWide.Broadcast(factor) * sum, TWide.Broadcast(factor) * difference);
    }

    /// <summary>a + fb b + fc c + fd d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Sum<TWide>(TWide a, float fb, TWide b, float fc, TWide c, float fd, TWide d)
        where TWide : struct, IWide<TWide> =>
        TWide.MultiplyAdd(
            TWide.Broadcast(fd),
            d,
            TWide.MultiplyAdd(TWide.Broadcast(fc), c, TWide.MultiplyAdd(TWide.Broadcast(fb), b, a))
        );

    /// <summary>As <see cref="IWinogradTile.Inputs"/>.</summary>
    public readonly struct Inputs : ITileLine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transform<TWide>(float* from, nint step, float* to, nint toStep)
            where TWide : struct, IWide<TWide>
        {
            var (d1, d2) = (TWide.Load(from + step), TWide.Load(from + 2 * step));
            var (d3, d4) = (TWide.Load(from + 3 * step), TWide.Load(from + 4 * step));
            var (d5, d6) = (TWide.Load(from + 5 * step), TWide.Load(from + 6 * step));
            var (d7, d8) = (TWide.Load(from + 7 * step), TWide.Load(from + 8 * step));
            var zeroth = TWide.MultiplyAdd(TWide.Broadcast(9), TWide.Load(from), d8);
            Sum(zeroth, -19.5f, d6, 59.0625f, d4, -49.5625f, d2).Store(to);
            Store(
                1,
                Sum(d8, -18.5f, d6, 40.5625f, d4, -9, d2),
                Sum(d7, -18.5f, d5, 40.5625f, d3, -9, d1),
                to + toStep,
                toStep
            );
            Store(
                0.5f,
                Sum(d8, -19.25f, d6, 54.25f, d4, -36, d2),
                Sum(d7, -19.25f, d5, 54.25f, d3, -36, d1),
                to + 3 * toStep,
                toStep
            );
            Store(
                1.5f,
                Sum(d8, -17.25f, d6, 20.25f, d4, -4, d2),
                Sum(d7, -17.25f, d5, 20.25f, d3, -4, d1),
                to + 5 * toStep,
                toStep
            );
            Store(
                4,
                Sum(d8, -3.5f, d6, 3.0625f, d4, -0.5625f, d2),
                Sum(d7, -3.5f, d5, 3.0625f, d3, -0.5625f, d1),
                to + 7 * toStep,
                toStep
            );
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store<TWide>(float x, TWide even, TWide odd, float* to, nint toStep)
            where TWide : struct, IWide<TWide>
        {
            TWide.MultiplyAdd(TWide.Broadcast(x), odd, even).Store(to);
            TWide.MultiplyAdd(TWide.Broadcast(-x), odd, even).Store(to + toStep);
        }
    }

    /// <summary>The transposed matrix of <see cref="Inputs"/>.</summary>
    public readonly struct InputsAdjoint : ITileLine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transform<TWide>(float* from, nint step, float* to, nint toStep)
            where TWide : struct, IWide<TWide> => Transform<TWide>(from, step, to, toStep, add: false);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transform<TWide>(float* from, nint step, float* to, nint toStep, bool add)
            where TWide : struct, IWide<TWide>
        {
            var zeroth = TWide.Load(from);
            var (sum1, odd1) = Pair<TWide>(from + step, step);
            var (sum2, odd2) = Pair<TWide>(from + 3 * step, step);
            var (sum3, odd3) = Pair<TWide>(from + 5 * step, step);
            var (sum4, odd4) = Pair<TWide>(from + 7 * step, step);
            (odd2, odd3, odd4) = (
                TWide.Broadcast(0.5f) * odd2,
                TWide.Broadcast(1.5f) * odd3,
                TWide.Broadcast(4) * odd4
            );
            Store(TWide.Broadcast(9) * zeroth, to, add);
            Store(Sum(TWide.Broadcast(-9) * odd1, -36, odd2, -4, odd3, -0.5625f, odd4), to + toStep, add);
            Store(Sum(Times(-49.5625f, zeroth, -9, sum1), -36, sum2, -4, sum3, -0.5625f, sum4), to + 2 * toStep, add);
            Store(
                Sum(TWide.Broadcast(40.5625f) * odd1, 54.25f, odd2, 20.25f, odd3, 3.0625f, odd4),
                to + 3 * toStep,
                add
            );
            Store(
                Sum(Times(59.0625f, zeroth, 40.5625f, sum1), 54.25f, sum2, 20.25f, sum3, 3.0625f, sum4),
                to + 4 * toStep,
                add
            );
            Store(Sum(TWide.Broadcast(-18.5f) * odd1, -19.25f, odd2, -17.25f, odd3, -3.5f, odd4), to + 5 * toStep, add);
            Store(
                Sum(Times(-19.5f, zeroth, -18.5f, sum1), -19.25f, sum2, -17.25f, sum3, -3.5f, sum4),
                to + 6 * toStep,
                add
            );
            Store(odd1 + odd2 + (odd3 + odd4), to + 7 * toStep, add);
            Store(zeroth + (sum1 + sum2) + (sum3 + sum4), to + 8 * toStep, add);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TWide Times<TWide>(float fa, TWide a, float fb, TWide b)
            where TWide : struct, IWide<TWide> => TWide.MultiplyAdd(TWide.Broadcast(fb), b, TWide.Broadcast(fa) * a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store<TWide>(TWide value, float* to, bool add)
            where TWide : struct, IWide<TWide> => (add ? TWide.Load(to) + value : value).Store(to);
    }

    /// <summary>As <see cref="InputsAdjoint"/>, added to what is there.</summary>
    public readonly struct AddedInputsAdjoint : ITileLine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transform<TWide>(float* from, nint step, float* to, nint toStep)
            where TWide : struct, IWide<TWide> => InputsAdjoint.Transform<TWide>(from, step, to, toStep, add: true);
    }

    /// <summary>As <see cref="IWinogradTile.Outputs"/>.</summary>
    public readonly struct Outputs : ITileLine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transform<TWide>(float* from, nint step, float* to, nint toStep)
            where TWide : struct, IWide<TWide>
        {
            var (sum1, odd1) = Pair<TWide>(from + step, step);
            var (sum2, odd2) = Pair<TWide>(from + 3 * step, step);
            var (sum3, odd3) = Pair<TWide>(from + 5 * step, step);
            var (sum4, odd4) = Pair<TWide>(from + 7 * step, step);
            (TWide.Load(from) + (sum1 + sum2) + (sum3 + sum4)).Store(to);
            Sum(odd1, 1 / 2f, odd2, 3 / 2f, odd3, 4, odd4).Store(to + toStep);
            Sum(sum1, 1 / 4f, sum2, 9 / 4f, sum3, 16, sum4).Store(to + 2 * toStep);
            Sum(odd1, 1 / 8f, odd2, 27 / 8f, odd3, 64, odd4).Store(to + 3 * toStep);
            Sum(sum1, 1 / 16f, sum2, 81 / 16f, sum3, 256, sum4).Store(to + 4 * toStep);
            Sum(odd1, 1 / 32f, odd2, 243 / 32f, odd3, 1024, odd4).Store(to + 5 * toStep);
            Sum(sum1, 1 / 64f, sum2, 729 / 64f, sum3, 4096, sum4).Store(to + 6 * toStep);
        }
    }

    /// <summary>The transposed matrix of <see cref="Outputs"/>.</summary>
    public readonly struct OutputsAdjoint : ITileLine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Transform<TWide>(float* from, nint step, float* to, nint toStep)
            where TWide : struct, IWide<TWide>
        {
            var g0 = TWide.Load(from);
            var (g1, g2) = (TWide.Load(from + step), TWide.Load(from + 2 * step));
            var (g3, g4) = (TWide.Load(from + 3 * step), TWide.Load(from + 4 * step));
            var (g5, g6) = (TWide.Load(from + 5 * step), TWide.Load(from + 6 * step));
            g0.Store(to);
            Store(g0 + g2 + (g4 + g6), g1 + g3 + g5, to + toStep, toStep);
            Store(
                Sum(g0, 1 / 4f, g2, 1 / 16f, g4, 1 / 64f, g6),
                Sum(TWide.Broadcast(1 / 2f) * g1, 1 / 8f, g3, 1 / 32f, g5),
                to + 3 * toStep,
                toStep
            );
            Store(
                Sum(g0, 9 / 4f, g2, 81 / 16f, g4, 729 / 64f, g6),
                Sum(TWide.Broadcast(3 / 2f) * g1, 27 / 8f, g3, 243 / 32f, g5),
                to + 5 * toStep,
                toStep
            );
            Store(
                Sum(g0, 16, g2, 256, g4, 4096, g6),
                Sum(TWide.Broadcast(4) * g1, 64, g3, 1024, g5),
                to + 7 * toStep,
                toStep
            );
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TWide Sum<TWide>(TWide a, float fb, TWide b, float fc, TWide c)
            where TWide : struct, IWide<TWide> =>
            TWide.MultiplyAdd(TWide.Broadcast(fc), c, TWide.MultiplyAdd(TWide.Broadcast(fb), b, a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TWide Sum<TWide>(TWide a, float fb, TWide b, float fc, TWide c, float fd, TWide d)
            where TWide : struct, IWide<TWide> => NinePoints.Sum(a, fb, b, fc, c, fd, d);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store<TWide>(TWide even, TWide odd, float* to, nint toStep)
            where TWide : struct, IWide<TWide>
        {
            (even + odd).Store(to);
            (even - odd).Store(to + toStep);
        }
    }
}
