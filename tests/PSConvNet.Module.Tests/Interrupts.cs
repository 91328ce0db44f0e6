using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PSConvNet.Module.Tests;

/// <summary>
/// A script's background job ignores SIGINT, and every process below it inherits that, except where a process sets it back. Tests that
/// send a Ctrl-C to a process they started would wait for nothing.
/// </summary>
internal static class Interrupts
{
    private const int Sigint = 2;
    private const nint Default = 0;

    // Before the first test, and before .NET looks at the signal: it leaves one alone that it finds ignored.
    [ModuleInitializer]
    internal static void TakeEffect()
    {
        if (!OperatingSystem.IsWindows())
            _ = Signal(Sigint, Default);
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int number, nint handler);
}
