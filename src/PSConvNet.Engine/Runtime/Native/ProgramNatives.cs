using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// libtorch's libraries in a C# program: beside it or in <c>runtimes/&lt;rid&gt;/native</c>, where the package TorchSharp-cpu lays them, or
/// where Install-ConvNetRuntime did.
/// </summary>
internal static class ProgramNatives
{
    private const string CppRuntime = "libstdc++.so.6";

    /// <summary>The version of the C++ runtime that TorchSharp's library asks for, and which Debian 12 and Ubuntu 22.04 don't have.</summary>
    private const string CppVersion = "GLIBCXX_3.4.32";

    private static readonly Dictionary<string, IntPtr> s_loaded = [];

    /// <summary>The library that stands in for TorchSharp's own, because that can't be loaded on this system; or null.</summary>
    public static string? Mended { get; private set; }

    /// <summary>Where .NET looks for this program's native libraries.</summary>
    public static IReadOnlyList<string> Folders { get; } = [.. Places().Distinct()];

    /// <summary>Where a library lies; null where the program has none of that name.</summary>
    public static string? Find(string file) =>
        Folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Loads the libraries, each before those that need it, and answers TorchSharp with these. A library that isn't found is left to TorchSharp.
    /// </summary>
    public static void Load(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            if ((Find(file) ?? DependencyContext.FindNative(file)) is { } path)
                s_loaded[file] = LoadOrMend(path);
        }
        if (AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly) is { } context)
        {
            // Asked only where .NET itself finds nothing that can be loaded.
            context.ResolvingUnmanagedDll += (_, name) =>
                DependencyContext
                    .NativeNames(name)
                    .Select(file => s_loaded.GetValueOrDefault(file))
                    .FirstOrDefault(handle => handle != IntPtr.Zero);
        }
    }

    private static IntPtr LoadOrMend(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e) when (e.Message.Contains(CppVersion, StringComparison.Ordinal))
        {
            if (Mend(path) is not { } copy)
                throw;
            var handle = NativeLibrary.Load(copy);
            Mended = copy;
            return handle;
        }
    }

    /// <summary>
    /// A copy that is content with an older C++ runtime, as the build of the module makes one; in the folder of libtorch's installations,
    /// because the program's own may be read-only. Null where it can't be written, or the library doesn't ask for that version.
    /// </summary>
    private static string? Mend(string path)
    {
        try
        {
            var library = File.ReadAllBytes(path);
            if (!ElfSymbolVersions.Mark(library, CppRuntime, CppVersion))
                return null;
            var folder = Path.Combine(
                LibTorchRelease.Root,
                $"torchsharp-{LibTorch.TorchSharpVersion}-{LibTorchRelease.ThisSystem}"
            );
            var copy = Path.Combine(folder, Path.GetFileName(path));
            if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(library))
                return copy;
            Directory.CreateDirectory(folder);
            // Renamed when it is whole: another process may be doing the same.
            var part = $"{copy}.{Environment.ProcessId}";
            File.WriteAllBytes(part, library);
            File.Move(part, copy, overwrite: true);
            return copy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Places()
    {
        // The host of a program lists them, of all packages; the host of a plug-in lists its own.
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string listed)
        {
            foreach (var folder in listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
                yield return folder;
        }
        string[] own =
        [
            Path.GetDirectoryName(typeof(ProgramNatives).Assembly.Location) ?? "",
            AppContext.BaseDirectory,
        ];
        foreach (var folder in own.Where(folder => folder.Length > 0))
        {
            yield return folder;
            yield return Path.Combine(folder, "runtimes", LibTorchRelease.ThisSystem, "native");
        }
    }
}
