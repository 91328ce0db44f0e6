using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>σ(x) = 1 / (1 + e^-x).</summary>
internal readonly struct SigmoidCurve : ICurve
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        var (_, decay, upper) = Parts(x);
        var lower = TWide.Scale(decay.Significand * upper, decay.Power);
        return TWide.Select(TWide.IsAtMost(x, TWide.Zero), lower, upper);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        // Not from the value, as σ (1 - σ): near 1 the value has lost the digits of what it lacks.
        var (_, decay, upper) = Parts(x);
        return gradient * TWide.Scale(decay.Significand * upper * upper, decay.Power);
    }

    /// <summary>|x|, e^-|x| and σ(|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TWide Magnitude, WideExp<TWide> Decay, TWide Upper) Parts<TWide>(TWide x)
        where TWide : struct, IWide<TWide>
    {
        // Beyond this, even x e^-x is 0.
        const float limit = 120;
        var magnitude = WideSign.Magnitude(x, limit);
        var decay = WideExp<TWide>.Of(TWide.Zero - magnitude);
        var one = TWide.Broadcast(1);
        return (magnitude, decay, one / (one + decay.Value));
    }
}

/// <summary>x σ(x).</summary>
internal readonly struct SiluCurve : ICurve
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        var (magnitude, decay, upper) = SigmoidCurve.Parts(x);
        var lower = TWide.Scale(magnitude * (decay.Significand * upper), decay.Power);
        return TWide.Select(TWide.IsAtMost(x, TWide.Zero), lower | WideSign.Of(x), x * upper);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        // With d = e^-|x|, the slope is (1 + d + |x| d) / (1 + d)² above 0, and (1 + d - |x|) d / (1 + d)² below.
        var (magnitude, decay, upper) = SigmoidCurve.Parts(x);
        var square = upper * upper;
        var one = TWide.Broadcast(1);
        var d = decay.Value;
        var above = (one + TWide.MultiplyAdd(magnitude, d, d)) * square;
        var below = TWide.Scale((one - magnitude + d) * (decay.Significand * square), decay.Power);
        return gradient * TWide.Select(TWide.IsAtMost(x, TWide.Zero), below, above);
    }
}
