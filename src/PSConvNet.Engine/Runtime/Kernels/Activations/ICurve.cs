namespace PSConvNet.Runtime.Kernels;

/// <summary>A function of one number, which <see cref="ActivationLoops"/> apply to many.</summary>
/// <remarks>
/// Values are within a few units in the last place of fp32 for every input: large, subnormal, zero of either sign. The value of an infinity is the function's limit, and
/// that of a NaN is a NaN. The plain version is PlainActivation in the tests.
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
