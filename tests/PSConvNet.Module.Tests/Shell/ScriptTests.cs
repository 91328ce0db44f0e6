namespace PSConvNet.Module.Tests.Shell;

/// <summary>Scripts, text and standard input, with every stream redirected.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_module_is_imported_and_Write_Host_is_there()
    {
        var result = ShellProcess.Run(
            "-Command",
            "(Get-Module PSConvNet).Version.ToString(); Write-Host one two -Separator '+' -NoNewline; Write-Host !"
        );

        Assert.Equal(["0.1.0", "one+two!"], result.Lines);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void Objects_are_shown_through_format_views_a_hundred_and_twenty_columns_wide()
    {
        var result = ShellProcess.Run(
            "-c",
            "Get-Module PSConvNet; $Host.UI.RawUI.BufferSize.Width; [pscustomobject]@{ A = 'x' * 200 }"
        );

        Assert.Contains("ModuleType", result.Out);
        Assert.Contains("120", result.Lines);
        // The engine leaves the last column free.
        Assert.Equal(119, result.Lines.Max(l => l.Length));
    }

    [Fact]
    public void A_script_knows_its_folder_its_arguments_and_its_name()
    {
        var script = _folder.Write(
            "where am i.ps1",
            "$PSScriptRoot; $args.Count; $args[1]; $MyInvocation.MyCommand.Name"
        );

        var result = ShellProcess.Run(script, "a b", "c");

        Assert.Equal([_folder.Path, "2", "c", "where am i.ps1"], result.Lines);
    }

    [Fact]
    public void Arguments_bind_to_parameters_by_name_by_position_and_as_switches()
    {
        var script = _folder.Write(
            "bind.ps1",
            """
            param([string]$Name, [int]$Epochs = 12, [switch]$Quick, [switch]$Loud, [double]$Rate, [int]$Offset)
            "$Name|$($Epochs + 1)|$Quick|$Loud|$($Rate * 2)|$Offset"
            """
        );

        var result = ShellProcess.Run(
            "-File",
            script,
            "digits",
            "-Epochs",
            "2",
            "-Quick",
            "-Loud:$false",
            "-Rate:0.25",
            "-Offset",
            "-3"
        );

        Assert.Equal(("digits|3|True|False|0.5|-3", "", 0), (result.Lines[0], result.Error, result.ExitCode));
    }

    [Fact]
    public void Nothing_in_an_argument_is_evaluated()
    {
        string[] nasty =
        [
            "two words",
            "it's",
            "‘smart’ “quotes”",
            "\"double\"",
            "$(throw 'evil')",
            "$env:HOME",
            "'; throw 'evil'; '",
            "a;b|c&d",
            "@{ x = 1 }",
            "`n`t",
            "line\nbreak",
            "*.ps1",
            "a,b",
            "{ throw }",
            "",
            "-1.5",
            "-not a name",
            "--long",
            "#",
            "<in >out 2>&1",
            "ä€😀",
        ];
        // Words over the same alphabet that nobody would think of; the seed makes a failure repeatable.
        var random = new Random(1);
        const string letters = "'’\"$(){};|&@`\n#,-: aé\\";
        var all = nasty
            .Concat(
                Enumerable.Range(0, 300).Select(_ => new string(random.GetItems(letters.AsSpan(), random.Next(12))))
            )
            .ToArray();
        var script = _folder.Write(
            "echo.ps1",
            "foreach ($a in $args) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($a)) + '.' }"
        );

        var result = ShellProcess.Run([script, "--", .. all]);

        Assert.Equal("", result.Error);
        Assert.Equal(
            all,
            result.Lines.Select(l => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(l.TrimEnd('.'))))
        );
        var few = ShellProcess.Run([script, .. nasty]);
        Assert.Equal(result.Lines.Take(nasty.Length), few.Lines);
    }

    [Fact]
    public void A_nasty_value_reaches_a_named_parameter_unchanged()
    {
        var script = _folder.Write("named.ps1", "param([string]$Text, [string]$Other) \"<$Text><$Other>\"");

        var result = ShellProcess.Run(script, "-Text", "$(throw 'evil'); it's", "-Other:-Text");

        Assert.Equal("<$(throw 'evil'); it's><-Text>", result.Lines[0]);
    }

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("function leave { exit 4 } leave; 'not here'", 4)]
    [InlineData("throw 'boom'", 1)]
    [InlineData("$ErrorActionPreference = 'Stop'; nosuchcommand", 1)]
    [InlineData("nosuchcommand; 'went on'", 0)]
    [InlineData("exit 0", 0)]
    [InlineData("if (", 1)]
    [InlineData("param([int]$Epochs) 'not here'", 1, "-Epochs", "many")]
    [InlineData("[CmdletBinding()] param() 'not here'", 1, "-Unknown")]
    public void The_exit_code_of_a_script_tells_how_it_ended(string text, int code, params string[] arguments) =>
        Assert.Equal(code, ShellProcess.Run([_folder.Write("end.ps1", text), .. arguments]).ExitCode);

    [SkippableFact]
    public void A_program_that_fails_inside_a_script_does_not_fail_the_script()
    {
        Skip.If(OperatingSystem.IsWindows(), "uses sh");

        var result = ShellProcess.Run(_folder.Write("native.ps1", "sh -c 'exit 5'; $LASTEXITCODE"));

        Assert.Equal((0, "5"), (result.ExitCode, result.Lines[0]));
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("nosuchcommand", 1)]
    [InlineData("nosuchcommand; 1", 0)]
    [InlineData("throw 'boom'", 1)]
    [InlineData("1 # a comment at the end", 0)]
    [InlineData("begin { 1 } end { exit 6 }", 6)]
    public void The_exit_code_of_a_text_is_that_of_its_last_statement(string text, int code) =>
        Assert.Equal(code, ShellProcess.Run("-Command", text).ExitCode);

    [Fact]
    public void Output_before_an_error_stays_on_standard_output_and_the_error_goes_to_the_other()
    {
        var result = ShellProcess.Run(_folder.Write("fails.ps1", "'before'\nthrow 'boom'\n'after'"));

        Assert.Equal((1, "before"), (result.ExitCode, result.Out.Trim()));
        Assert.Contains("boom", result.Error);
    }

    [Fact]
    public void Nothing_but_text_is_written_when_piped()
    {
        var script = _folder.Write(
            "all.ps1",
            """
            function all {
                [CmdletBinding()] param()
                $record = [System.Management.Automation.ProgressRecord]::new(1, 'Working', 'hard')
                1..30 | ForEach-Object { $record.PercentComplete = $_; $PSCmdlet.WriteProgress($record); [Threading.Thread]::Sleep(10) }
                $PSCmdlet.WriteWarning('warned'); $PSCmdlet.WriteVerbose('talked'); $PSCmdlet.WriteDebug('debugged')
                Get-Module PSConvNet
                Write-Host 'coloured' -ForegroundColor Red
                $PSStyle.Foreground.Red + 'styled' + $PSStyle.Reset
                nosuchcommand
            }
            $DebugPreference = 'Continue'
            all -Verbose
            """
        );

        var result = ShellProcess.Run(script);

        Assert.DoesNotContain('\e', result.Out + result.Error);
        Assert.DoesNotContain('\r', (result.Out + result.Error).Replace("\r\n", "\n"));
        Assert.DoesNotContain("Working", result.Out + result.Error);
        Assert.Contains("coloured", result.Lines);
        Assert.Contains("styled", result.Lines);
        foreach (var talk in new[] { "WARNING: warned", "VERBOSE: talked", "DEBUG: debugged", "nosuchcommand" })
        {
            Assert.Contains(talk, result.Error);
            Assert.DoesNotContain(talk, result.Out);
        }
    }

    [Fact]
    public void A_script_on_standard_input_runs()
    {
        foreach (var arguments in new string[][] { [], ["-"], ["-Command", "-"], ["-File", "-"] })
        {
            var result = ShellProcess.RunWithInput("$x = 20\nif ($x) {\n  $x + 1\n}\nexit 5\n", arguments);

            Assert.Equal((5, "21", ""), (result.ExitCode, result.Out.Trim(), result.Error));
        }
    }

    [Fact]
    public void Questions_are_answered_from_standard_input()
    {
        var script = _folder.Write(
            "ask.ps1",
            """
            param([Parameter(Mandatory)][int]$Epochs)
            function Remove-It { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param($x) if ($PSCmdlet.ShouldProcess($x)) { "removed $x" } }
            "epochs $Epochs"
            'one', 'two' | ForEach-Object { Remove-It $_ }
            "read " + $Host.UI.ReadLine()
            "secret " + $Host.UI.ReadLineAsSecureString().Length
            """
        );

        var result = ShellProcess.RunWithInput("many\n3\nn\nyes\nfree text\nabc\n", script);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["epochs 3", "removed two", "read free text", "secret 3"], result.Lines);
        Assert.Contains("[Y] Yes", result.Error);
        Assert.Contains("'many'", result.Error);
    }

    [Fact]
    public void A_question_nobody_can_answer_is_an_error_and_no_endless_wait()
    {
        var result = ShellProcess.Run("-c", "$Host.UI.ReadLine()");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("standard input", result.Error);
    }

    [Theory]
    [InlineData("nosuch.ps1", "nosuch.ps1")]
    [InlineData("-Nonsense", "-Help")]
    [InlineData("-File", "-File")]
    [InlineData("-Command", "-Command")]
    [InlineData("notes.txt", ".ps1")]
    public void A_command_line_that_makes_no_sense_says_why(string argument, string said)
    {
        var result = ShellProcess.Run(argument);

        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
    }

    [Fact]
    public void Help_and_version_need_no_session()
    {
        Assert.Contains("-Command", ShellProcess.Run("-Help").Out);
        Assert.Equal("psconvnet 0.1.0", ShellProcess.Run("--version").Lines[0]);
    }
}
