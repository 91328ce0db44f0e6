using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSConvNet;

/// <summary>
/// Runs when the module is imported, before any cmdlet: makes the dependencies findable and loads none of them, and tells the session what
/// <c>module/types</c> says of our types.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <inheritdoc />
    public void OnImport()
    {
        DependencyContext.Register();
        AddTypes();
    }

    /// <summary>
    /// Aliases of properties and what is serialized. A manifest's TypesToProcess would refuse the whole module in a session that has them from
    /// another copy: psconvnet's own, say, when a script imports the one that is installed.
    /// </summary>
    private static void AddTypes()
    {
        var bin = Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!;
        var folder = new DirectoryInfo(Path.Combine(bin, "..", "types"));
        // Assemblies that are used without the module have none, and programs that only load the assembly have no session.
        if (!folder.Exists || Runspace.DefaultRunspace is null)
            return;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell
            .AddCommand("Microsoft.PowerShell.Utility\\Update-TypeData")
            .AddParameter("AppendPath", folder.GetFiles("*.ps1xml").Select(file => file.FullName).ToArray())
            .AddParameter("ErrorAction", ActionPreference.Ignore);
        try
        {
            shell.Invoke();
        }
        catch (CommandNotFoundException)
        {
            // A session of a few commands only; it prints tables without these names.
        }
    }
}
