using System.Management.Automation;
using PSConvNet.Notebook;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>
/// The notebook kernel, in this very process, to its end. Not a command of the module: it has no <see cref="CmdletAttribute"/> and isn't exported,
/// and <c>module/kernel/Start-NotebookKernel.ps1</c> calls it by its type. It is a cmdlet so that its errors have their ids and categories.
/// </summary>
public sealed class NotebookKernelCommand : ConvNetCmdlet
{
    /// <summary>The connection file that a frontend wrote, under a name that is taken literally.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string ConnectionFile { get; set; } = "";

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        try
        {
            KernelProgram.Start(this.Target(ConnectionFile));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, ConnectionFile);
        }
    }
}
