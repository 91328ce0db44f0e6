using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>A native library in this process.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Folder">The folder it was loaded from.</param>
public sealed record LoadedLibrary(string Name, string Folder)
{
    /// <summary>The folder's path, as a terminal may be given it.</summary>
    public string Folder { get; init; } = PrintableText.Of(Folder);

    /// <summary>The full path.</summary>
    public override string ToString() => Path.Combine(Folder, Name);
}

/// <summary>The engine's environment, as needed in a bug report: versions, native libraries, processor, defaults.</summary>
public sealed partial record ConvNetEnvironment
{
    private ConvNetEnvironment() { }

    /// <summary>The engine's version, which is the module's.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the TorchSharp that is used, or null where there is none.</summary>
    public string? TorchSharpVersion { get; init; }

    /// <summary>The version of libtorch that this TorchSharp was made for, or null where that is not known.</summary>
    public string? LibTorchVersion { get; init; }

    /// <summary>The .NET that runs this process.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>The operating system, as it calls itself.</summary>
    public required string OperatingSystem
    {
        get;
        init => field = PrintableText.Of(value);
    }

    /// <summary>.NET's name for the platform, such as <c>linux-x64</c>.</summary>
    public required string RuntimeIdentifier { get; init; }

    /// <summary>Where third-party assemblies and native libraries are looked for.</summary>
    public required string DependencyFolder
    {
        get;
        init => field = PrintableText.Of(value);
    }

    /// <summary>Where libtorch is, or would be, loaded from: the module's own folder, or where Install-ConvNetRuntime put it; null where it is in neither.</summary>
    public string? LibTorchFolder
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value);
    }

    /// <summary>
    /// Whether the staged libLibTorchSharp.so was changed to load with a C++ library older than GCC 13's; null if it doesn't
    /// need one: on other systems, or if the file is missing.
    /// </summary>
    public bool? IsMended { get; init; }

    /// <summary>Whether libtorch is loaded and ready in this process.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Why libtorch can't be loaded, in one sentence; null where it could, or where that was not tried.</summary>
    public string? LoadError
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value, lines: true);
    }

    /// <summary>The loader's own account of <see cref="LoadError"/>, of many lines.</summary>
    public string? LoadErrorDetail
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value, lines: true);
    }

    /// <summary>The native libraries of libtorch and its companions in this process, and where each came from.</summary>
    public required IReadOnlyList<LoadedLibrary> Libraries { get; init; }

    /// <summary>The processor and its vector instructions.</summary>
    public required CpuFeatures Cpu { get; init; }

    /// <summary>The logical processors this process may use.</summary>
    public int Cores { get; init; }

    /// <summary>The threads that training uses unless told otherwise: one per core.</summary>
    public int Threads { get; init; }

    /// <summary>The precision that training uses unless told otherwise: <c>BFloat16</c> where it pays, else <c>Float32</c>.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Collects the information.</summary>
    /// <param name="load">
    /// Whether to load libtorch, to find out whether that works and where it is loaded from. Otherwise no native library is loaded.
    /// A failure is reported in <see cref="LoadError"/>, never thrown.
    /// </param>
    public static ConvNetEnvironment Inspect(bool load = false)
    {
        DependencyContext.Register();
        var failure = load ? TryLoad() : null;
        return new ConvNetEnvironment
        {
            Version = EngineVersion(),
            TorchSharpVersion = LibTorch.TorchSharpVersion,
            LibTorchVersion = LibTorch.Version,
            RuntimeVersion = Environment.Version.ToString(),
            OperatingSystem = RuntimeInformation.OSDescription,
            RuntimeIdentifier = RuntimeInformation.RuntimeIdentifier,
            DependencyFolder = DependencyContext.Folder,
            LibTorchFolder = LibTorch.Folder,
            IsMended = Mended(),
            IsLoaded = LibTorch.IsLoaded,
            LoadError = failure?.Message,
            LoadErrorDetail = failure?.InnerException?.ToString(),
            Libraries = LoadedLibraries(),
            Cpu = CpuFeatures.Current,
            Cores = Environment.ProcessorCount,
            Threads = Session.WorkerCount(requested: 0, batchSize: int.MaxValue),
            Precision = PSConvNet.Runtime.Precision.Auto.Resolve(),
        };
    }

    /// <summary>Whether the libLibTorchSharp.so that is used is mended; null where there is nothing to mend.</summary>
    internal static bool? Mended()
    {
        var path = ProgramNatives.Mended ?? DependencyContext.FindNative("libLibTorchSharp.so");
        try
        {
            return path is not null
                ? ElfSymbolVersions.IsWeak(File.ReadAllBytes(path), "libstdc++.so.6", "GLIBCXX_3.4.32")
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ConvNetException? TryLoad()
    {
        try
        {
            LibTorch.EnsureLoaded();
            return null;
        }
        catch (ConvNetException e)
        {
            return e;
        }
    }

    internal static string EngineVersion()
    {
        var assembly = typeof(ConvNetEnvironment).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        // Without the commit that the SDK puts behind a plus sign.
        return version?.Split('+')[0] ?? assembly.GetName().Version!.ToString(3);
    }

    private static LoadedLibrary[] LoadedLibraries()
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            .. process
                .Modules.Cast<ProcessModule>()
                .Select(module => module.FileName)
                .Where(path => DependencyName().IsMatch(Path.GetFileName(path)))
                .Distinct()
                .Select(path => new LoadedLibrary(Path.GetFileName(path), Path.GetDirectoryName(path) ?? ""))
                .OrderBy(library => library.Name, StringComparer.Ordinal),
        ];
    }

    // By name, not by folder, so that a copy from elsewhere is listed. Managed assemblies have other names.
    [GeneratedRegex(@"^((lib)?(LibTorchSharp|torch|c10)|lib(gomp|iomp|omp|SkiaSharp))")]
    private static partial Regex DependencyName();
}
