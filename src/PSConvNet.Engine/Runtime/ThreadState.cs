using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// Sets the calling thread's state for computing: one thread for libtorch, OpenMP and MKL, and subnormal numbers not flushed to zero.
/// Both affect the last bits of results, and other code in the process can change them.
/// </summary>
/// <remarks>
/// <para>libtorch keeps the number of threads twice: OpenMP's and MKL's own, which belong to the calling thread, and a default for
/// the process. The first operator on a thread replaces the thread's number by the default, so that a number set before it can be lost
/// to one that another thread has set in the meantime. Reading the number triggers the replacement; after that only
/// the thread itself can change it.</para>
/// <para>The earlier number is never restored: that would change the default for threads that are about to start.</para>
/// </remarks>
internal static partial class ThreadState
{
    /// <summary>Checks the state, which takes nanoseconds, and corrects it if necessary.</summary>
    public static void Enter()
    {
        if (torch.get_num_threads() != 1)
            torch.set_num_threads(1);
        if (FlushesToZero(1.17549435E-38f, 2))
            ResetArithmetic();
    }

    /// <summary>Whether subnormal numbers are flushed to zero, as results or as operands.</summary>
    /// <param name="smallest">The smallest normal number.</param>
    /// <param name="two">2.</param>
    // Not inlined, because the compiler would otherwise compute the answer itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FlushesToZero(float smallest, float two) =>
        smallest / two == 0 || BitConverter.Int32BitsToSingle(1 << 22) * two == 0;

    /// <summary>Restores the default. A new thread inherits the setting from the thread that starts it (on Linux and Windows).</summary>
    private static void ResetArithmetic()
    {
        if (OperatingSystem.IsLinux())
            _ = fesetenv(-1); // FE_DFL_ENV
        else if (OperatingSystem.IsWindows())
            _fpreset();
    }

    [LibraryImport("libm.so.6")]
    private static partial int fesetenv(nint environment);

    [LibraryImport("ucrtbase")]
    private static partial void _fpreset();
}
