using System.Management.Automation;
using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>Runs when the module is imported, before any cmdlet: makes the dependencies findable and loads none of them.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <inheritdoc />
    public void OnImport() => DependencyContext.Register();
}
