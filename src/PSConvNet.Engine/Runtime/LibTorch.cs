using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// Brings up libtorch at first use, once, and turns whatever goes wrong into one sentence. Everything that computes calls
/// <see cref="EnsureLoaded"/> first; importing the module or building a model does not.
/// </summary>
public static partial class LibTorch
{
    private static readonly Lazy<ConvNetException?> s_failure = new(Load);

    /// <summary>Whether libtorch has been loaded into this process by now.</summary>
    public static bool IsLoaded => s_failure.IsValueCreated && s_failure.Value is null;

    /// <summary>Loads libtorch if it is not loaded yet.</summary>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>: it can't be loaded; the loader's trace is the inner exception.</exception>
    public static void EnsureLoaded()
    {
        if (s_failure.Value is { } failure)
            throw new ConvNetException(
                failure.ErrorId,
                failure.Kind,
                failure.Message,
                failure.Target,
                failure.InnerException
            );
    }

    private static ConvNetException? Load()
    {
        KeepFreedMemory();
        try
        {
            LoadNatives();
            Touch();
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new ConvNetException(
                "NativeLibraryMissing",
                ErrorKind.Unavailable,
                Explain(e, DependencyContext.Folder),
                DependencyContext.Folder,
                e
            );
        }
    }

    // TorchSharp does the same, but when that fails it writes a page to standard output and goes looking in the NuGet cache.
    // Only for the TorchSharp that lies in our folder: a C# program's own knows where its natives are.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadNatives()
    {
        var folder = Path.GetDirectoryName(typeof(torch).Assembly.Location);
        if (folder != DependencyContext.Folder)
            return;
        foreach (var file in Natives())
            NativeLibrary.Load(Path.Combine(folder, file));
    }

    // Not inlined: the JIT resolves TorchSharp when it compiles these, and a failure of that must end in the handler above.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch()
    {
        using var _ = torch.zeros(1);
        // For the whole process, once: a thread that computes for the first time starts with this number.
        torch.set_num_threads(1);
    }

    /// <summary>One sentence about what is missing and what to do.</summary>
    internal static string Explain(Exception failure, string folder)
    {
        var missing = Required().FirstOrDefault(file => !File.Exists(Path.Combine(folder, file)));
        if (!Directory.Exists(folder))
            return $"PSConvNet's folder of native libraries, {folder}, is missing: build the project (dotnet build -c Release) or reinstall the module.";
        if (missing is not null)
            return $"{missing} is missing from {folder}: build the project again (dotnet build -c Release) or reinstall the module.";
        var detail = Innermost(failure).Message.ReplaceLineEndings("\n");
        var reason = detail.Split('\n').FirstOrDefault(line => line.Contains("version `", StringComparison.Ordinal));
        return reason is null
            ? $"The libraries in {folder} can't be loaded on this {RuntimeInformation.RuntimeIdentifier} system; they need 64-bit glibc 2.28 or later, Windows 10 or macOS on Apple silicon, and $Error[0].Exception.InnerException tells what the loader said."
            : $"A system library is too old for libtorch ({reason.Trim()}): update it, or build the project on this machine (dotnet build -c Release), which adapts the libraries to it.";
    }

    private static string[] Required() => ["TorchSharp.dll", .. Natives()];

    // In the order in which they are loaded: each needs those before it.
    private static string[] Natives() =>
        OperatingSystem.IsWindows() ? ["c10.dll", "torch_cpu.dll", "LibTorchSharp.dll"]
        : OperatingSystem.IsMacOS() ? ["libc10.dylib", "libtorch_cpu.dylib", "libLibTorchSharp.dylib"]
        : ["libc10.so", "libtorch_cpu.so", "libLibTorchSharp.so"];

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e;
    }

    /// <summary>
    /// Tells glibc to keep what is freed: it would give large tensors back to the kernel after each use and fault them in
    /// again, which made an evaluation of 10,000 images take nine times as long.
    /// </summary>
    private static void KeepFreedMemory()
    {
        const int trimThreshold = -1; // M_TRIM_THRESHOLD
        const int mmapMaximum = -4; // M_MMAP_MAX
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = mallopt(mmapMaximum, 0);
            _ = mallopt(trimThreshold, int.MaxValue);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Not glibc (musl has no mallopt): slower, nothing else.
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}
