using System.Management.Automation;
using PSConvNet.Runtime;

namespace PSConvNet.Notebook;

/// <summary>Runs when the module is imported: makes the dependencies findable, loading none, and offers our objects to Polyglot Notebooks.</summary>
public sealed class NotebookModule : IModuleAssemblyInitializer
{
    /// <inheritdoc />
    public void OnImport()
    {
        DependencyContext.Register();
        PolyglotFormatters.Register();
    }
}
