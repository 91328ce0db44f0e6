using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using PSConvNet.Runtime;

namespace PSConvNet.Loader;

/// <summary>
/// The load context of PSConvNet.Engine.dll within PowerShell. The cmdlets' assemblies are in the default context, where another module's newer SkiaSharp
/// or TorchSharp, once loaded, is what every assembly gets; an assembly in this context gets the versions it was built with.
/// </summary>
/// <remarks>
/// An assembly of its own, because PowerShell reads all types of an assembly, and with them the engine's, before it calls the assembly's initializer.
/// The pattern is that of PowerShellEditorServices and Az.Accounts.
/// </remarks>
internal sealed class EngineContext : AssemblyLoadContext
{
    private const string Engine = "PSConvNet.Engine";

    private static readonly string s_path = Path.Combine(
        Path.GetDirectoryName(typeof(EngineContext).Assembly.Location)!,
        Engine + ".dll"
    );

    private static int s_registered;

    /// <summary>What the host itself brings: the framework's assemblies, and those of PowerShell. The engine shares them with the cmdlets.</summary>
    private readonly HashSet<string> _shared = new(StringComparer.OrdinalIgnoreCase);

    private EngineContext()
        : base(Engine)
    {
        var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        foreach (var path in trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            _shared.Add(Path.GetFileNameWithoutExtension(path));
    }

    /// <summary>Answers the default context's requests for the engine from now on.</summary>
    /// <returns>Whether it is the first call; further calls do nothing.</returns>
    public static bool Register()
    {
        if (Interlocked.Exchange(ref s_registered, 1) == 1)
            return false;
        var context = new EngineContext();
        var version = AssemblyName.GetAssemblyName(s_path).Version;
        Default.Resolving += (_, name) =>
            name.Name == Engine && (name.Version is null || name.Version == version)
                ? context.LoadFromAssemblyPath(s_path)
                : null;
        return true;
    }

    /// <inheritdoc />
    // The engine can only be asked once its references to the framework are resolved.
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is { } name && !_shared.Contains(name) ? Ask(assemblyName) : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Assembly? Ask(AssemblyName name) => DependencyContext.Find(name);
}
