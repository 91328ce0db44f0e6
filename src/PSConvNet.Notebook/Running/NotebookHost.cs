using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace PSConvNet.Notebook;

/// <summary>What PowerShell's engine sees of a notebook.</summary>
internal sealed class NotebookHost(NotebookUserInterface ui) : PSHost
{
    private int? _exitCode;

    /// <summary>The code given to <c>exit</c> since this was last asked, or null.</summary>
    public int? TakeExitCode()
    {
        var code = _exitCode;
        _exitCode = null;
        return code;
    }

    /// <summary>The screen of the cell that runs on a host; null where the host is no notebook.</summary>
    /// <param name="host">The host as a cmdlet sees it: PowerShell wraps it, but for its private data.</param>
    public static CellScreen? ScreenOf(PSHost host) => (host.PrivateData?.BaseObject as NotebookUserInterface)?.Screen;

    /// <inheritdoc />
    public override PSObject PrivateData { get; } = new(ui);

    /// <inheritdoc />
    public override string Name => "PSConvNet notebook";

    /// <inheritdoc />
    public override Version Version { get; } = typeof(NotebookHost).Assembly.GetName().Version ?? new Version(0, 0);

    /// <inheritdoc />
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc />
    public override PSHostUserInterface UI => ui;

    /// <inheritdoc />
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc />
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <inheritdoc />
    public override void SetShouldExit(int exitCode) => _exitCode = exitCode;

    /// <inheritdoc />
    public override void EnterNestedPrompt() =>
        throw new PSInvalidOperationException(
            "A notebook has no nested prompt and no debugger; run the lines in separate cells instead."
        );

    /// <inheritdoc />
    public override void ExitNestedPrompt() { }

    /// <inheritdoc />
    public override void NotifyBeginApplication() { }

    /// <inheritdoc />
    public override void NotifyEndApplication() { }
}
