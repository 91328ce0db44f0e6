using System.Management.Automation;
using System.Management.Automation.Runspaces;
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
        // A notebook's cell runs in the one session that its host was made for. Others of that host share what is there already.
        if (
            KernelInvocationContext.Current is not { HandlingKernel.KernelInfo.LanguageName: "PowerShell" } context
            || Runspace.DefaultRunspace?.SessionStateProxy.GetVariable("Host") is not System.Management.Automation.Host.PSHost host
            || host.PrivateData is not { } shared
            || shared.Properties[IProgressHost.Property] is not null
        )
        {
            return;
        }
        var session = new PolyglotSession();
        shared.Properties.Add(new PSNoteProperty(IProgressHost.Property, session));
        session.Join(context);
    }
}
