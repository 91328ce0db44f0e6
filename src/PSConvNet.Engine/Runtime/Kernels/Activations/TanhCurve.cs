using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The hyperbolic tangent: of u = |x|, (e^2u - 1) / (e^2u + 1).</summary>
internal readonly struct TanhCurve : ICurve
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        // From here on the value is 1 in fp32.
        const float limit = 10;
        var u = WideSign.Magnitude(x, limit);
        var growth = WideExp<TWide>.Of(u + u).MinusOne;
        return growth / (growth + TWide.Broadcast(2)) | WideSign.Of(x);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        // Not from the value, as 1 - value²: near 1 the value has lost the digits of what it lacks, in bf16 all of them from 3 on.
        const float limit = 60;
        var u = WideSign.Magnitude(x, limit);
        var decay = WideExp<TWide>.Of(u * TWide.Broadcast(-2));
        var ratio = TWide.Broadcast(2) / (TWide.Broadcast(1) + decay.Value);
        return gradient * TWide.Scale(decay.Significand * ratio * ratio, decay.Power);
    }
}
