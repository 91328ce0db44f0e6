using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSConvNet.Module.Tests.Data;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>A script of examples/, run from its first line to its last in a runspace of the engine alone.</summary>
internal static class ExampleScript
{
    /// <summary>Runs it without an error.</summary>
    /// <param name="name">Its file's name.</param>
    /// <param name="parameters">Its parameters; those that are null are left out, those that are true are switches.</param>
    public static ExampleRun Run(string name, params (string Name, object? Value)[] parameters)
    {
        var host = new CapturingHost();
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Repository.Manifest]);
        using var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand(Path.Combine(Repository.Root, "examples", name));
        foreach (var (parameter, value) in parameters)
        {
            if (value is true)
                shell.AddParameter(parameter);
            else if (value is not null)
                shell.AddParameter(parameter, value);
        }
        shell.AddCommand("Out-Default").Invoke();
        Assert.Empty(shell.Streams.Error);
        return new ExampleRun(
            Screen.Lines(host.Text),
            [.. shell.Streams.Warning.Select(warning => warning.Message)],
            [.. shell.Streams.Verbose.Select(told => told.Message)]
        );
    }
}

/// <summary>What a script of examples/ showed.</summary>
/// <param name="Lines">The lines on the screen.</param>
/// <param name="Warnings">Its warnings.</param>
/// <param name="Verbose">What it told beside.</param>
internal sealed record ExampleRun(
    IReadOnlyList<string> Lines,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose
);
