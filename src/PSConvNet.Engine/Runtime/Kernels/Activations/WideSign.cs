using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The parts of a number that functions with a symmetry treat apart.</summary>
internal static class WideSign
{
    /// <summary>The bit of the sign alone; combined with a number above 0 it gives that number the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Of<TWide>(TWide value)
        where TWide : struct, IWide<TWide> => value & TWide.Broadcast(-0f);

    /// <summary>The number without its sign, and not above a limit. A NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Magnitude<TWide>(TWide value, float limit)
        where TWide : struct, IWide<TWide> => TWide.Min(TWide.Broadcast(limit), value & ~TWide.Broadcast(-0f));
}
