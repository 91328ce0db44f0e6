using System.Reflection;
using System.Runtime.Loader;

namespace PSConvNet.Runtime;

/// <summary>
/// Loads third-party assemblies and their natives from <c>dependencies/</c> beside the engine, in a load context of their own,
/// so that the module can live beside others that bring different versions of them.
/// </summary>
/// <remarks>
/// Only what the default context cannot resolve comes here: where a C# program references TorchSharp itself, that copy wins.
/// The pattern is that of PSResourceGet and PowerShell-OpenAuthenticode.
/// </remarks>
public static class DependencyContext
{
    private static int s_registered;

    /// <summary>The folder that is searched: <c>dependencies</c> beside PSConvNet.Engine.dll.</summary>
    public static string Folder { get; } =
        Path.Combine(
            Path.GetDirectoryName(typeof(DependencyContext).Assembly.Location) ?? AppContext.BaseDirectory,
            "dependencies"
        );

    /// <summary>Hooks into the default context's resolution; further calls do nothing. Loads nothing yet.</summary>
    public static void Register()
    {
        if (Interlocked.Exchange(ref s_registered, 1) == 1)
            return;
        var context = new FolderContext(Folder);
        // Of the version that the engine was built with, and of no other: who asks for another is another module, which brings its own.
        AssemblyLoadContext.Default.Resolving += (_, name) => context.Has(name) ? context.Find(name) : null;
    }

    /// <summary>
    /// Where a native library lies: in the folder, in its folder for this system (a package for several has one each), or where libtorch was
    /// installed. Null where it is in none of them.
    /// </summary>
    internal static string? FindNative(string file)
    {
        string[] packaged = [Path.Combine(Folder, file), Path.Combine(Folder, LibTorchRelease.ThisSystem, file)];
        if (Array.Find(packaged, File.Exists) is { } path)
            return path;
        // Skia and the like are never there, and to look would load TorchSharp.
        if (!file.Contains("torch", StringComparison.OrdinalIgnoreCase) && !IsOfLibTorch(file))
            return null;
        return
            LibTorchRelease.ForThisSystem() is { } release
            && Path.Combine(release.Folder, file) is var installed
            && File.Exists(installed)
            ? installed
            : null;
    }

    private static bool IsOfLibTorch(string file) =>
        Path.GetFileNameWithoutExtension(file) is "c10" or "libc10" or "libomp" or "libiomp5md";

    private sealed class FolderContext(string folder) : AssemblyLoadContext("PSConvNet.Dependencies")
    {
        public Assembly? Find(AssemblyName name) => PathOf(name) is { } path ? LoadFromAssemblyPath(path) : null;

        public bool Has(AssemblyName name) =>
            PathOf(name) is { } path
            && (name.Version is null || AssemblyName.GetAssemblyName(path).Version == name.Version);

        private string? PathOf(AssemblyName name) =>
            Path.Combine(folder, name.Name + ".dll") is var path && File.Exists(path) ? path : null;

        protected override Assembly? Load(AssemblyName assemblyName) => Find(assemblyName);

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
        {
            foreach (var file in NativeNames(unmanagedDllName))
            {
                if (FindNative(file) is { } path)
                    return LoadUnmanagedDllFromPath(path);
            }
            return IntPtr.Zero;
        }

        private static string[] NativeNames(string name) =>
            OperatingSystem.IsWindows() ? [name, name + ".dll"]
            : OperatingSystem.IsMacOS() ? [name, $"lib{name}.dylib", name + ".dylib"]
            : [name, $"lib{name}.so", name + ".so"];
    }
}
