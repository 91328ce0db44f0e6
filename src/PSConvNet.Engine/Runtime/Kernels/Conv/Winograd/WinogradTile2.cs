using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>F(2, 3): a tile of 2 x 2 outputs from 4 x 4 inputs takes 16 products instead of 36. For images that tiles of 4 x 4 don't fit.</summary>
internal readonly unsafe struct WinogradTile2 : IWinogradTile
{
    public static int Size => 2;

    public static int Points => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inputs<TWide, T>(T* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        var d0 = Element.Load<TWide, T>(from);
        var d1 = Element.Load<TWide, T>(from + step);
        var d2 = Element.Load<TWide, T>(from + 2 * step);
        var d3 = Element.Load<TWide, T>(from + 3 * step);
        (d0 - d2).Store(to);
        (d1 + d2).Store(to + toStep);
        (d2 - d1).Store(to + 2 * toStep);
        (d1 - d3).Store(to + 3 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputsAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var m0 = TWide.Load(from);
        var m1 = TWide.Load(from + step);
        var m2 = TWide.Load(from + 2 * step);
        var m3 = TWide.Load(from + 3 * step);
        m0.Store(to);
        (m1 - m2 + m3).Store(to + toStep);
        (m1 + m2 - m0).Store(to + 2 * toStep);
        (TWide.Zero - m3).Store(to + 3 * toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outputs<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
    {
        var m0 = TWide.Load(from);
        var m1 = TWide.Load(from + step);
        var m2 = TWide.Load(from + 2 * step);
        var m3 = TWide.Load(from + 3 * step);
        (m0 + m1 + m2).Store(to);
        (m1 - m2 - m3).Store(to + toStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputsAdjoint<TWide, T>(T* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        var g0 = Element.Load<TWide, T>(from);
        var g1 = Element.Load<TWide, T>(from + step);
        g0.Store(to);
        (g0 + g1).Store(to + toStep);
        (g0 - g1).Store(to + 2 * toStep);
        (TWide.Zero - g1).Store(to + 3 * toStep);
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
