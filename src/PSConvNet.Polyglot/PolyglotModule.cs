using System.Management.Automation;
using System.Management.Automation.Host;
using Microsoft.DotNet.Interactive;
using PSConvNet.Commands;

namespace PSConvNet.Polyglot;

/// <summary>Runs when the module is imported within Polyglot Notebooks: has it show our objects, our progress, and stop our commands.</summary>
public sealed class PolyglotModule : IModuleAssemblyInitializer
{
    /// <inheritdoc />
    public void OnImport()
    {
        PolyglotFormatters.Register();
        if (
            KernelInvocationContext.Current is not { HandlingKernel.KernelInfo.LanguageName: "PowerShell" } cell
            || SharedData() is not { } shared
            || shared.Properties[IOuterHost.Property] is not null
        )
        {
            return;
        }
        var session = new PolyglotSession();
        shared.Properties.Add(new PSNoteProperty(IOuterHost.Property, session));
        session.Join(cell);
    }

    /// <summary>What all sessions of this host share.</summary>
    private static PSObject? SharedData()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Microsoft.PowerShell.Utility\\Get-Host").Invoke<PSHost>().Single().PrivateData;
    }
}
