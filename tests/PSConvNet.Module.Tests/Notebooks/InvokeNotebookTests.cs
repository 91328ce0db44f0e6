using System.Management.Automation;
using System.Text.Json.Nodes;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Notebooks;

public sealed class InvokeNotebookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellSession _session = new();

    [Fact]
    public void All_code_cells_run_in_one_session_and_the_outputs_are_saved()
    {
        Write(new NotebookBuilder().Markdown("# Text").Code("$a = 20").Code("$a + 1\n'more'"));

        var run = Invoke("-OutputPath $out").Output.Single();

        Assert.Equal(2, run.Properties["Cells"].Value);
        var cells = Saved();
        Assert.Equal("markdown", cells[0]["cell_type"]!.GetValue<string>());
        Assert.Empty(cells[1]["outputs"]!.AsArray());
        Assert.Equal([1, 2], cells.Skip(1).Select(cell => cell["execution_count"]!.GetValue<int>()));
        Assert.Equal("""["21\n","more\n"]""", cells[2]["outputs"]![0]!["text"]!.ToJsonString());
    }

    [Fact]
    public void What_the_last_cell_gives_is_handed_back_as_objects()
    {
        Write(new NotebookBuilder().Code("'not this'").Code("New-DenseLayer 10; [pscustomobject]@{ Loss = 0.5 }"));

        var result = _session.Run($"$r = Invoke-Notebook {In}; $r.Output[0].GetType().Name; $r.Output[1].Loss").Output;

        Assert.Equal(["DenseLayer", "0.5"], result.Select(o => o.ToString()));
    }

    [Fact]
    public void Rich_objects_are_saved_in_all_their_forms_and_progress_once()
    {
        Write(
            new NotebookBuilder().Code(
                """
                $data = Import-Mnist -Name Synthetic -First 1000
                $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28 -Name small
                $model | Show-Model
                $model | Invoke-Training -Data $data -Epochs 3
                $model | Show-ModelPage
                """
            )
        );

        Invoke("-OutputPath $out");

        var outputs = Saved()[0]["outputs"]!.AsArray();
        Assert.All(outputs, output => Assert.Equal("display_data", output!["output_type"]!.GetValue<string>()));
        Assert.Equal(4, outputs.Count);
        Assert.StartsWith("iVBOR", outputs[0]!["data"]!["image/png"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(outputs[0]!["metadata"]!["image/png"]!["width"]!.GetValue<int>() > 0);
        Assert.Contains("100 %", outputs[1]!["data"]!["text/plain"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("<table", outputs[2]!["data"]!["text/html"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith(
            "<iframe",
            outputs[3]!["data"]!["text/html"]![0]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_first_cell_that_fails_ends_it_by_an_error_that_names_it_and_is_saved()
    {
        Write(
            new NotebookBuilder()
                .Code("'good'")
                .Markdown("x")
                .Code("# about to fail\n1\n  New-ConvLayer -5")
                .Code("'never'")
        );

        var error = ErrorOf("-OutputPath $out");

        Assert.StartsWith("NotebookCellFailed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Cell 3", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("line 3, column 3", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-Filters must be from 1", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(Out.Trim('\''), error.Exception.Message, StringComparison.Ordinal);
        var cells = Saved();
        Assert.Equal("LayerSettingInvalid", cells[2]["outputs"]![1]!["ename"]!.GetValue<string>());
        // What an earlier run left is gone: it would pass for this one's.
        Assert.Empty(cells[3]["outputs"]!.AsArray());
        Assert.Null(cells[3]["execution_count"]);
    }

    [Theory]
    [InlineData("if (", "Missing condition")]
    [InlineData("Get-Xyzzy", "Get-Xyzzy")]
    [InlineData("throw 'on purpose'", "on purpose")]
    [InlineData("exit 4", "exit 4")]
    [InlineData("Read-Host 'your name'", "your name")]
    [InlineData("1/0", "divide by zero")]
    public void A_cell_fails_by_whatever_ends_a_statement(string code, string why)
    {
        Write(new NotebookBuilder().Code(code));

        Assert.Contains(why, ErrorOf("").Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_is_only_written_is_an_output_and_exit_0_ends_well()
    {
        Write(new NotebookBuilder().Code("$Host.UI.WriteErrorLine('mild'); 'on'").Code("exit").Code("throw 'never'"));

        Assert.Equal(2, Invoke("-OutputPath $out").Output.Single().Properties["Cells"].Value);

        Assert.Equal("stderr", Saved()[0]["outputs"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Parameters_come_after_the_cell_with_their_tag_and_keep_their_types()
    {
        Write(
            new NotebookBuilder()
                .Code("$x = 1")
                .Code("$epochs = 12; $rate = 1.0; [string[]] $names = @(); $model = $null", tag: "parameters")
                .Code("$epochs.GetType().Name; $rate.GetType().Name; $names -join '+'; $model.Name")
        );

        var output = _session
            .Run(
                $"(Invoke-Notebook {In} -OutputPath {Out} -Parameter @{{ epochs = 2; rate = [float]0.5; names = 'a', \"b'c\"; "
                    + "model = (New-FlattenLayer | New-DenseLayer 2 | New-Model 2,2 -Name given) }).Output"
            )
            .Output.Select(o => o.ToString());

        Assert.Equal(["Int32", "Single", "a+b'c", "given"], output);
        var cells = Saved();
        Assert.Equal(4, cells.Count);
        Assert.Equal("""["injected-parameters"]""", cells[2]["metadata"]!["tags"]!.ToJsonString());
        Assert.Contains("$epochs = 2", cells[2]["source"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_notebook_that_was_run_is_run_again_with_other_parameters_in_their_place()
    {
        Write(new NotebookBuilder().Code("$e = 1", tag: "parameters").Code("$e"));
        Invoke("-OutputPath $out -Parameter @{ e = 2 }");

        var again = _session.Run($"(Invoke-Notebook {Out} -OutputPath {Out} -Force -Parameter @{{ e = 3 }}).Output");

        Assert.Equal("3", again.Output.Single().ToString());
        Assert.Equal(3, Saved().Count);
        Assert.DoesNotContain(
            "$e = 2",
            File.ReadAllText(Path.Combine(_folder.Path, "out.ipynb")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_the_tag_parameters_come_first_and_a_name_that_is_not_set_there_is_warned_of()
    {
        Write(new NotebookBuilder().Code("$e"));
        Assert.Empty(Invoke("-OutputPath $out -Parameter @{ e = 3 }").Warnings);
        Assert.Contains("$e = 3", Saved()[0]["source"]!.ToJsonString(), StringComparison.Ordinal);

        Write(new NotebookBuilder().Code("$epochs = 1", tag: "parameters"));
        Assert.Contains(
            "$epohcs",
            Assert.Single(Invoke("-Parameter @{ epohcs = 3; epochs = 2 }").Warnings),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("'a b'")]
    [InlineData("'1a'")]
    [InlineData("'a;exit'")]
    [InlineData("''")]
    [InlineData("'true'")]
    [InlineData("'Host'")]
    [InlineData("'env:PATH'")]
    public void A_parameter_that_is_no_variable_s_name_is_refused(string name)
    {
        Write(new NotebookBuilder().Code("1"));

        Assert.StartsWith(
            "ParameterNameInvalid",
            ErrorOf($"-Parameter @{{ {name} = 1 }}").FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Polyglot_s_PowerShell_cells_run_and_others_are_refused_before_anything_is_run()
    {
        Write(
            new NotebookBuilder().Code("#!pwsh\n'ran'", metadata: Polyglot("pwsh")).Code("#!/usr/bin/env pwsh\n'too'")
        );
        Assert.Equal(
            "too",
            Invoke("").Output.Select(o => _session.Run($"(Invoke-Notebook {In}).Output").Output[0].ToString()).Single()
        );

        foreach (
            var other in (NotebookBuilder[])
                [
                    new NotebookBuilder()
                        .Code("[IO.File]::WriteAllText(\"$PWD/ran\", '')")
                        .Code("#!csharp\nvar x = 1;"),
                    new NotebookBuilder().Code("1", metadata: Polyglot("csharp")),
                    new NotebookBuilder()
                        .Code("print(1)")
                        .Metadata("kernelspec", new JsonObject { ["language"] = "python" }),
                ]
        )
        {
            Write(other);
            var error = ErrorOf("");
            Assert.StartsWith("NotebookLanguageUnsupported", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("Cell ", error.Exception.Message, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Path.Combine(_folder.Path, "ran")));
    }

    [Fact]
    public void A_notebook_runs_in_its_own_folder_and_leaves_the_caller_s_session_alone()
    {
        Write(new NotebookBuilder().Code("$PWD.Path; $fromNotebook = 1"));

        var result = _session.Run(
            $"$fromNotebook = 0; (Invoke-Notebook {In}).Output; $fromNotebook; $PWD.Path -eq '{_folder.Path}'"
        );

        Assert.Equal([_folder.Path, "0", "False"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void What_is_there_is_not_written_over_and_WhatIf_runs_nothing()
    {
        Write(new NotebookBuilder().Code("throw 'it ran'"));
        Assert.Empty(Invoke("-OutputPath $out -WhatIf").Output);

        _folder.Write("out.ipynb", "mine");
        Assert.StartsWith("FileExists", ErrorOf("-OutputPath $out").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, "out.ipynb")));
    }

    [Fact]
    public void A_path_that_can_not_be_written_to_is_refused_before_the_first_cell()
    {
        Write(new NotebookBuilder().Code("[IO.File]::WriteAllText(\"$PWD/ran\", '')"));

        var error = _session.RunForError($"Invoke-Notebook {In} -OutputPath '{_folder.Path}/no/such/folder/x.ipynb'");

        Assert.StartsWith("FileNotWritten", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "ran")));
    }

    [Fact]
    public void Files_that_are_no_notebooks_are_refused()
    {
        _folder.Write("in.ipynb", "not a notebook");
        Assert.StartsWith("NotebookInvalid", ErrorOf("").FullyQualifiedErrorId, StringComparison.Ordinal);

        var error = _session.RunForError($"Invoke-Notebook '{_folder.Path}/none.ipynb'");
        Assert.StartsWith("NotebookNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_stops_the_running_cell_and_saves_what_there_is()
    {
        Write(
            new NotebookBuilder()
                .Code("'first'")
                .Code("[IO.File]::WriteAllText(\"$PWD/running\", ''); 'second'; while ($true) { }")
                .Code("'third'")
        );
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript($"Invoke-Notebook {In} -OutputPath {Out}");
        var running = shell.BeginInvoke();
        Assert.True(Eventually.Holds(() => File.Exists(Path.Combine(_folder.Path, "running"))));

        shell.Stop();

        Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        var cells = Saved();
        Assert.Equal("Interrupted", cells[1]["outputs"]!.AsArray()[^1]!["ename"]!.GetValue<string>());
        Assert.Empty(cells[2]["outputs"]!.AsArray());
    }

    [Fact]
    public void What_a_long_cell_has_given_is_in_the_file_while_it_runs()
    {
        Write(
            new NotebookBuilder().Code(
                "'early'; $n = 0; while (-not [IO.File]::Exists(\"$PWD/go\") -and $n++ -lt 300) { [Threading.Thread]::Sleep(100) }; 'late'"
            )
        );
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript($"Invoke-Notebook {In} -OutputPath {Out}");
        var running = shell.BeginInvoke();

        var seen = Eventually.Holds(() =>
            File.Exists(Path.Combine(_folder.Path, "out.ipynb")) && Saved()[0]["outputs"]!.AsArray().Count > 0
        );
        var between = Saved()[0]["outputs"]!.ToJsonString();
        _folder.Write("go", "");
        shell.EndInvoke(running);

        Assert.True(seen);
        Assert.Contains("early", between, StringComparison.Ordinal);
        Assert.DoesNotContain("late", between, StringComparison.Ordinal);
        Assert.Contains("late", Saved()[0]["outputs"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_cells_run_in_a_reasonable_time()
    {
        var notebook = new NotebookBuilder();
        for (var i = 0; i < 1000; i++)
            notebook.Code("$n++; $n");
        Write(notebook);

        var run = _session.Run($"$r = Invoke-Notebook {In} -OutputPath {Out}; $r.Output; $r.Seconds").Output;

        Assert.Equal("1000", run[0].ToString());
        Assert.InRange((double)run[1].BaseObject, 0, 60);
    }

    [Fact]
    public void Several_run_at_a_time_each_with_its_own_outputs()
    {
        Write(new NotebookBuilder().Code("$e = 0", tag: "parameters").Code("1..50 | ForEach-Object { \"$e/$_\" }"));
        var outputs = Enumerable
            .Range(0, 4)
            .AsParallel()
            .Select(i =>
            {
                using var session = new PowerShellSession();
                return session
                    .Run(
                        $"(Invoke-Notebook {In} -OutputPath '{_folder.Path}/o{i}.ipynb' -Parameter @{{ e = {i} }}).Output"
                    )
                    .Output;
            })
            .ToList();

        Assert.All(outputs, output => Assert.Equal(50, output.Count));
        for (var i = 0; i < 4; i++)
        {
            var text = File.ReadAllText(Path.Combine(_folder.Path, $"o{i}.ipynb"));
            Assert.Contains($"{i}/50", text, StringComparison.Ordinal);
            Assert.DoesNotContain($"{(i + 1) % 4}/50", text, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    private string In => $"'{Path.Combine(_folder.Path, "in.ipynb")}'";

    private string Out => $"'{Path.Combine(_folder.Path, "out.ipynb")}'";

    private void Write(NotebookBuilder notebook) => _folder.Write("in.ipynb", notebook.ToString());

    private ScriptResult Invoke(string arguments) => _session.Run(Command(arguments));

    private ErrorRecord ErrorOf(string arguments) => _session.RunForError(Command(arguments));

    private string Command(string arguments) =>
        $"Invoke-Notebook {In} {arguments.Replace("$out", Out, StringComparison.Ordinal)}";

    private List<JsonNode> Saved() =>
        [
            .. JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "out.ipynb")))!["cells"]!
                .AsArray()
                .Select(cell => cell!),
        ];

    private static JsonObject Polyglot(string kernel) =>
        new() { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = kernel } };
}
