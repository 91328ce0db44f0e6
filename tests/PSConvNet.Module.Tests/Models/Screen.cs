using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Data;

namespace PSConvNet.Module.Tests.Models;

/// <summary>How objects look at a prompt: what Out-Default and the module's views make of them.</summary>
internal static partial class Screen
{
    /// <summary>The lines that a script's output fills, without colours and empty lines.</summary>
    /// <param name="script">Its output is shown.</param>
    /// <param name="setup">Runs before it; its output is not.</param>
    public static IReadOnlyList<string> Show(string script, string setup = "")
    {
        var host = new CapturingHost();
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Repository.Manifest]);
        using var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        using (var before = PowerShell.Create(runspace))
            before.AddScript(setup).Invoke();
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script).AddCommand("Out-Default").Invoke();
        Assert.Empty(shell.Streams.Error);
        return Lines(host.Text);
    }

    /// <summary>The lines of a text, without colours and empty lines.</summary>
    public static IReadOnlyList<string> Lines(string text) =>
        [
            .. Colour()
                .Replace(text, "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.TrimEnd())
                .Where(line => line.Length > 0),
        ];

    public static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\e\[[\d;]*m")]
    private static partial Regex Colour();
}
