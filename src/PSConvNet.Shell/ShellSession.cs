using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSConvNet.Shell;

/// <summary>How a script ended.</summary>
internal enum RunOutcome
{
    /// <summary>To its end, or by <c>exit</c>.</summary>
    Completed,

    /// <summary>By an error, which has been shown.</summary>
    Failed,

    /// <summary>By <see cref="ShellSession.Stop"/>.</summary>
    Stopped,
}

/// <summary>A runspace with the module imported, which runs one script at a time and shows what it gives through Out-Default.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly Runspace _runspace;
    private readonly ShellUserInterface _ui;
    private readonly Lock _lock = new();
    private PowerShell? _running;

    private ShellSession(Runspace runspace, ShellUserInterface ui)
    {
        _runspace = runspace;
        _ui = ui;
    }

    /// <summary>Whether a script runs now.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_lock)
                return _running is not null;
        }
    }

    /// <summary>Opens a session and imports the module; throws what the engine throws when that fails.</summary>
    public static ShellSession Open(ShellHost host, string manifest)
    {
        // CreateDefault would want the assemblies of pwsh's own modules, which the engine's package has not.
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        state.Commands.Add(new SessionStateCmdletEntry("Write-Host", typeof(WriteHostCommand), null));
        state.ImportPSModule([manifest]);
        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        return new(runspace, (ShellUserInterface)host.UI);
    }

    /// <summary>Runs a script and shows its output and errors.</summary>
    /// <param name="script">PowerShell text.</param>
    /// <param name="remember">Whether it goes to the session's Get-History.</param>
    public RunOutcome Run(string script, bool remember = false)
    {
        using var shell = CreateShell();
        shell.AddScript(script).AddCommand("Out-Default");
        // Errors take the way of the output, so that both appear in the order they were written.
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        PowerShell? outer;
        lock (_lock)
            (outer, _running) = (_running, shell);
        try
        {
            shell.Invoke(null, new PSInvocationSettings { AddToHistory = remember });
            return shell.InvocationStateInfo.State == PSInvocationState.Stopped
                ? RunOutcome.Stopped
                : RunOutcome.Completed;
        }
        catch (Exception e) when (e is PipelineStoppedException or InvalidPowerShellStateException)
        {
            // The second comes where the stop came before the start.
            return RunOutcome.Stopped;
        }
        catch (RuntimeException error)
        {
            ShowError(error.ErrorRecord);
            return RunOutcome.Failed;
        }
        finally
        {
            lock (_lock)
                _running = outer;
            _ui.HideProgress();
        }
    }

    /// <summary>What the session's <c>prompt</c> function says.</summary>
    public string Prompt()
    {
        using var shell = CreateShell();
        try
        {
            return string.Concat(shell.AddCommand("prompt").Invoke()) is { Length: > 0 } prompt ? prompt : "PS> ";
        }
        catch (RuntimeException)
        {
            return "PS> ";
        }
    }

    /// <summary>A pipeline in this session; inside the running one where that is where the caller is, as in a nested prompt.</summary>
    public PowerShell CreateShell()
    {
        if (Runspace.DefaultRunspace == _runspace)
            return PowerShell.Create(RunspaceMode.CurrentRunspace);
        return PowerShell.Create(_runspace);
    }

    /// <summary>Asks the running script to stop, and returns at once.</summary>
    /// <returns>Whether a script was running.</returns>
    public bool Stop()
    {
        lock (_lock)
        {
            _running?.BeginStop(null, null);
            return _running is not null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _runspace.Dispose();

    private void ShowError(ErrorRecord error)
    {
        using var shell = CreateShell();
        shell.AddCommand("Out-Default");
        try
        {
            // Out-Default knows the view of an error; that this object is no output is known here only.
            _ui.ShowAsErrors(() => shell.Invoke(new[] { error }));
        }
        catch (RuntimeException)
        {
            // A broken view must not hide the error itself.
            _ui.WriteErrorLine(error.ToString());
        }
    }
}
