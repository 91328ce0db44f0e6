using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSConvNet.Module.Tests;

/// <summary>A real runspace with the module imported from <c>module/PSConvNet.psd1</c>, as at a prompt.</summary>
internal sealed class PowerShellSession : IDisposable
{
    private readonly Runspace _runspace;

    public PowerShellSession(bool import = true)
    {
        var state = InitialSessionState.CreateDefault();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        if (import)
            state.ImportPSModule([Repository.Manifest]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    public Runspace Runspace => _runspace;

    /// <summary>Runs a script; throws what terminates it.</summary>
    public ScriptResult Run(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        var output = shell.Invoke();
        return new ScriptResult(
            output,
            [.. shell.Streams.Error],
            [.. shell.Streams.Warning.Select(r => r.Message)],
            [.. shell.Streams.Verbose.Select(r => r.Message)],
            [.. shell.Streams.Progress]
        );
    }

    /// <summary>Runs a script that must fail, and gives the error that ended it or the first one written.</summary>
    public ErrorRecord RunForError(string script)
    {
        try
        {
            var result = Run(script);
            return result.Errors.Count > 0
                ? result.Errors[0]
                : throw new Xunit.Sdk.XunitException($"no error came from: {script}");
        }
        catch (RuntimeException e)
        {
            return e.ErrorRecord;
        }
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>What a script wrote to each stream.</summary>
internal sealed record ScriptResult(
    Collection<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<ProgressRecord> Progress
);
