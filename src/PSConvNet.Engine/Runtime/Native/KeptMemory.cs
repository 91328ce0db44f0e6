using System.Runtime.InteropServices;

namespace PSConvNet.Runtime;

/// <summary>What glibc does with memory that libtorch and the kernels free.</summary>
internal static partial class KeptMemory
{
    private static bool s_isKept;

    /// <summary>
    /// Tells glibc to keep what is freed: it would give large tensors back to the kernel after each use and fault them in
    /// again (docs/performance.md has the figures). Where the user has set glibc's malloc, nothing is changed.
    /// </summary>
    public static void Begin()
    {
        const int trimThreshold = -1; // M_TRIM_THRESHOLD
        const int mmapMaximum = -4; // M_MMAP_MAX
        if (!OperatingSystem.IsLinux() || IsMallocSet(Environment.GetEnvironmentVariable))
            return;
        try
        {
            _ = mallopt(mmapMaximum, 0);
            _ = mallopt(trimThreshold, int.MaxValue);
            s_isKept = true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Not glibc (musl has no mallopt): slower, nothing else.
        }
    }

    /// <summary>Gives memory that was freed, and that glibc was told to keep, back to the system: for the end of long work.</summary>
    public static void GiveBack()
    {
        if (s_isKept)
            _ = malloc_trim(0);
    }

    /// <summary>Whether the user has told glibc how to manage memory.</summary>
    public static bool IsMallocSet(Func<string, string?> variable) =>
        !string.IsNullOrEmpty(variable("MALLOC_TRIM_THRESHOLD_"))
        || !string.IsNullOrEmpty(variable("MALLOC_MMAP_MAX_"))
        || !string.IsNullOrEmpty(variable("MALLOC_MMAP_THRESHOLD_"))
        || variable("GLIBC_TUNABLES")?.Contains("glibc.malloc.", StringComparison.Ordinal) == true;

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint padding);
}
