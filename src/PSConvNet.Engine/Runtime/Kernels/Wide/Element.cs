using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Reads and writes numbers in fp32 (<c>float</c>) or bf16 (<c>ushort</c>), which are computed with in fp32.</summary>
/// <remarks>The runtime compiles each method for one type of number, so that the comparison of types costs nothing.</remarks>
internal static unsafe class Element
{
    /// <summary>Refuses other types.</summary>
    public static void Check<T>()
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(ushort))
            throw new NotSupportedException($"Numbers are float or ushort, not {typeof(T)}.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Load<TWide, T>(T* source)
        where TWide : struct, IWide<TWide>
        where T : unmanaged =>
        typeof(T) == typeof(float) ? TWide.Load((float*)source) : TWide.LoadBFloat16((ushort*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TWide, T>(TWide value, T* target)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            value.Store((float*)target);
        else
            value.StoreBFloat16((ushort*)target);
    }

    /// <summary>What the number will be once stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Round<TWide, T>(TWide value)
        where TWide : struct, IWide<TWide>
        where T : unmanaged => typeof(T) == typeof(float) ? value : value.RoundToBFloat16();

    /// <summary>Loads the first numbers of a vector; the others are 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TWide LoadFirst<TWide, T>(T* source, int count)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        var values = stackalloc float[TWide.Lanes];
        for (var i = 0; i < count; i++)
            values[i] = typeof(T) == typeof(float) ? ((float*)source)[i] : BFloat16.Widen(((ushort*)source)[i]);
        return TWide.Load(values);
    }

    /// <summary>Loads a vector without reading beyond the end of memory; what isn't read is 0.</summary>
    /// <param name="source">The first number.</param>
    /// <param name="end">Where the memory ends.</param>
    /// <param name="count">The numbers that must be read, if there are fewer than in a vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide LoadBefore<TWide, T>(T* source, T* end, int count)
        where TWide : struct, IWide<TWide>
        where T : unmanaged =>
        source + TWide.Lanes <= end
            ? Load<TWide, T>(source)
            : LoadFirst<TWide, T>(source, Math.Min(count, TWide.Lanes));

    /// <summary>Stores the first numbers of a vector.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StoreFirst<TWide, T>(TWide value, T* target, int count)
        where TWide : struct, IWide<TWide>
        where T : unmanaged
    {
        var values = stackalloc float[TWide.Lanes];
        value.Store(values);
        for (var i = 0; i < count; i++)
        {
            if (typeof(T) == typeof(float))
                ((float*)target)[i] = values[i];
            else
                ((ushort*)target)[i] = BFloat16.Round(values[i]);
        }
    }
}
