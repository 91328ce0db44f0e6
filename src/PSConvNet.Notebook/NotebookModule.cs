using System.Management.Automation;
using System.Reflection;

namespace PSConvNet.Notebook;

/// <summary>
/// Runs when the module is imported: makes the dependencies findable, loading none. In the process of Polyglot Notebooks, and only there, it
/// loads PSConvNet.Polyglot, which is compiled against that program.
/// </summary>
public sealed class NotebookModule : IModuleAssemblyInitializer
{
    private const string PolyglotHost = "Microsoft.DotNet.Interactive";
    private const string PolyglotPart = "PSConvNet.Polyglot";

    /// <inheritdoc />
    public void OnImport()
    {
        DependencyContext.Register();
        if (Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), IsPolyglotHost))
            JoinPolyglot();
    }

    private static bool IsPolyglotHost(Assembly assembly) =>
        !assembly.IsDynamic && assembly.GetName().Name == PolyglotHost;

    private static void JoinPolyglot()
    {
        var file = Path.Combine(
            Path.GetDirectoryName(typeof(NotebookModule).Assembly.Location)!,
            PolyglotPart + ".dll"
        );
        if (!File.Exists(file))
            return;
        var part = Assembly.LoadFrom(file).GetType($"{PolyglotPart}.PolyglotModule", throwOnError: true)!;
        ((IModuleAssemblyInitializer)Activator.CreateInstance(part)!).OnImport();
    }
}
