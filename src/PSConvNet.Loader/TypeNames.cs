using System.Management.Automation;
using System.Reflection;

namespace PSConvNet.Loader;

/// <summary>
/// Makes the engine's public types known to PowerShell by their names, so that <c>[PSConvNet.Data.Dataset]::new(…)</c> works: PowerShell itself looks for types
/// in the default load context alone.
/// </summary>
internal static class TypeNames
{
    /// <summary>Adds all of them; a PowerShell that has no place for them goes without.</summary>
    public static void Add(Assembly assembly)
    {
        // Not public, though its methods are; modules have used it for as long as there have been type accelerators.
        var add = typeof(PSObject)
            .Assembly.GetType("System.Management.Automation.TypeAccelerators")
            ?.GetMethod("Add", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(Type)])
            ?.CreateDelegate<Action<string, Type>>();
        if (add is null)
            return;
        foreach (var type in assembly.GetExportedTypes())
            add(type.FullName!, type);
    }
}
