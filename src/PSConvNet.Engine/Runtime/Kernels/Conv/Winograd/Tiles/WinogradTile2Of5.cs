using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>F(2 x 2, 5 x 5): a tile of 2 x 2 outputs from 6 x 6 inputs takes 36 products instead of 100.</summary>
internal readonly unsafe struct WinogradTile2Of5 : IWinogradTile
{
    private const MethodImplOptions Piece = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    public static int Size => 2;

    public static int Window => 5;

    public static int Points => SixPoints.Count;

    public static void Inputs<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide> => SixPoints.Inputs<TWide>(from, rowStep, pixelStep, to, plane);

    public static void InputsAdjoint<TWide>(float* from, nint plane, float* to, nint rowStep, nint pixelStep)
        where TWide : struct, IWide<TWide> => SixPoints.InputsAdjoint<TWide>(from, plane, to, rowStep, pixelStep);

    [MethodImpl(Piece)]
    public static void Outputs<TWide>(float* from, nint plane, float* to)
        where TWide : struct, IWide<TWide>
    {
        var row = Points * plane;
        var (a0, b0) = Column(from, row);
        var (a1, b1) = Column(from + plane, row);
        var (a2, b2) = Column(from + 2 * plane, row);
        var (a3, b3) = Column(from + 3 * plane, row);
        var (a4, b4) = Column(from + 4 * plane, row);
        var (a5, b5) = Column(from + 5 * plane, row);
        var (c0, c1) = Pair(a0, a1, a2, a3, a4, a5);
        var (d0, d1) = Pair(b0, b1, b2, b3, b4, b5);
        c0.Store(to);
        c1.Store(to + TWide.Lanes);
        d0.Store(to + 2 * TWide.Lanes);
        d1.Store(to + 3 * TWide.Lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (TWide, TWide) Column(float* from, nint step) =>
            Pair(
                TWide.Load(from),
                TWide.Load(from + step),
                TWide.Load(from + 2 * step),
                TWide.Load(from + 3 * step),
                TWide.Load(from + 4 * step),
                TWide.Load(from + 5 * step)
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (TWide, TWide) Pair(TWide m0, TWide m1, TWide m2, TWide m3, TWide m4, TWide m5) =>
            (m0 + (m1 + m2) + (m3 + m4), TWide.MultiplyAdd(TWide.Broadcast(2), m3 - m4, m1 - m2) + m5);
    }

    [MethodImpl(Piece)]
    public static void OutputsAdjoint<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var row = Points * plane;
        var (a0, a1) = (TWide.Load(from), TWide.Load(from + pixelStep));
        var (b0, b1) = (TWide.Load(from + rowStep), TWide.Load(from + rowStep + pixelStep));
        var two = TWide.Broadcast(2);
        var (c0, c1) = (two * b0, two * b1);
        Row(a0, a1, to, plane);
        Row(a0 + b0, a1 + b1, to + row, plane);
        Row(a0 - b0, a1 - b1, to + 2 * row, plane);
        Row(a0 + c0, a1 + c1, to + 3 * row, plane);
        Row(a0 - c0, a1 - c1, to + 4 * row, plane);
        Row(b0, b1, to + 5 * row, plane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(TWide g0, TWide g1, float* to, nint plane)
        {
            var doubled = TWide.Broadcast(2) * g1;
            g0.Store(to);
            (g0 + g1).Store(to + plane);
            (g0 - g1).Store(to + 2 * plane);
            (g0 + doubled).Store(to + 3 * plane);
            (g0 - doubled).Store(to + 4 * plane);
            g1.Store(to + 5 * plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var w0 = TWide.Load(from);
        var w1 = TWide.Load(from + step);
        var w2 = TWide.Load(from + 2 * step);
        var w3 = TWide.Load(from + 3 * step);
        var w4 = TWide.Load(from + 4 * step);
        var (fourth, minusSixth) = (TWide.Broadcast(1 / 4f), TWide.Broadcast(-1 / 6f));
        var (sixth, third, twelfth) = (TWide.Broadcast(1 / 6f), TWide.Broadcast(1 / 3f), TWide.Broadcast(1 / 12f));
        var even = w0 + w2 + w4;
        var odd = w1 + w3;
        var farEven = TWide.MultiplyAdd(
            TWide.Broadcast(1 / 24f),
            w0,
            TWide.MultiplyAdd(sixth, w2, TWide.Broadcast(2 / 3f) * w4)
        );
        var farOdd = TWide.MultiplyAdd(twelfth, w1, third * w3);
        (fourth * w0).Store(to);
        (minusSixth * (even + odd)).Store(to + toStep);
        (minusSixth * (even - odd)).Store(to + 2 * toStep);
        (farEven + farOdd).Store(to + 3 * toStep);
        (farEven - farOdd).Store(to + 4 * toStep);
        w4.Store(to + 5 * toStep);
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
        var sixth = TWide.Broadcast(1 / 6f);
        // The parts that the weights at even and at odd places share.
        var sum = sixth * (u1 + u2);
        var difference = sixth * (u2 - u1);
        var farSum = sixth * (u3 + u4);
        var farDifference = sixth * (u3 - u4);
        var (fourth, half, two) = (TWide.Broadcast(1 / 4f), TWide.Broadcast(1 / 2f), TWide.Broadcast(2));
        TWide.MultiplyAdd(fourth, u0, TWide.MultiplyAdd(fourth, farSum, TWide.Zero - sum)).Store(to);
        TWide.MultiplyAdd(half, farDifference, difference).Store(to + toStep);
        (farSum - sum).Store(to + 2 * toStep);
        TWide.MultiplyAdd(two, farDifference, difference).Store(to + 3 * toStep);
        (TWide.MultiplyAdd(TWide.Broadcast(4), farSum, u5) - sum).Store(to + 4 * toStep);
    }
}
