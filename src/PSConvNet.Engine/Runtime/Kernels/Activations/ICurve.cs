namespace PSConvNet.Runtime.Kernels;

/// <summary>A function of one number, which <see cref="ActivationLoops"/> apply to many.</summary>
/// <remarks>
/// Values are a few units of fp32's last place away from the function's, for every number there is: large, subnormal, 0 of either sign, an infinity, whose value is
/// the function's limit. The value of a NaN is a NaN. The plain version is PlainActivation in the tests.
/// </remarks>
internal interface ICurve
{
    /// <summary>The function's values.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="alpha">The function's parameter, if it has one.</param>
    static abstract TWide Value<TWide>(TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>;

    /// <summary>The gradients with respect to the numbers.</summary>
    /// <param name="gradient">With respect to the values.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="alpha">The function's parameter, if it has one.</param>
    static abstract TWide Backward<TWide>(TWide gradient, TWide x, TWide alpha)
        where TWide : struct, IWide<TWide>;
}
