using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>F(4 x 4, 3 x 3): a tile of 4 x 4 outputs from 6 x 6 inputs takes 36 products instead of 144.</summary>
internal readonly unsafe struct WinogradTile4 : IWinogradTile
{
    private const MethodImplOptions Piece = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    public static int Size => 4;

    public static int Window => 3;

    public static int Points => SixPoints.Count;

    public static void Inputs<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide> => SixPoints.Inputs<TWide>(from, rowStep, pixelStep, to, plane);

    public static void InputsAdjoint<TWide>(float* from, nint plane, float* to, nint rowStep, nint pixelStep)
        where TWide : struct, IWide<TWide> => SixPoints.InputsAdjoint<TWide>(from, plane, to, rowStep, pixelStep);

    public static void Outputs<TWide>(float* from, nint plane, float* to)
        where TWide : struct, IWide<TWide>
    {
        var row = Size * TWide.Lanes;
        OutputRows<TWide, EvenOutputs>(from, plane, to, to + 2 * row);
        OutputRows<TWide, OddOutputs>(from, plane, to + row, to + 3 * row);
    }

    public static void OutputsAdjoint<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var row = Points * plane;
        GradientRows<TWide, Ends>(from, rowStep, pixelStep, to, to + 5 * row, plane);
        GradientRows<TWide, Ones>(from, rowStep, pixelStep, to + row, to + 2 * row, plane);
        GradientRows<TWide, Twos>(from, rowStep, pixelStep, to + 3 * row, to + 4 * row, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var w0 = TWide.Load(from);
        var w1 = TWide.Load(from + step);
        var w2 = TWide.Load(from + 2 * step);
        var (fourth, minusSixth, sixth) = (TWide.Broadcast(1 / 4f), TWide.Broadcast(-1 / 6f), TWide.Broadcast(1 / 6f));
        var (twelfth, twentyFourth) = (TWide.Broadcast(1 / 12f), TWide.Broadcast(1 / 24f));
        var even = w0 + w2;
        var farEven = TWide.MultiplyAdd(twentyFourth, w0, sixth * w2);
        var farOdd = twelfth * w1;
        (fourth * w0).Store(to);
        (minusSixth * (even + w1)).Store(to + toStep);
        (minusSixth * (even - w1)).Store(to + 2 * toStep);
        (farEven + farOdd).Store(to + 3 * toStep);
        (farEven - farOdd).Store(to + 4 * toStep);
        w2.Store(to + 5 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var u0 = TWide.Load(from);
        var u1 = TWide.Load(from + step);
        var u2 = TWide.Load(from + 2 * step);
        var u3 = TWide.Load(from + 3 * step);
        var u4 = TWide.Load(from + 4 * step);
        var u5 = TWide.Load(from + 5 * step);
        var (fourth, sixth) = (TWide.Broadcast(1 / 4f), TWide.Broadcast(1 / 6f));
        var (twelfth, twentyFourth) = (TWide.Broadcast(1 / 12f), TWide.Broadcast(1 / 24f));
        var sum = u1 + u2;
        var farSum = u3 + u4;
        TWide.MultiplyAdd(fourth, u0, TWide.MultiplyAdd(twentyFourth, farSum, TWide.Zero - sixth * sum)).Store(to);
        TWide.MultiplyAdd(sixth, u2 - u1, twelfth * (u3 - u4)).Store(to + toStep);
        TWide.MultiplyAdd(sixth, farSum - sum, u5).Store(to + 2 * toStep);
    }

    [MethodImpl(Piece)]
    private static void OutputRows<TWide, TPair>(float* from, nint plane, float* first, float* second)
        where TWide : struct, IWide<TWide>
        where TPair : struct, IRowPair
    {
        var row = Points * plane;
        var (a0, b0) = TPair.Of<TWide>(from, row);
        var (a1, b1) = TPair.Of<TWide>(from + plane, row);
        var (a2, b2) = TPair.Of<TWide>(from + 2 * plane, row);
        var (a3, b3) = TPair.Of<TWide>(from + 3 * plane, row);
        var (a4, b4) = TPair.Of<TWide>(from + 4 * plane, row);
        var (a5, b5) = TPair.Of<TWide>(from + 5 * plane, row);
        OutputRow(a0, a1, a2, a3, a4, a5, first);
        OutputRow(b0, b1, b2, b3, b4, b5, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<TWide>(TWide m0, TWide m1, TWide m2, TWide m3, TWide m4, TWide m5, float* to)
        where TWide : struct, IWide<TWide>
    {
        var (zeroth, second) = EvenOutputs.Of(m0, m1, m2, m3, m4);
        var (first, third) = OddOutputs.Of(m1, m2, m3, m4, m5);
        zeroth.Store(to);
        first.Store(to + TWide.Lanes);
        second.Store(to + 2 * TWide.Lanes);
        third.Store(to + 3 * TWide.Lanes);
    }

    [MethodImpl(Piece)]
    private static void GradientRows<TWide, TPair>(
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
        GradientRow(a0, a1, a2, a3, first, plane);
        GradientRow(b0, b1, b2, b3, second, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientRow<TWide>(TWide g0, TWide g1, TWide g2, TWide g3, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var (one, minusOne) = Ones.Of(g0, g1, g2, g3);
        var (two, minusTwo) = Twos.Of(g0, g1, g2, g3);
        g0.Store(to);
        one.Store(to + plane);
        minusOne.Store(to + 2 * plane);
        two.Store(to + 3 * plane);
        minusTwo.Store(to + 4 * plane);
        g3.Store(to + 5 * plane);
    }

    /// <summary>Outputs 0 and 2.</summary>
    private readonly struct EvenOutputs : IRowPair
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
            return (m0 + ones + twos, TWide.MultiplyAdd(TWide.Broadcast(4), twos, ones));
        }
    }

    /// <summary>Outputs 1 and 3.</summary>
    private readonly struct OddOutputs : IRowPair
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
            var (ones, twos) = (m1 - m2, m3 - m4);
            return (
                TWide.MultiplyAdd(TWide.Broadcast(2), twos, ones),
                TWide.MultiplyAdd(TWide.Broadcast(8), twos, ones) + m5
            );
        }
    }

    /// <summary>The gradients of points 0 and infinity, which are those of the first and last outputs.</summary>
    private readonly struct Ends : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> => (TWide.Load(from), TWide.Load(from + 3 * step));
    }

    /// <summary>The gradients of points 1 and -1.</summary>
    private readonly struct Ones : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            Of(TWide.Load(from), TWide.Load(from + step), TWide.Load(from + 2 * step), TWide.Load(from + 3 * step));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(TWide g0, TWide g1, TWide g2, TWide g3)
            where TWide : struct, IWide<TWide>
        {
            var (even, odd) = (g0 + g2, g1 + g3);
            return (even + odd, even - odd);
        }
    }

    /// <summary>The gradients of points 2 and -2.</summary>
    private readonly struct Twos : IRowPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(float* from, nint step)
            where TWide : struct, IWide<TWide> =>
            Of(TWide.Load(from), TWide.Load(from + step), TWide.Load(from + 2 * step), TWide.Load(from + 3 * step));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (TWide First, TWide Second) Of<TWide>(TWide g0, TWide g1, TWide g2, TWide g3)
            where TWide : struct, IWide<TWide>
        {
            var even = TWide.MultiplyAdd(TWide.Broadcast(4), g2, g0);
            var odd = TWide.MultiplyAdd(TWide.Broadcast(8), g3, TWide.Broadcast(2) * g1);
            return (even + odd, even - odd);
        }
    }
}
