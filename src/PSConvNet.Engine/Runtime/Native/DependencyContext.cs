using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace PSConvNet.Runtime;

/// <summary>
/// Loads third-party assemblies and their natives from <c>dependencies/</c> beside the engine, in a load context of their own,
/// so that the module can live beside others that bring different versions of them.
/// </summary>
/// <remarks>
/// A C# program that references the package PSConvNet.Engine has no such folder: its assemblies and natives lie where NuGet lays them
/// (<see cref="ProgramNatives"/>). Where there is one, only what the default context cannot resolve comes from it.
/// Within PowerShell the engine is in a context of its own (PSConvNet.Loader), which looks here first.
/// The pattern is that of PSResourceGet and PowerShell-OpenAuthenticode.
/// </remarks>
public static class DependencyContext
{
    /// <summary>The folder that is searched: <c>dependencies</c> beside PSConvNet.Engine.dll.</summary>
    public static string Folder { get; } =
        Path.Combine(
            Path.GetDirectoryName(typeof(DependencyContext).Assembly.Location) ?? AppContext.BaseDirectory,
            "dependencies"
        );

    private static readonly FolderContext s_context = new(Folder);

    private static int s_registered;

    /// <summary>
    /// Hooks into the default context's resolution; further calls do nothing. Loads nothing yet. Called when the engine is first used.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage(
        "Usage",
        "CA2255",
        Justification = "Whatever of the engine a program uses first, its dependencies must be found by then."
    )]
    public static void Register()
    {
        if (Interlocked.Exchange(ref s_registered, 1) == 1)
            return;
        // Of the version that the engine was built with, and of no other: who asks for another is another module, which brings its own.
        AssemblyLoadContext.Default.Resolving += (_, name) => s_context.Has(name) ? s_context.Find(name) : null;
    }

    /// <summary>The third-party assembly of a name, from the folder; null where the folder has none.</summary>
    /// <param name="name">Its name; the version is not looked at, for the engine asks for none but that which lies there.</param>
    public static Assembly? Find(AssemblyName name) => s_context.Find(name);

    /// <summary>
    /// Where a native library lies: in the folder, in its folder for this system (a package for several has one each), in a C# program where
    /// NuGet laid it, or where libtorch was installed. Null where it is in none of them.
    /// </summary>
    internal static string? FindNative(string file)
    {
        string[] packaged = [Path.Combine(Folder, file), Path.Combine(Folder, LibTorchRelease.ThisSystem, file)];
        if (Array.Find(packaged, File.Exists) is { } path)
            return path;
        // Skia and the like are never there, and to look would load TorchSharp.
        if (!file.Contains("torch", StringComparison.OrdinalIgnoreCase) && !IsOfLibTorch(file))
            return null;
        if (LibTorch.IsOfProgram && ProgramNatives.Find(file) is { } laid)
            return laid;
        return
            LibTorchRelease.ForThisSystem() is { } release
            && Path.Combine(release.Folder, file) is var installed
            && File.Exists(installed)
            ? installed
            : null;
    }

    private static bool IsOfLibTorch(string file) =>
        Path.GetFileNameWithoutExtension(file) is "c10" or "libc10" or "libomp" or "libiomp5md";

    /// <summary>What a system's library of a name may be called as a file.</summary>
    internal static string[] NativeNames(string name) =>
        OperatingSystem.IsWindows() ? [name, name + ".dll"]
        : OperatingSystem.IsMacOS() ? [name, $"lib{name}.dylib", name + ".dylib"]
        : [name, $"lib{name}.so", name + ".so"];

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
    }
}
