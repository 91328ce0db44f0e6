using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>How loops over rows of channels read and write a vector of them.</summary>
/// <remarks>
/// A type, so that the loops are compiled for each: a call of <see cref="Element.LoadFirst"/> within a loop, even one that is never made, would
/// keep all sums and coefficients in memory instead of registers.
/// </remarks>
internal unsafe interface IRowAccess
{
    static abstract TWide Load<TWide, T>(T* source, int channels)
        where TWide : struct, IWide<TWide>
        where T : unmanaged;

    static abstract void Store<TWide, T>(TWide value, T* target, int channels)
        where TWide : struct, IWide<TWide>
        where T : unmanaged;
}

/// <summary>Rows of at least a vector of channels.</summary>
internal readonly unsafe struct LongRows : IRowAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Load<TWide, T>(T* source, int channels)
        where TWide : struct, IWide<TWide>
        where T : unmanaged => Element.Load<TWide, T>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TWide, T>(TWide value, T* target, int channels)
        where TWide : struct, IWide<TWide>
        where T : unmanaged => Element.Store(value, target);
}

/// <summary>Rows that are shorter than a vector.</summary>
internal readonly unsafe struct ShortRows : IRowAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Load<TWide, T>(T* source, int channels)
        where TWide : struct, IWide<TWide>
        where T : unmanaged => Element.LoadFirst<TWide, T>(source, channels);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TWide, T>(TWide value, T* target, int channels)
        where TWide : struct, IWide<TWide>
        where T : unmanaged => Element.StoreFirst(value, target, channels);
}
