using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>The shell on a terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Worker = """
        function work {
            [CmdletBinding()] param()
            $record = [System.Management.Automation.ProgressRecord]::new(1, 'Training', 'epoch 1 of 2'); $record.SecondsRemaining = 75
            $PSCmdlet.WriteProgress($record)
            $inner = [System.Management.Automation.ProgressRecord]::new(2, 'Epoch', 'batch'); $inner.ParentActivityId = 1
            foreach ($i in 1..200) { $inner.PercentComplete = $i / 2; $PSCmdlet.WriteProgress($inner); [Threading.Thread]::Sleep(10) }
        }
        $start = [Environment]::TickCount64
        work
        "finished after $([Environment]::TickCount64 - $start) ms"
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_prompt_runs_commands_over_several_lines_and_ends_with_the_code_of_exit()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path);
        shell.WaitFor("PSConvNet 0.1.0 on PowerShell 7");
        shell.WaitForPrompt();

        shell.Run("6 * 7", "^42");
        shell.Run("nosuchcommand", "nosuchcommand: ");
        shell.Send("foreach ($i in 1..2) {\r");
        shell.WaitFor(">> ");
        shell.Run("\"line $i\" }", "^line 1\r\nline 2");
        shell.Run("throw 'boom'", "boom");
        shell.Send("exit 7\r");

        Assert.Equal(7, shell.Wait());
        Assert.Contains("\e[31;1mnosuchcommand", shell.Raw);
    }

    [SkippableFact]
    public void Keys_edit_the_line()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, "-NoLogo");
        shell.WaitForPrompt();

        // Typed: 'abcx', one back over x, then d before the quote; Home and Delete take a stray letter away.
        shell.Run(
            "z'abcx'" + TerminalShell.Left + TerminalShell.Backspace + "d" + TerminalShell.Home + TerminalShell.Delete,
            "^abcd"
        );
        shell.Run("'äö€'" + TerminalShell.Left + TerminalShell.Left + TerminalShell.Delete + "ü", "^äöü");
        // Longer than the screen is wide.
        shell.Run($"'{new string('w', 150)}'.Length", "^150");
        // A prompt of two lines, the second wider than the screen.
        shell.Run("function prompt { \"top`n$('=' * 120)PS > \" }; 'set'", "^set");
        shell.Run("'ab'" + TerminalShell.Left + "c", "^abc");
        Assert.Matches("\\e\\[2A\r\\e\\[J[^\n]*top", shell.Raw);
        Assert.DoesNotMatch("\\e\\[1A\r\\e\\[J[^\n]*top", shell.Raw);
        shell.Send("'never run'" + TerminalShell.CtrlC);
        shell.WaitForPrompt();
        shell.Send(TerminalShell.CtrlD);

        Assert.Equal(0, shell.Wait());
        Assert.DoesNotMatch("\nnever run", shell.Raw);
    }

    [SkippableFact]
    public void History_comes_back_and_lasts_from_one_session_to_the_next()
    {
        TerminalShell.Need();
        using (var first = new TerminalShell(_folder.Path, "-NoLogo"))
        {
            first.WaitForPrompt();
            first.Run("40 + 1", "^41");
            first.Run("'older', 'C:\\new' -join [char]10", "^older\r\nC:.new");
            first.Run(TerminalShell.Up + TerminalShell.Up, "^41");
            first.Run(" 'kept back'.Length", "^9");
            first.Run("$password = 'hidden'; 'set'", "^set");
            first.Send("exit\r");
            Assert.Equal(0, first.Wait());
        }
        var file = Path.Combine(_folder.Path, "psconvnet", "history");
        Assert.Equal(["40 + 1", "'older', 'C:\\\\new' -join [char]10", "40 + 1", "exit"], File.ReadAllLines(file));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        using var second = new TerminalShell(_folder.Path, "-NoLogo");
        second.WaitForPrompt();
        second.Run("older" + TerminalShell.CtrlR, "^older\r\nC:.new");
        second.Send("exit\r");
        Assert.Equal(0, second.Wait());
    }

    [SkippableFact]
    public void Tab_completes_commands_and_lists_what_could_be_meant()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, "-NoLogo");
        shell.WaitForPrompt();

        shell.Send("(Get-Modu\t PSConvN\t");
        shell.WaitFor("Get-Module PSConvNet");
        shell.Run(").Name", "^PSConvNet");
        shell.Send("$PSVer\t");
        shell.WaitFor(@"\$PSVersionTable");
        shell.Run(".PSVersion.Major", "^7");
        shell.Send("Get-H\t");
        shell.WaitFor("Get-Help +Get-History");
        shell.Send(TerminalShell.CtrlC + "exit\r");

        Assert.Equal(0, shell.Wait());
    }

    [SkippableFact]
    public void Ctrl_C_stops_the_pipeline_and_not_the_host()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, "-NoLogo");
        shell.WaitForPrompt();

        shell.Send("$n = 5; 'running'; while ($true) { $x++ }\r");
        shell.WaitFor("^running");
        shell.Send(TerminalShell.CtrlC);
        shell.WaitForPrompt();
        shell.Run("$n + 1", "^6");
        shell.Send("'asking'; $Host.UI.ReadLine()\r");
        shell.WaitFor("^asking");
        shell.Send(TerminalShell.CtrlC);
        shell.WaitForPrompt();
        shell.Run("$n + 2", "^7");
        shell.Send("exit\r");

        Assert.Equal(0, shell.Wait());
    }

    [SkippableFact]
    public void Ctrl_C_ends_a_script_with_130()
    {
        TerminalShell.Need();
        var script = _folder.Write("loop.ps1", "'running'; while ($true) { $x++ }");
        using var shell = new TerminalShell(_folder.Path, $"'{script}'");
        shell.WaitFor("^running");

        shell.Send(TerminalShell.CtrlC);

        Assert.Equal(130, shell.Wait());
    }

    [SkippableFact]
    public void Progress_is_one_line_painted_at_most_ten_times_a_second_and_gone_in_the_end()
    {
        TerminalShell.Need();
        var script = _folder.Write("work.ps1", Worker);
        using var shell = new TerminalShell(_folder.Path, $"'{script}'");

        var line = shell.WaitFor("Training › Epoch [━─]+ +[0-9]+% batch +1:15 left");
        shell.WaitFor("finished after [0-9]+ ms");

        Assert.Equal(0, shell.Wait());
        Assert.DoesNotContain("\n", line);
        var paintings = Regex.Count(shell.Raw, "\r\\e\\[K\\e\\[1mTraining");
        var milliseconds = int.Parse(
            Regex.Match(shell.Raw, "finished after ([0-9]+) ms").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture
        );
        Assert.InRange(paintings, 2, milliseconds / 100);
        // The last thing done to the line before the output is to erase it.
        Assert.Matches("\r\e\\[Kfinished", shell.Raw);
    }

    [SkippableFact]
    public void NO_COLOR_is_honoured()
    {
        TerminalShell.Need();
        var script = _folder.Write(
            "plain.ps1",
            Worker + "\n$PSStyle.Foreground.Red + 'red'; Get-Module PSConvNet; nosuchcommand"
        );
        using var shell = new TerminalShell(_folder.Path, $"'{script}'", "NO_COLOR=1");

        Assert.Equal(0, shell.Wait());
        Assert.Contains("nosuchcommand", shell.Raw);
        Assert.Contains("Training", shell.Raw);
        Assert.DoesNotMatch(@"\e\[[0-9;]*m", shell.Raw);
    }

    [SkippableFact]
    public void Questions_are_answered_at_the_keyboard_and_secrets_are_not_shown()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, "-NoLogo");
        shell.WaitForPrompt();

        shell.Run(
            "function ask { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param($x) if ($PSCmdlet.ShouldProcess($x)) { \"did $x\" } }; 'defined'",
            "^defined"
        );
        shell.Send("ask it\r");
        shell.WaitFor(@"default is ""Y""\): ");
        shell.Run("", "^did it");
        shell.Send("$s = $Host.UI.ReadLineAsSecureString(); \"length $($s.Length)\"\r");
        shell.WaitFor("\r\n");
        shell.Run("geheim" + TerminalShell.Backspace, "^length 5");
        shell.Send("exit\r");

        Assert.Equal(0, shell.Wait());
        Assert.DoesNotContain("geheim", shell.Raw);
        Assert.Contains("******", shell.Raw);
    }
}
