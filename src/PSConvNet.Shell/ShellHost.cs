using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;

namespace PSConvNet.Shell;

/// <summary>What PowerShell's engine sees of this program.</summary>
internal sealed class ShellHost(ShellUserInterface ui) : PSHost
{
    /// <summary>The version the project was built as.</summary>
    public static Version ShellVersion { get; } =
        Assembly.GetExecutingAssembly().GetName().Version is { } v
            ? new Version(v.Major, v.Minor, v.Build)
            : new Version(0, 0, 0);

    private int? _exitCode;

    /// <summary>The code given to <c>exit</c> since this was last asked, or null.</summary>
    public int? TakeExitCode()
    {
        var code = _exitCode;
        _exitCode = null;
        return code;
    }

    /// <summary>Runs a prompt inside a running pipeline; set by the interactive loop.</summary>
    public Action? NestedPrompt { get; set; }

    /// <summary>Whether the innermost nested prompt was asked to end.</summary>
    public bool NestedPromptEnds { get; set; }

    /// <inheritdoc />
    public override string Name => "psconvnet";

    /// <inheritdoc />
    public override Version Version => ShellVersion;

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
        (
            NestedPrompt
            ?? throw new PSInvalidOperationException("A nested prompt needs the interactive shell; a script has none.")
        ).Invoke();

    /// <inheritdoc />
    public override void ExitNestedPrompt() => NestedPromptEnds = true;

    /// <inheritdoc />
    public override void NotifyBeginApplication() => ui.HideProgress();

    /// <inheritdoc />
    public override void NotifyEndApplication() { }
}
