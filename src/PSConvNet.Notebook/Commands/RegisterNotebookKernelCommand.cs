using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Notebook;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>
/// Registers PowerShell with this module as a Jupyter kernel, so that notebooks can be run in JupyterLab, VS Code and other frontends.
/// </summary>
/// <remarks>
/// <para>
/// Writes a kernelspec, a small folder that tells Jupyter how to start the kernel: in the pwsh that you run this command in. You need Jupyter to use
/// the kernel, but not to register it. The kernel of an installed module stays registered when the module is updated, and runs the newest version. To
/// unregister the kernel, delete the folder.
/// </para>
/// <para>
/// In a notebook, objects appear as soon as they are written, progress bars move, networks, curves and pictures are drawn, Tab completes, and the
/// stop button ends a training within one batch. The kernel listens at the address that the frontend gives it, which is normally reachable from this
/// machine only, and ignores messages that aren't signed with the frontend's key.
/// </para>
/// <para>
/// Errors: KernelExists (give -Force to replace it), KernelNameInvalid, KernelProgramNotFound (no PowerShell 7.4 or later),
/// FileNotWritten, PathNotFound, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Registers the kernel for the current user, or shows what would be written.</para>
/// <code>Register-NotebookKernel -Force -WhatIf</code>
/// </example>
/// <example>
/// <para>Registers it in a Python environment, for everybody who uses that environment.</para>
/// <code>Register-NotebookKernel -Prefix ./venv -Name convnet -Force</code>
/// </example>
/// <seealso cref="InvokeNotebookCommand" />
[Cmdlet(
    VerbsLifecycle.Register,
    "NotebookKernel",
    DefaultParameterSetName = "User",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Address + "Register-NotebookKernel.md"
)]
[OutputType(typeof(NotebookKernel))]
public sealed class RegisterNotebookKernelCommand : ConvNetCmdlet
{
    /// <summary>The kernel's name for frontends: letters a to z, digits, -, . and _. Default: psconvnet.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string Name { get; set; } = "psconvnet";

    /// <summary>The name that people see when they choose a kernel. Default: PowerShell (PSConvNet).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string DisplayName { get; set; } = "PowerShell (PSConvNet)";

    /// <summary>Registers it for the current user, which is also what happens without -Prefix.</summary>
    [Parameter(ParameterSetName = "User")]
    public SwitchParameter User { get; set; }

    /// <summary>Registers it in an installation of Jupyter, such as a Python environment: its folder, the one that has share in it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Prefix")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string? Prefix { get; set; }

    /// <summary>The program that runs cells: the path of a pwsh of 7.4 or later. Default: this one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string? Program { get; set; }

    /// <summary>Replaces a kernel of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            KernelSpec.CheckName(Name);
            var kernels = Prefix is null ? KernelFolders.User : KernelFolders.Of(this.Target(Prefix));
            // Jupyter takes names without regard to case, and asks for small letters in its files.
            var folder = Path.Combine(kernels, Name.ToLowerInvariant());
            if (KernelSpec.IsIn(folder) && !Force)
            {
                throw new ConvNetException(
                    ErrorIds.KernelExists,
                    ErrorKind.InvalidArgument,
                    $"{folder} has a kernel already; give -Force to replace it, or another -Name.",
                    folder
                );
            }
            var shell = Program is null
                ? ShellProgram.Find(ErrorIds.KernelProgramNotFound, ", or name a program with -Program")
                : ShellProgram.Of(this.Target(Program), ErrorIds.KernelProgramNotFound);
            if (!ShouldProcess(folder, $"Register a notebook kernel that runs in {shell.Program}"))
                return;
            KernelSpec.Write(folder, DisplayName, shell);
            WriteObject(new NotebookKernel(Name.ToLowerInvariant(), DisplayName, shell.Program, folder));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Name);
        }
    }
}
