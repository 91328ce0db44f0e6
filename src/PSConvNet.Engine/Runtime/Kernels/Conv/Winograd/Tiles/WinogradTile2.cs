using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>F(2 x 2, 3 x 3): a tile of 2 x 2 outputs from 4 x 4 inputs takes 16 products instead of 36. For images that tiles of 4 x 4 don't fit.</summary>
/// <remarks>Its points are 0, 1, -1 and infinity.</remarks>
internal readonly unsafe struct WinogradTile2 : IWinogradTile
{
    private const MethodImplOptions Piece = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    public static int Size => 2;

    public static int Window => 3;

    public static int Points => 4;

    [MethodImpl(Piece)]
    public static void Inputs<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var row = Points * plane;
        Row(from, from + 2 * rowStep, -1, pixelStep, to, plane);
        Row(from + rowStep, from + 2 * rowStep, 1, pixelStep, to + row, plane);
        Row(from + 2 * rowStep, from + rowStep, -1, pixelStep, to + 2 * row, plane);
        Row(from + rowStep, from + 3 * rowStep, -1, pixelStep, to + 3 * row, plane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(float* first, float* second, float factor, nint pixelStep, float* to, nint plane)
        {
            var scale = TWide.Broadcast(factor);
            var d0 = TWide.MultiplyAdd(scale, TWide.Load(second), TWide.Load(first));
            var d1 = TWide.MultiplyAdd(scale, TWide.Load(second + pixelStep), TWide.Load(first + pixelStep));
            var d2 = TWide.MultiplyAdd(scale, TWide.Load(second + 2 * pixelStep), TWide.Load(first + 2 * pixelStep));
            var d3 = TWide.MultiplyAdd(scale, TWide.Load(second + 3 * pixelStep), TWide.Load(first + 3 * pixelStep));
            (d0 - d2).Store(to);
            (d1 + d2).Store(to + plane);
            (d2 - d1).Store(to + 2 * plane);
            (d1 - d3).Store(to + 3 * plane);
        }
    }

    [MethodImpl(Piece)]
    public static void InputsAdjoint<TWide>(float* from, nint plane, float* to, nint rowStep, nint pixelStep)
        where TWide : struct, IWide<TWide>
    {
        var (a0, b0, c0, d0) = Column(from, Points * plane);
        var (a1, b1, c1, d1) = Column(from + plane, Points * plane);
        var (a2, b2, c2, d2) = Column(from + 2 * plane, Points * plane);
        var (a3, b3, c3, d3) = Column(from + 3 * plane, Points * plane);
        Row(a0, a1, a2, a3, to, pixelStep);
        Row(b0, b1, b2, b3, to + rowStep, pixelStep);
        Row(c0, c1, c2, c3, to + 2 * rowStep, pixelStep);
        Row(d0, d1, d2, d3, to + 3 * rowStep, pixelStep);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (TWide, TWide, TWide, TWide) Column(float* from, nint step)
        {
            var (m0, m1) = (TWide.Load(from), TWide.Load(from + step));
            var (m2, m3) = (TWide.Load(from + 2 * step), TWide.Load(from + 3 * step));
            return (m0, m1 - m2 + m3, m1 + m2 - m0, TWide.Zero - m3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(TWide m0, TWide m1, TWide m2, TWide m3, float* to, nint pixelStep)
        {
            (TWide.Load(to) + m0).Store(to);
            (TWide.Load(to + pixelStep) + (m1 - m2 + m3)).Store(to + pixelStep);
            (TWide.Load(to + 2 * pixelStep) + (m1 + m2 - m0)).Store(to + 2 * pixelStep);
            (TWide.Load(to + 3 * pixelStep) - m3).Store(to + 3 * pixelStep);
        }
    }

    [MethodImpl(Piece)]
    public static void Outputs<TWide>(float* from, nint plane, float* to)
        where TWide : struct, IWide<TWide>
    {
        var (a0, b0) = Column(from, Points * plane);
        var (a1, b1) = Column(from + plane, Points * plane);
        var (a2, b2) = Column(from + 2 * plane, Points * plane);
        var (a3, b3) = Column(from + 3 * plane, Points * plane);
        (a0 + a1 + a2).Store(to);
        (a1 - a2 - a3).Store(to + TWide.Lanes);
        (b0 + b1 + b2).Store(to + 2 * TWide.Lanes);
        (b1 - b2 - b3).Store(to + 3 * TWide.Lanes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (TWide, TWide) Column(float* from, nint step)
        {
            var (m1, m2) = (TWide.Load(from + step), TWide.Load(from + 2 * step));
            return (TWide.Load(from) + m1 + m2, m1 - m2 - TWide.Load(from + 3 * step));
        }
    }

    [MethodImpl(Piece)]
    public static void OutputsAdjoint<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var row = Points * plane;
        var (a0, a1) = (TWide.Load(from), TWide.Load(from + pixelStep));
        var (b0, b1) = (TWide.Load(from + rowStep), TWide.Load(from + rowStep + pixelStep));
        Row(a0, a1, to, plane);
        Row(a0 + b0, a1 + b1, to + row, plane);
        Row(a0 - b0, a1 - b1, to + 2 * row, plane);
        Row(TWide.Zero - b0, TWide.Zero - b1, to + 3 * row, plane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(TWide g0, TWide g1, float* to, nint plane)
        {
            g0.Store(to);
            (g0 + g1).Store(to + plane);
            (g0 - g1).Store(to + 2 * plane);
            (TWide.Zero - g1).Store(to + 3 * plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var w0 = TWide.Load(from);
        var w1 = TWide.Load(from + step);
        var w2 = TWide.Load(from + 2 * step);
        var half = TWide.Broadcast(1 / 2f);
        var even = w0 + w2;
        w0.Store(to);
        (half * (even + w1)).Store(to + toStep);
        (half * (even - w1)).Store(to + 2 * toStep);
        w2.Store(to + 3 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var u0 = TWide.Load(from);
        var u1 = TWide.Load(from + step);
        var u2 = TWide.Load(from + 2 * step);
        var u3 = TWide.Load(from + 3 * step);
        var half = TWide.Broadcast(1 / 2f);
        var sum = half * (u1 + u2);
        (u0 + sum).Store(to);
        (half * (u1 - u2)).Store(to + toStep);
        (sum + u3).Store(to + 2 * toStep);
    }
}
