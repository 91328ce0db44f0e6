using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>F(4, 3): a tile of 4 x 4 outputs from 6 x 6 inputs takes 36 products instead of 144.</summary>
internal readonly unsafe struct WinogradTile4 : IWinogradTile
{
    public static int Size => 4;

    public static int Points => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inputs<TWide, T>(T* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        var d0 = Element.Load<TWide, T>(from);
        var d1 = Element.Load<TWide, T>(from + step);
        var d2 = Element.Load<TWide, T>(from + 2 * step);
        var d3 = Element.Load<TWide, T>(from + 3 * step);
        var d4 = Element.Load<TWide, T>(from + 4 * step);
        var d5 = Element.Load<TWide, T>(from + 5 * step);
        var (minusFour, two) = (TWide.Broadcast(-4), TWide.Broadcast(2));
        var (four, minusFive) = (TWide.Broadcast(4), TWide.Broadcast(-5));
        var even = TWide.MultiplyAdd(minusFour, d2, d4);
        var odd = TWide.MultiplyAdd(minusFour, d1, d3);
        var farEven = d4 - d2;
        var farOdd = (d3 - d1) * two;
        TWide.MultiplyAdd(four, d0, TWide.MultiplyAdd(minusFive, d2, d4)).Store(to);
        (even + odd).Store(to + toStep);
        (even - odd).Store(to + 2 * toStep);
        (farEven + farOdd).Store(to + 3 * toStep);
        (farEven - farOdd).Store(to + 4 * toStep);
        TWide.MultiplyAdd(four, d1, TWide.MultiplyAdd(minusFive, d3, d5)).Store(to + 5 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputsAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var m0 = TWide.Load(from);
        var m1 = TWide.Load(from + step);
        var m2 = TWide.Load(from + 2 * step);
        var m3 = TWide.Load(from + 3 * step);
        var m4 = TWide.Load(from + 4 * step);
        var m5 = TWide.Load(from + 5 * step);
        var (four, minusFive, two) = (TWide.Broadcast(4), TWide.Broadcast(-5), TWide.Broadcast(2));
        var sum = m1 + m2;
        var difference = m2 - m1;
        var farSum = m3 + m4;
        var farDifference = (m4 - m3) * two;
        (four * m0).Store(to);
        TWide.MultiplyAdd(four, difference + m5, farDifference).Store(to + toStep);
        TWide.MultiplyAdd(minusFive, m0, TWide.Zero - TWide.MultiplyAdd(four, sum, farSum)).Store(to + 2 * toStep);
        TWide.MultiplyAdd(minusFive, m5, TWide.Zero - (difference + farDifference)).Store(to + 3 * toStep);
        (m0 + sum + farSum).Store(to + 4 * toStep);
        m5.Store(to + 5 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outputs<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var m0 = TWide.Load(from);
        var m1 = TWide.Load(from + step);
        var m2 = TWide.Load(from + 2 * step);
        var m3 = TWide.Load(from + 3 * step);
        var m4 = TWide.Load(from + 4 * step);
        var m5 = TWide.Load(from + 5 * step);
        var (two, four, eight) = (TWide.Broadcast(2), TWide.Broadcast(4), TWide.Broadcast(8));
        var sum = m1 + m2;
        var difference = m1 - m2;
        var farSum = m3 + m4;
        var farDifference = m3 - m4;
        (m0 + sum + farSum).Store(to);
        TWide.MultiplyAdd(two, farDifference, difference).Store(to + toStep);
        TWide.MultiplyAdd(four, farSum, sum).Store(to + 2 * toStep);
        (TWide.MultiplyAdd(eight, farDifference, difference) + m5).Store(to + 3 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputsAdjoint<TWide, T>(T* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        var g0 = Element.Load<TWide, T>(from);
        var g1 = Element.Load<TWide, T>(from + step);
        var g2 = Element.Load<TWide, T>(from + 2 * step);
        var g3 = Element.Load<TWide, T>(from + 3 * step);
        var (two, four, eight) = (TWide.Broadcast(2), TWide.Broadcast(4), TWide.Broadcast(8));
        var even = g0 + g2;
        var odd = g1 + g3;
        var farEven = TWide.MultiplyAdd(four, g2, g0);
        var farOdd = TWide.MultiplyAdd(eight, g3, two * g1);
        g0.Store(to);
        (even + odd).Store(to + toStep);
        (even - odd).Store(to + 2 * toStep);
        (farEven + farOdd).Store(to + 3 * toStep);
        (farEven - farOdd).Store(to + 4 * toStep);
        g3.Store(to + 5 * toStep);
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
}
