using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The transform of six inputs at the points 0, 1, -1, 2, -2 and infinity, which depends on the points alone and so serves all tiles that have them.
/// Point 0 and infinity are one pair, too: each takes every other input, with the same factors.
/// </summary>
internal static unsafe class SixPoints
{
    public const int Count = 6;

    private const MethodImplOptions Piece = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>As <see cref="IWinogradTile.Inputs"/>.</summary>
    public static void Inputs<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var row = Count * plane;
        TransformRows<TWide, Ends>(from, rowStep, pixelStep, to, to + 5 * row, plane);
        TransformRows<TWide, Ones>(from, rowStep, pixelStep, to + row, to + 2 * row, plane);
        TransformRows<TWide, Twos>(from, rowStep, pixelStep, to + 3 * row, to + 4 * row, plane);
    }

    /// <summary>As <see cref="IWinogradTile.InputsAdjoint"/>.</summary>
    public static void InputsAdjoint<TWide>(float* from, nint plane, float* to, nint rowStep, nint pixelStep)
        where TWide : struct, IWide<TWide>
    {
        AddRows<TWide, OuterRows>(from, plane, to, to + 5 * rowStep, pixelStep);
        AddRows<TWide, EvenRows>(from, plane, to + 2 * rowStep, to + 4 * rowStep, pixelStep);
        AddRows<TWide, OddRows>(from, plane, to + rowStep, to + 3 * rowStep, pixelStep);
    }

    [MethodImpl(Piece)]
    private static void TransformRows<TWide, TPair>(
        float* from,
        nint rowStep,
        nint pixelStep,
        float* first,
        float* second,
        nint plane
    )
        where TWide : struct, IWide<TWide>
        where TPair : struct, IRowPair
    {
        var (a0, b0) = TPair.Of<TWide>(from, rowStep);
        var (a1, b1) = TPair.Of<TWide>(from + pixelStep, rowStep);
        var (a2, b2) = TPair.Of<TWide>(from + 2 * pixelStep, rowStep);
        var (a3, b3) = TPair.Of<TWide>(from + 3 * pixelStep, rowStep);
        var (a4, b4) = TPair.Of<TWide>(from + 4 * pixelStep, rowStep);
        var (a5, b5) = TPair.Of<TWide>(from + 5 * pixelStep, rowStep);
        TransformRow(a0, a1, a2, a3, a4, a5, first, plane);
        TransformRow(b0, b1, b2, b3, b4, b5, second, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformRow<TWide>(
        TWide d0,
        TWide d1,
        TWide d2,
        TWide d3,
        TWide d4,
        TWide d5,
        float* to,
        nint plane
    )
        where TWide : struct, IWide<TWide>
    {
        var (one, minusOne) = Ones.Of(d1, d2, d3, d4);
        var (two, minusTwo) = Twos.Of(d1, d2, d3, d4);
        Ends.Of(d0, d2, d4).Store(to);
        one.Store(to + plane);
        minusOne.Store(to + 2 * plane);
        two.Store(to + 3 * plane);
        minusTwo.Store(to + 4 * plane);
        Ends.Of(d1, d3, d5).Store(to + 5 * plane);
    }

    [MethodImpl(Piece)]
    private static void AddRows<TWide, TPair>(float* from, nint plane, float* first, float* second, nint pixelStep)
        where TWide : struct, IWide<TWide>
        where TPair : struct, IRowPair
    {
        var row = Count * plane;
        var (a0, b0) = TPair.Of<TWide>(from, row);
        var (a1, b1) = TPair.Of<TWide>(from + plane, row);
        var (a2, b2) = TPair.Of<TWide>(from + 2 * plane, row);
        var (a3, b3) = TPair.Of<TWide>(from + 3 * plane, row);
        var (a4, b4) = TPair.Of<TWide>(from + 4 * plane, row);
        var (a5, b5) = TPair.Of<TWide>(from + 5 * plane, row);
        AddRow(a0, a1, a2, a3, a4, a5, first, pixelStep);
        AddRow(b0, b1, b2, b3, b4, b5, second, pixelStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TWide>(
        TWide m0,
        TWide m1,
        TWide m2,
        TWide m3,
        TWide m4,
        TWide m5,
        float* to,
        nint pixelStep
    )
        where TWide : struct, IWide<TWide>
    {
        var four = TWide.Broadcast(4);
        var (second, fourth) = EvenRows.Of(m0, m1, m2, m3, m4);
        var (first, third) = OddRows.Of(m1, m2, m3, m4, m5);
        TWide.MultiplyAdd(four, m0, TWide.Load(to)).Store(to);
        (TWide.Load(to + pixelStep) + first).Store(to + pixelStep);
        (TWide.Load(to + 2 * pixelStep) + second).Store(to + 2 * pixelStep);
        (TWide.Load(to + 3 * pixelStep) + third).Store(to + 3 * pixelStep);
        (TWide.Load(to + 4 * pixelStep) + fourth).Store(to + 4 * pixelStep);
        (TWide.Load(to + 5 * pixelStep) + m5).Store(to + 5 * pixelStep);
    }

    /// <summary>0 and infinity.</summary>
    private readonly struct Ends : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            (
                Of(TWide.Load(from), TWide.Load(from + 2 * step), TWide.Load(from + 4 * step)),
                Of(TWide.Load(from + step), TWide.Load(from + 3 * step), TWide.Load(from + 5 * step))
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TWide Of<TWide>(TWide a, TWide b, TWide c)
            where TWide : struct, IWide<TWide> =>
            TWide.MultiplyAdd(TWide.Broadcast(4), a, TWide.MultiplyAdd(TWide.Broadcast(-5), b, c));
    }

    /// <summary>1 and -1.</summary>
    private readonly struct Ones : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            Of(
                TWide.Load(from + step),
                TWide.Load(from + 2 * step),
                TWide.Load(from + 3 * step),
                TWide.Load(from + 4 * step)
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(TWide d1, TWide d2, TWide d3, TWide d4)
            where TWide : struct, IWide<TWide>
        {
            var minusFour = TWide.Broadcast(-4);
            var even = TWide.MultiplyAdd(minusFour, d2, d4);
            var odd = TWide.MultiplyAdd(minusFour, d1, d3);
            return (even + odd, even - odd);
        }
    }

    /// <summary>2 and -2.</summary>
    private readonly struct Twos : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            Of(
                TWide.Load(from + step),
                TWide.Load(from + 2 * step),
                TWide.Load(from + 3 * step),
                TWide.Load(from + 4 * step)
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(TWide d1, TWide d2, TWide d3, TWide d4)
            where TWide : struct, IWide<TWide>
        {
            var even = d4 - d2;
            var odd = (d3 - d1) * TWide.Broadcast(2);
            return (even + odd, even - odd);
        }
    }

    /// <summary>The gradients of inputs 0 and 5.</summary>
    private readonly struct OuterRows : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> => (TWide.Broadcast(4) * TWide.Load(from), TWide.Load(from + 5 * step));
    }

    /// <summary>The gradients of inputs 2 and 4.</summary>
    private readonly struct EvenRows : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            Of(
                TWide.Load(from),
                TWide.Load(from + step),
                TWide.Load(from + 2 * step),
                TWide.Load(from + 3 * step),
                TWide.Load(from + 4 * step)
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(TWide m0, TWide m1, TWide m2, TWide m3, TWide m4)
            where TWide : struct, IWide<TWide>
        {
            var (ones, twos) = (m1 + m2, m3 + m4);
            var sum = TWide.MultiplyAdd(TWide.Broadcast(4), ones, twos);
            return (TWide.MultiplyAdd(TWide.Broadcast(-5), m0, TWide.Zero - sum), m0 + ones + twos);
        }
    }

    /// <summary>The gradients of inputs 1 and 3.</summary>
    private readonly struct OddRows : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            Of(
                TWide.Load(from + step),
                TWide.Load(from + 2 * step),
                TWide.Load(from + 3 * step),
                TWide.Load(from + 4 * step),
                TWide.Load(from + 5 * step)
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(TWide m1, TWide m2, TWide m3, TWide m4, TWide m5)
            where TWide : struct, IWide<TWide>
        {
            var (ones, twos) = (m2 - m1, (m4 - m3) * TWide.Broadcast(2));
            return (
                TWide.MultiplyAdd(TWide.Broadcast(4), ones + m5, twos),
                TWide.MultiplyAdd(TWide.Broadcast(-5), m5, TWide.Zero - (ones + twos))
            );
        }
    }
}
