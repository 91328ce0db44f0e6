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
        AssemblyLoadContext.Default.Resolving += (_, name) => context.Find(name);
    }

    private sealed class FolderContext(string folder) : AssemblyLoadContext("PSConvNet.Dependencies")
    {
        public Assembly? Find(AssemblyName name)
        {
            var path = Path.Combine(folder, name.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }

        protected override Assembly? Load(AssemblyName assemblyName) => Find(assemblyName);

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
        {
            foreach (var file in NativeNames(unmanagedDllName))
            {
                var path = Path.Combine(folder, file);
                if (File.Exists(path))
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
