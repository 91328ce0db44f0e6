using System.Reflection;
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
    private static readonly string[] s_cppRuntime =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ["vcruntime140.dll", "msvcp140.dll", "vcomp140.dll"]
            : ["vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll"];
    private static readonly Lazy<ConvNetException?> s_failure = new(Load);

    /// <summary>Whether libtorch has been loaded into this process by now.</summary>
    public static bool IsLoaded => s_failure.IsValueCreated && s_failure.Value is null;

    /// <summary>Loads libtorch if it is not loaded yet.</summary>
    /// <exception cref="ConvNetException">
    /// <c>RuntimeNotInstalled</c>: it isn't on this machine. <c>NativeLibraryMissing</c>: it can't be loaded; the loader's trace is the inner exception.
    /// </exception>
    public static void EnsureLoaded()
    {
        // Not kept: it may be installed in the next moment.
        if (!s_failure.IsValueCreated && NotInstalled() is { } missing)
            throw missing;
        if (s_failure.Value is { } failure)
            throw new ConvNetException(
                failure.ErrorId,
                failure.Kind,
                failure.Message,
                failure.Target,
                failure.InnerException
            );
    }

    /// <summary>The version of the libtorch that TorchSharp was made for; null where TorchSharp is missing.</summary>
    public static string? Version => Versions().LibTorch;

    /// <summary>The version of TorchSharp; null where it is missing.</summary>
    public static string? TorchSharpVersion => Versions().TorchSharp;

    /// <summary>The folder that libtorch's largest library is found in; null where it is nowhere.</summary>
    public static string? Folder => Path.GetDirectoryName(DependencyContext.FindNative(Largest));

    /// <summary>Whether TorchSharp is not that of the module's folder but one that a C# program brings.</summary>
    internal static bool IsOfProgram => Versions().Folder is { } folder && folder != DependencyContext.Folder;

    private static string Largest =>
        OperatingSystem.IsWindows() ? "torch_cpu.dll"
        : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib"
        : "libtorch_cpu.so";

    /// <summary>The error where libtorch is nowhere on this machine, as it is after the thin package was installed; null where it is.</summary>
    private static ConvNetException? NotInstalled()
    {
        // Without TorchSharp more is missing than libtorch.
        if (Folder is not null || Versions().Folder is null)
            return null;
        if (IsOfProgram)
            return IsKnownToSystem() ? null : NotInProgram();
        var message = LibTorchRelease.ForThisSystem() is { } release
            ? $"libtorch {release.Version}, which this command needs, isn't installed. Run RuntimeInstaller.InstallAsync: it downloads {release.DownloadSize / 1e6:0} MB through your NuGet sources and takes {release.Size / 1e6:0} MB on disk."
            : $"libtorch, which this command needs, isn't published for {LibTorchRelease.ThisSystem}: models can be built and read here, and trained on Linux x64, Windows, or macOS on Apple silicon.";
        return new ConvNetException(
            ErrorIds.RuntimeNotInstalled,
            ErrorKind.Unavailable,
            message,
            DependencyContext.Folder
        );
    }

    /// <summary>Whether the system finds libtorch by its name, or another part of the program has loaded it already.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsKnownToSystem() => NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);

    private static ConvNetException NotInProgram() =>
        new(
            ErrorIds.RuntimeNotInstalled,
            ErrorKind.Unavailable,
            LibTorchRelease.ForThisSystem() is { } release
                ? $"libtorch {release.Version}, which computes, isn't beside this program: add its package to the project (dotnet add package TorchSharp-cpu --version {TorchSharpVersion}), or run RuntimeInstaller.InstallAsync."
                : $"libtorch, which computes, isn't published for {LibTorchRelease.ThisSystem}: models can be built and read here, and trained on Linux x64, Windows, or macOS on Apple silicon.",
            AppContext.BaseDirectory
        );

    private static (string? TorchSharp, string? LibTorch, string? Folder) Versions()
    {
        try
        {
            return TorchSharpVersions();
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return default;
        }
    }

    // Not inlined, so that a missing TorchSharp.dll is found missing within the handler above. Reads metadata only: no
    // static constructor of torch runs, which would load the natives.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (string? TorchSharp, string? LibTorch, string? Folder) TorchSharpVersions()
    {
        var packaged =
            typeof(torch)
                .GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)
                ?.GetRawConstantValue() as string;
        return (
            typeof(torch).Assembly.GetName().Version?.ToString(3),
            System.Version.TryParse(packaged, out var version) && version.Build >= 0 ? version.ToString(3) : packaged,
            // Empty in a program of a single file.
            Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? ""
        );
    }

    private static ConvNetException? Load()
    {
        KeptMemory.Begin();
        PrepareWindows();
        try
        {
            LoadNatives();
            Touch();
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new ConvNetException(
                ErrorIds.NativeLibraryMissing,
                ErrorKind.Unavailable,
                IsOfProgram
                    ? ExplainProgram(e, MissingCppRuntime())
                    : Explain(e, DependencyContext.Folder, MissingCppRuntime()),
                IsOfProgram ? AppContext.BaseDirectory : DependencyContext.Folder,
                e
            );
        }
    }

    // TorchSharp does the same, but when that fails it writes a page to standard output and goes looking in the NuGet cache.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadNatives()
    {
        if (IsOfProgram)
        {
            ProgramNatives.Load(Natives());
            return;
        }
        var folder = Path.GetDirectoryName(typeof(torch).Assembly.Location)!;
        foreach (var file in Natives())
            NativeLibrary.Load(DependencyContext.FindNative(file) ?? Path.Combine(folder, file));
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
    /// <param name="failure">What the loader said.</param>
    /// <param name="folder">The folder of the libraries.</param>
    /// <param name="missingCppRuntime">The file of Windows' C++ runtime that is not on this machine, or null.</param>
    internal static string Explain(Exception failure, string folder, string? missingCppRuntime = null)
    {
        var missing = Required()
            .FirstOrDefault(file =>
                !File.Exists(Path.Combine(folder, file))
                && (folder != DependencyContext.Folder || DependencyContext.FindNative(file) is null)
            );
        // Where Install-ConvNetRuntime put it, unless the folder has it.
        var installed = folder == DependencyContext.Folder && Folder != folder ? Folder : null;
        if (!Directory.Exists(folder))
            return $"PSConvNet's folder of native libraries, {folder}, is missing: build the project (dotnet build -c Release) or install PSConvNet again.";
        if (missing is not null)
        {
            return installed is null
                ? $"{missing} is missing from {folder}: build the project again (dotnet build -c Release) or install PSConvNet again."
                : $"{missing} is missing from {installed}: RuntimeInstaller.InstallAsync installs it again.";
        }
        if (missingCppRuntime is not null)
            return AdviseCppRuntime(missingCppRuntime) + " and start the program again.";
        var reason = TooOld(failure);
        if (reason is null && installed is not null)
            return $"The libraries in {installed} can't be loaded; RuntimeInstaller.InstallAsync installs them again, and InnerException has the loader's message.";
        return reason is null
            ? $"The libraries in {folder} can't be loaded on this {RuntimeInformation.RuntimeIdentifier} system; they need 64-bit glibc 2.28 or later, Windows 10 or macOS on Apple silicon, and InnerException has the loader's message."
            : $"A system library is too old for libtorch ({reason}): update it, or build the project on this machine (dotnet build -c Release), which adapts the libraries to it.";
    }

    /// <summary>The same for a C# program, whose libraries come from NuGet's packages.</summary>
    internal static string ExplainProgram(Exception failure, string? missingCppRuntime = null)
    {
        if (missingCppRuntime is not null)
            return AdviseCppRuntime(missingCppRuntime) + " and start the program again.";
        return TooOld(failure) is { } reason
            ? $"A system library is too old for libtorch ({reason}): update it, or let the program write to {LibTorchRelease.Root}, where it keeps a copy that does without."
            : $"libtorch can't be loaded from {Folder ?? AppContext.BaseDirectory}: give TorchSharp-cpu the version of TorchSharp ({TorchSharpVersion}) and build for this system; it needs 64-bit glibc 2.28 or later, Windows 10 or macOS on Apple silicon, and InnerException has the loader's message.";
    }

    private static string AdviseCppRuntime(string missing)
    {
        var machine = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return $"libtorch needs the Microsoft Visual C++ Redistributable, of which {missing} is missing on this machine: "
            + $"install it ('winget install Microsoft.VCRedist.2015+.{machine}', or https://aka.ms/vs/17/release/vc_redist.{machine}.exe)";
    }

    /// <summary>The loader's line on a version that a system library doesn't have; null where it has none.</summary>
    private static string? TooOld(Exception failure) =>
        Innermost(failure)
            .Message.ReplaceLineEndings("\n")
            .Split('\n')
            .FirstOrDefault(line => line.Contains("version `", StringComparison.Ordinal))
            ?.Trim();

    // Windows has them only where some program brought them.
    private static string? MissingCppRuntime() =>
        OperatingSystem.IsWindows() ? s_cppRuntime.FirstOrDefault(file => !NativeLibrary.TryLoad(file, out _)) : null;

    private static string[] Required() => ["TorchSharp.dll", .. Natives()];

    // In the order in which they are loaded: each needs those before it.
    private static string[] Natives() =>
        [
            .. LibTorchRelease.ForThisSystem()?.Libraries ?? [],
            OperatingSystem.IsWindows() ? "LibTorchSharp.dll"
            : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib"
            : "libLibTorchSharp.so",
        ];

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e;
    }

    /// <summary>Sets what the libraries of Intel that libtorch brings to Windows read when they are loaded, where the user has not.</summary>
    private static void PrepareWindows()
    {
        if (!OperatingSystem.IsWindows())
            return;
        // libiomp5md.dll has a handler of Intel Fortran, which ends the process at Ctrl-C: "forrtl: error (200)".
        SetDefault("FOR_DISABLE_CONSOLE_CTRL_HANDLER", "1");
        // Without it MKL chooses its way by where memory happens to lie, and equal seeds give two results.
        SetDefault("MKL_CBWR", "AUTO");
    }

    private static void SetDefault(string variable, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
            Environment.SetEnvironmentVariable(variable, value);
    }
}
