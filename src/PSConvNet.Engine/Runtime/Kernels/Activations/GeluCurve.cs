using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>x Φ(x), with the exact normal distribution function.</summary>
/// <remarks>
/// Φ(-u) = e^(-u²/2) h(u), where h falls slowly, from 1/2 to about 1/(u √2π): a quotient of two polynomials of positive terms, which lose no digits, is
/// within 6e-9 of it. There are no pieces, and the tail below 0 keeps its digits until it vanishes, at -14.3. Above 0, x Φ(x) = x - x Φ(-x).
/// </remarks>
internal readonly struct GeluCurve : ICurve
{
    private const float InverseRootOf2Pi = 0.398942280f;

    /// <summary>Where nothing is left of the tail.</summary>
    private const float Limit = 14.5f;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        var u = WideSign.Magnitude(x, Limit);
        var bell = Bell(u);
        var tail = TWide.Scale(u * (bell.Significand * Ratio(u)), bell.Power);
        return TWide.Select(TWide.IsAtMost(x, TWide.Zero), tail | WideSign.Of(x), x - tail);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        // The slope is Φ(x) + x φ(x), and φ(u) = e^(-u²/2) / √2π.
        var u = WideSign.Magnitude(x, Limit);
        var bell = Bell(u);
        var difference = TWide.MultiplyAdd(u, TWide.Broadcast(-InverseRootOf2Pi), Ratio(u));
        var tail = TWide.Scale(bell.Significand * difference, bell.Power);
        return gradient * TWide.Select(TWide.IsAtMost(x, TWide.Zero), tail, TWide.Broadcast(1) - tail);
    }

    /// <summary>e^(-u²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WideExp<TWide> Bell<TWide>(TWide u)
        where TWide : struct, IWide<TWide>
    {
        // The square of the first half of u's digits is exact, and u² = first² + (u - first) (u + first). A rounded square would cost the tail two digits.
        var first = u & TWide.Broadcast(FirstHalf);
        var half = TWide.Broadcast(-0.5f);
        return WideExp<TWide>.Of(first * first * half, (u - first) * (u + first) * half);
    }

    /// <summary>Φ(-u) e^(u²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Ratio<TWide>(TWide u)
        where TWide : struct, IWide<TWide>
    {
        var above = TWide.MultiplyAdd(TWide.Broadcast(0.00411631268f), u, TWide.Broadcast(0.0406332497f));
        above = TWide.MultiplyAdd(above, u, TWide.Broadcast(0.183235204f));
        above = TWide.MultiplyAdd(above, u, TWide.Broadcast(0.438295034f));
        above = TWide.MultiplyAdd(above, u, TWide.Broadcast(0.5f));
        var below = TWide.MultiplyAdd(TWide.Broadcast(0.0103179460f), u, TWide.Broadcast(0.101858900f));
        below = TWide.MultiplyAdd(below, u, TWide.Broadcast(0.469470804f));
        below = TWide.MultiplyAdd(below, u, TWide.Broadcast(1.20250341f));
        below = TWide.MultiplyAdd(below, u, TWide.Broadcast(1.67447505f));
        below = TWide.MultiplyAdd(below, u, TWide.Broadcast(1));
        return above / below;
    }

    /// <summary>The bits of the sign, the exponent and the first twelve digits.</summary>
    private static float FirstHalf => BitConverter.UInt32BitsToSingle(0xfffff000);
}
