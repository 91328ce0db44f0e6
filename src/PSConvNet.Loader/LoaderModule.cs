using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSConvNet.Runtime;

namespace PSConvNet.Loader;

/// <summary>
/// Runs when the module is imported, before the assemblies with cmdlets are looked at: has their engine loaded into a load context of its own.
/// </summary>
public sealed class LoaderModule : IModuleAssemblyInitializer
{
    /// <inheritdoc />
    public void OnImport()
    {
        if (EngineContext.Register())
            NameTypes();
    }

    // A method of its own: only when it is compiled is the engine looked for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NameTypes() => TypeNames.Add(typeof(DependencyContext).Assembly);
}
