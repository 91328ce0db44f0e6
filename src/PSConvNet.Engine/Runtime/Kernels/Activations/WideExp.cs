using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// e^x as (1 + excess) x 2^power. The two stay apart until the end of a calculation, so that a result that is subnormal is rounded once.
/// </summary>
/// <remarks>
/// x = power ln 2 + r, with r at most ln 2 / 2; ln 2 is the sum of two numbers, the first with so few digits that its product is exact (Cody and Waite 1980).
/// The polynomial in r is the one whose largest relative error is smallest, 1.3e-8.
/// </remarks>
/// <param name="Excess">e^r - 1.</param>
/// <param name="Power">A whole number.</param>
internal readonly record struct WideExp<TWide>(TWide Excess, TWide Power)
    where TWide : struct, IWide<TWide>
{
    /// <summary>e^x without its power of 2: from √½ to √2.</summary>
    public TWide Significand
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWide.Broadcast(1) + Excess;
    }

    /// <summary>e^x, rounded once where it is subnormal.</summary>
    public TWide Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWide.Scale(Significand, Power);
    }

    /// <summary>e^x - 1, which keeps its digits where x is small.</summary>
    public TWide MinusOne
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var one = TWide.Broadcast(1);
            return TWide.Scale(Excess, Power) + (TWide.Scale(one, Power) - one);
        }
    }

    /// <summary>e^x.</summary>
    /// <param name="x">From -170 to 170, or NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideExp<TWide> Of(TWide x) => Of(x, TWide.Zero);

    /// <summary>e^(x + rest).</summary>
    /// <param name="x">From -170 to 170, or NaN.</param>
    /// <param name="rest">What x has lost by rounding, or a part of it that is as small.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideExp<TWide> Of(TWide x, TWide rest)
    {
        // Numbers this large have no fraction: adding one rounds to a whole number, and subtracting it again leaves that number.
        var rounder = TWide.Broadcast(12582912);
        var power = TWide.MultiplyAdd(x, TWide.Broadcast(1.44269504f), rounder) - rounder;
        var r = TWide.MultiplyAdd(power, TWide.Broadcast(-0.693359375f), x);
        r = TWide.MultiplyAdd(power, TWide.Broadcast(2.12194440e-4f), r) + rest;
        var q = TWide.MultiplyAdd(TWide.Broadcast(0.00138825167f), r, TWide.Broadcast(0.00836654753f));
        q = TWide.MultiplyAdd(q, r, TWide.Broadcast(0.0416672006f));
        q = TWide.MultiplyAdd(q, r, TWide.Broadcast(0.166665435f));
        q = TWide.MultiplyAdd(q, r, TWide.Broadcast(0.49999997f));
        return new(TWide.MultiplyAdd(r * r, q, r), power);
    }
}
