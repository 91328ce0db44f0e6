using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>ReLU of a vector in registers, and its backward pass. A NaN is passed on by both.</summary>
internal static class WideRelu
{
    /// <summary>The numbers, with 0 in place of those at or below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Of<TWide>(TWide value)
        where TWide : struct, IWide<TWide> => Backward(value, value);

    /// <summary>The gradients, with 0 where the output is at or below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Backward<TWide>(TWide gradient, TWide output)
        where TWide : struct, IWide<TWide> => TWide.Select(TWide.IsAtMost(output, TWide.Zero), TWide.Zero, gradient);
}
