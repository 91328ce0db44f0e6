using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Notebook;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Makes PowerShell with this module a kernel of Jupyter: notebooks can then be run in JupyterLab, VS Code and others.</summary>
/// <remarks>
/// <para>
/// Writes a kernelspec, a small folder that tells Jupyter how to start the kernel: in the pwsh that you call this from.
/// Jupyter itself is needed to use it, not to write it. To take the kernel away again, remove the folder.
/// </para>
/// <para>
/// In a notebook, objects appear as they come, progress bars move in their place, networks, curves and pictures are drawn, Tab completes,
/// and the stop button ends a training within one batch. The kernel listens where the frontend tells it to, which is this machine alone
/// unless somebody chose otherwise, and takes no message that is not signed with the frontend's key.
/// </para>
/// <para>
/// Errors: KernelExists (give -Force to replace it), KernelNameInvalid, KernelProgramNotFound (no PowerShell 7.4 or later),
/// FileNotWritten, PathNotFound, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Registers the kernel for the current user, or says what that would write.</para>
/// <code>Register-NotebookKernel -Force -WhatIf</code>
/// </example>
/// <example>
/// <para>Registers it in a Python environment, for whoever uses that.</para>
/// <code>Register-NotebookKernel -Prefix ./venv -Name convnet -Force</code>
/// </example>
/// <seealso cref="InvokeNotebookCommand" />
[Cmdlet(VerbsLifecycle.Register, "NotebookKernel", DefaultParameterSetName = "User", SupportsShouldProcess = true)]
[OutputType(typeof(NotebookKernel))]
public sealed class RegisterNotebookKernelCommand : ConvNetCmdlet
{
    /// <summary>What frontends call the kernel by: letters a to z, digits, -, . and _. Default: psconvnet.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string Name { get; set; } = "psconvnet";

    /// <summary>What people choose it by. Default: PowerShell (PSConvNet).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string DisplayName { get; set; } = "PowerShell (PSConvNet)";

    /// <summary>Registers it for the current user, which is what happens without -Prefix too.</summary>
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
                    "KernelExists",
                    ErrorKind.InvalidArgument,
                    $"{folder} has a kernel already; give -Force to replace it, or another -Name.",
                    folder
                );
            }
            var shell = Program is null
                ? ShellProgram.Find(KernelSpec.ProgramNotFound, ", or name a program with -Program")
                : ShellProgram.Of(this.Target(Program), KernelSpec.ProgramNotFound);
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
