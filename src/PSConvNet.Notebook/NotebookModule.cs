using System.Management.Automation;
using PSConvNet.Runtime;

namespace PSConvNet.Notebook;

/// <summary>Runs when the module is imported: makes the dependencies findable and loads none of them.</summary>
public sealed class NotebookModule : IModuleAssemblyInitializer
{
    /// <inheritdoc />
    public void OnImport() => DependencyContext.Register();
}
