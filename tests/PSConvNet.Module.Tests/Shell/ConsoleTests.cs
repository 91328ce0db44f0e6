using System.Text.Json.Nodes;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>psconvnet: PowerShell's console host with the module imported, and PowerShell's own modules beside it.</summary>
public sealed class ConsoleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_script_has_the_module_all_of_PowerShell_and_its_arguments()
    {
        var script = _folder.Write(
            "where am i.ps1",
            """
            param([string] $Name, [double] $Epochs = 12, [switch] $Quick)
            "$Name|$($Epochs * 2)|$Quick|$PSScriptRoot"
            (Get-Module PSConvNet).Version.ToString()
            3, 1, 2 | Sort-Object | Select-Object -First 1
            (Get-Item $PSCommandPath).Name
            (Get-FileHash $PSCommandPath).Algorithm
            Write-Host one two -Separator '+'
            exit 3
            """
        );

        var result = ShellProcess.Run(script, "it's $(throw 'evil')", "-Epochs", "0.5", "-Quick");

        Assert.Equal(
            [$"it's $(throw 'evil')|1|True|{_folder.Path}", "0.1.0", "1", "where am i.ps1", "SHA256", "one+two"],
            result.Lines
        );
        Assert.Equal((3, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void It_has_the_commands_that_pwsh_has()
    {
        // PSReadLine, PSResourceGet and the like are modules of their own that pwsh ships with it.
        const string list =
            "'Core', 'Host', 'Management', 'Security', 'Utility' | ForEach-Object { (Get-Command -Module Microsoft.PowerShell.$_).Name | Sort-Object } | ConvertTo-Json";
        using var pwsh = ShellProcess.Start(["-NoProfile", "-Command", list], Pwsh.Path);

        var ours = ShellProcess.Run("-NoProfile", "-Command", list);

        var expected = Names(pwsh.Wait().Out);
        Assert.True(expected.Length > 200, $"pwsh has {expected.Length} commands");
        Assert.Empty(expected.Except(Names(ours.Out)));

        static string[] Names(string json) => [.. JsonNode.Parse(json)!.AsArray().Select(name => name!.ToString())];
    }

    [SkippableFact]
    public void A_prompt_greets_completes_and_stops_at_Ctrl_C()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, "-NoProfile");
        shell.WaitFor("PSConvNet on PowerShell 7");
        shell.WaitForPrompt();

        shell.Send("$n = 5; 'running'; while ($true) { $x++ }\r");
        shell.WaitFor("^running");
        shell.Send(TerminalShell.CtrlC);
        shell.WaitForPrompt();
        shell.Run("$n + 1", "^6");
        shell.Send("exit\r");

        // The Ctrl-C was that of one command, not of the session.
        Assert.Equal(0, shell.Wait());
    }
}
