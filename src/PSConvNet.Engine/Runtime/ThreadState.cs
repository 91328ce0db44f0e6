using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// Puts the calling thread into the one state in which results are computed: one thread for libtorch, OpenMP and MKL, and tiny
/// numbers kept rather than flushed to zero. Both decide the last bits, and other code in the process can change them.
/// </summary>
/// <remarks>
/// <para>libtorch keeps the number of threads twice: OpenMP's and MKL's own, which belong to the calling thread, and a default for
/// the process. The first operator on a thread replaces the thread's number by the default. A thread that only set its number could
/// therefore lose it again to whatever another thread had set in the meantime. Reading the number first brings the replacement
/// forward; after that nobody but the thread itself can change it.</para>
/// <para>The number is never put back: that would change the default under threads that are about to start.</para>
/// </remarks>
internal static partial class ThreadState
{
    /// <summary>Checks the state, which takes nanoseconds, and corrects it where it is another one.</summary>
    public static void Enter()
    {
        if (torch.get_num_threads() != 1)
            torch.set_num_threads(1);
        if (FlushesToZero(1.17549435E-38f, 2))
            ResetArithmetic();
    }

    /// <summary>Whether a number too small to be normal becomes zero, as a result or as an operand.</summary>
    /// <param name="smallest">The smallest normal number.</param>
    /// <param name="two">2.</param>
    // Not inlined: the compiler would compute the answer itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FlushesToZero(float smallest, float two) =>
        smallest / two == 0 || BitConverter.Int32BitsToSingle(1 << 22) * two == 0;

    /// <summary>A new thread inherits the setting from the one that starts it (on Linux and Windows).</summary>
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
