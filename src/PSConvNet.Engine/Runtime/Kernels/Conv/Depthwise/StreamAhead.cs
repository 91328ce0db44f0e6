using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Has memory brought into the second-level cache before loops come to it, where processors can be asked for that.</summary>
/// <remarks>
/// Processors do it by themselves where memory is read in one go, but not across the pauses in which sums are computed. <see cref="MemoryAhead"/> is for memory
/// whose end is known. An address here may lie beyond the end: a prefetch never faults.
/// </remarks>
internal static unsafe class StreamAhead
{
    private const int ReadBytes = 32 * 1024;

    private const int WriteBytes = 16 * 1024;

    /// <summary>For loops that read memory in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(void* at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1((byte*)at + ReadBytes);
    }

    /// <summary>For loops that write it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(void* at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1((byte*)at + WriteBytes);
    }
}
