using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>max(0, x).</summary>
internal readonly struct ReluCurve : ICurve
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide> => WideRelu.Of(x);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide> => WideRelu.Backward(gradient, x);
}

/// <summary>x above 0, and α x elsewhere.</summary>
internal readonly struct LeakyReluCurve : ICurve
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide> => Backward(x, x, alpha);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide> => TWide.Select(TWide.IsAtMost(x, TWide.Zero), gradient * alpha, gradient);
}

/// <summary>x above 0, and α (e^x - 1) elsewhere.</summary>
internal readonly struct EluCurve : ICurve
{
    /// <summary>Where nothing is left of e^x for x below 0.</summary>
    private const float Limit = 120;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>
    {
        var decay = Decay(x).MinusOne | WideSign.Of(x);
        return TWide.Select(TWide.IsAtMost(x, TWide.Zero), decay * alpha, x);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide> =>
        TWide.Select(TWide.IsAtMost(x, TWide.Zero), gradient * (Decay(x).Value * alpha), gradient);

    /// <summary>e^-|x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WideExp<TWide> Decay<TWide>(TWide x)
        where TWide : struct, IWide<TWide> => WideExp<TWide>.Of(TWide.Zero - WideSign.Magnitude(x, Limit));
}
