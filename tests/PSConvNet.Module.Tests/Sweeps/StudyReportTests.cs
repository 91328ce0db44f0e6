using System.Management.Automation;
using System.Xml.Linq;

namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>Reports on studies and on their trials, and the commands at their end, run.</summary>
public sealed class StudyReportTests(SweepSession shared) : IClassFixture<SweepSession>
{
    private static readonly XNamespace s_xhtml = "http://www.w3.org/1999/xhtml";

    private readonly PowerShellSession _session = OneWorker(shared.Session);

    [Fact]
    public void A_study_by_its_folder_is_a_page_that_says_what_Compare_Model_says_of_its_best()
    {
        var result = _session.Run(
            "New-ModelReport -Study grid -Path grid.html -Title 'T & <b>' -MistakeCount 3; (Get-SweepTrial grid -Best 3 | Compare-Model)[0].Summary"
        );

        Assert.Empty(result.Errors);
        var file = Assert.IsType<FileInfo>(result.Output[0].BaseObject);
        Assert.Equal(Path.Combine(shared.Folder, "grid.html"), file.FullName);
        var page = XDocument.Load(file.FullName).Root!;
        Assert.Equal("T & <b>", page.Descendants(s_xhtml + "h1").Single().Value);
        Assert.Contains(
            result.Output[1].ToString(),
            page.Descendants(s_xhtml + "header").Single().Value,
            StringComparison.Ordinal
        );
        Assert.Contains(
            result.Progress,
            record => record.Activity.StartsWith("Measuring trial", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Trials_from_the_pipeline_are_a_report_of_their_models_with_their_study_s_data()
    {
        var result = _session.Run(
            "Get-SweepTrial grid -Best 2 | New-ModelReport -Path best.html; (Get-SweepTrial grid -Best 2 | Compare-Model)[0].Summary; Get-SweepTrial grid -Best 2 | ForEach-Object { \"trial $($_.Id)\" }"
        );

        Assert.Empty(result.Errors);
        var page = XDocument.Load(Path.Combine(shared.Folder, "best.html")).Root!;
        Assert.Contains(
            result.Output[1].ToString(),
            page.Descendants(s_xhtml + "header").Single().Value,
            StringComparison.Ordinal
        );
        Assert.Equal(
            result.Output.Skip(2).Select(name => name.ToString()),
            page.Descendants(s_xhtml + "h2")
                .Where(heading => heading.Attribute("id")!.Value.StartsWith("model-", StringComparison.Ordinal))
                .Select(heading => heading.Value)
        );
    }

    [Fact]
    public void The_commands_of_a_report_on_trials_make_their_weights_again()
    {
        _session.Run("Get-SweepTrial grid -Best 1 | New-ModelReport -Path one.html");
        using var fresh = OneWorker(new PowerShellSession());
        using var folder = new CurrentFolder(fresh);

        var result = fresh.Run(Commands("one.html"));

        Assert.Empty(result.Errors);
        fresh.Runspace.SessionStateProxy.SetVariable(
            "original",
            _session.Run("(Get-SweepTrial grid -Best 1).LoadModel()").Output.Single().BaseObject
        );
        var same = fresh.Run(
            "foreach ($name in $original.ParameterNames) { [Linq.Enumerable]::SequenceEqual($original.GetParameter($name), $model.GetParameter($name)) }"
        );
        Assert.Equal(4, same.Output.Count);
        Assert.All(same.Output, value => Assert.True((bool)value.BaseObject));
    }

    [Theory]
    // All that is usual.
    [InlineData(
        """
            Invoke-Sweep $layers -Space $space -Data $data -Epochs 1 -Sampler Grid -Study STUDY -Quiet
            """
    )]
    // Every kind of parameter under names and values that would run if they were not quoted; a condition; a comment at the script block's end.
    [InlineData(
        """
            $odd = New-SweepSpace -Choice @{ "it's" = 'a b', '$(throw)', "q`"‘", 2, 0.5, $true; Optimizer = 'Adam', 'SGD'; if = -1 } `
                -Integer @{ Units = 4, 12, 4 } -Uniform @{ Momentum = 0, 0.95; Unused = -2.5, 1e20 } -LogUniform @{ LearningRate = 1e-4, 1e-2 } `
                -When @{ Momentum = { param($p) $p.Optimizer -eq 'SGD' # only there
                } }
            Invoke-Sweep -Space $odd -Data $data -Epochs 1 -Trials 5 -Seed 7 -ValidationSplit 0.2 -BatchSize 50 -Objective Loss -Study STUDY -Quiet {
                param($p)
                $text = @'
            in a here-string }
            '@
                New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax # the end
            }
            """
    )]
    // What a command gives for all trials unless the space varies it.
    [InlineData(
        """
            Invoke-Sweep -Space @{ Choice = @{ Epochs = 1, 2; BatchSize = 50, 100 } } -Data $data -Trials 2 -Sampler Grid -Study STUDY -Quiet {
                param($p)
                New-FlattenLayer | New-DenseLayer 10 -Activation Softmax
            }
            """
    )]
    // What differs from the usual, of training, choosing and repeating; trials that fail.
    [InlineData(
        """
            $few = New-SweepSpace @{ Units = 4, 8; Fails = $true, $false } -Uniform @{ LabelSmoothing = 0, 0.1 }
            Invoke-Sweep -Space $few -Data $data -Epochs 2 -Sampler Grid -GridPoints 2 -Trials 6 -Optimizer (New-Optimizer RMSprop -LearningRate 0.003 -Momentum 0.5) `
                -Schedule Cosine -AverageDecay 0.9 -Augmentation (New-Augmentation -Shift 1.5) -Precision Float32 -Threads 2 -Best 1 -Replicate 2 `
                -Retry 1 -MaxFailures 5 -KeepModel All -Study STUDY -Quiet {
                param($p)
                if ($p.Fails) { throw 'on purpose' }
                New-FlattenLayer | New-DenseLayer $p.Units | New-DropoutLayer 0.2 | New-DenseLayer 10 -Activation Softmax
            }
            """
    )]
    // Judged by images that were held out before, of a part that was held out from.
    [InlineData(
        """
            $kept, $rest = Import-Mnist Synthetic -First 200 -Seed 5 | Expand-Dimension | Split-Dataset -Fraction 0.25 -Seed 3
            $kept, $judges = $kept | Split-Dataset -Fraction 0.3 -Seed 8
            Invoke-Sweep $layers -Space $space -Data $kept -ValidationData $judges -Epochs 1.5 -EarlyStopping -Patience 2 -RestoreBest -Sampler Grid -Trials 2 -Study STUDY -Quiet
            """
    )]
    public void The_commands_of_a_study_come_to_the_same_table_bit_for_bit_under_the_same_settings(string script)
    {
        var name = SweepSession.NewName();
        var made = _session.Run(script.Replace("STUDY", name, StringComparison.Ordinal));
        Assert.Empty(made.Errors);
        _session.Run($"New-ModelReport -Study {name} -Path {name}.html");
        using var fresh = OneWorker(new PowerShellSession());
        using var folder = new CurrentFolder(fresh);

        var result = fresh.Run(Commands($"{name}.html"));

        Assert.Empty(result.Errors);
        var again = Path.Combine(folder.Path, name);
        Assert.Equal(shared.Table(name), shared.Table($"'{again}'"));
        // And it writes its page.
        Assert.True(File.Exists(Path.Combine(folder.Path, $"{name}.html")));
        Assert.Equal(Document(Path.Combine(shared.Folder, name)), Document(again));
    }

    [Fact]
    public void The_commands_stop_where_nobody_knows_what_judged_the_trials()
    {
        var name = SweepSession.NewName();
        _session.Run(
            $"Invoke-Sweep $layers -Space $space -Data $data -ValidationData (Import-Mnist Synthetic -First 50 -Seed 9 | Expand-Dimension) -Epochs 1 -Sampler Grid -Trials 1 -Study {name} -Quiet; New-ModelReport -Study {name} -Path {name}.html"
        );
        using var fresh = OneWorker(new PowerShellSession());
        using var folder = new CurrentFolder(fresh);

        var error = fresh.RunForError(Commands($"{name}.html"));

        Assert.StartsWith("Put the images to judge trials by", error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-ModelReport -Study nowhere -Path x.html", "StudyNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("New-ModelReport -Study nowhere -Path x.html -WhatIf", "StudyNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("New-ModelReport -Study Env:/x -Path x.html", "PathNotOfFileSystem", ErrorCategory.InvalidArgument)]
    [InlineData("New-ModelReport -Study grid -Path x.txt", "ReportFormatUnsupported", ErrorCategory.InvalidArgument)]
    [InlineData(
        "New-ModelReport -Study grid -Path x.html -MistakeCount 201",
        "ReportOptionInvalid",
        ErrorCategory.InvalidArgument
    )]
    [InlineData(
        "New-ModelReport -Study grid -Path x.html -Data $data",
        "AmbiguousParameterSet",
        ErrorCategory.InvalidArgument
    )]
    [InlineData(
        "Get-SweepTrial grid | New-ModelReport -Path x.html -ErrorAction Stop",
        "TrialModelMissing",
        ErrorCategory.ObjectNotFound
    )]
    public void What_cannot_be_is_refused_by_id_and_leaves_no_file(string script, string id, ErrorCategory category)
    {
        var error = _session.RunForError(script);

        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Empty(Directory.GetFiles(shared.Folder, "x.*"));
    }

    [Fact]
    public void A_study_is_read_and_none_of_its_code_is_run()
    {
        var name = SweepSession.NewName();
        var mark = Path.Combine(shared.Folder, name + ".ran");
        _session.Run(
            $"Invoke-Sweep $layers -Space $space -Data $data -Epochs 1 -Sampler Grid -Trials 1 -Study {name} -Quiet"
        );
        var document = Path.Combine(shared.Folder, name, "study.json");
        var code = $"[IO.File]::WriteAllText('{mark}', '')";
        File.WriteAllText(
            document,
            File.ReadAllText(document)
                // Those of the first version have no checksum.
                .Replace("\"formatVersion\": 2", "\"formatVersion\": 1", StringComparison.Ordinal)
                .Replace("\"conditions\": {}", $"\"conditions\": {{ \"Units\": \"{code}\" }}", StringComparison.Ordinal)
                .Replace("param($p)", code, StringComparison.Ordinal)
        );

        var result = _session.Run($"New-ModelReport -Study {name} -Path {name}.html");

        Assert.Empty(result.Errors);
        Assert.Contains($"-When @{{ Units = {{ {code} }} }}", Commands($"{name}.html"), StringComparison.Ordinal);
        Assert.False(File.Exists(mark));
    }

    /// <summary>A worker takes longer to start than to do all of these small trials.</summary>
    private static PowerShellSession OneWorker(PowerShellSession session)
    {
        session.Run("$PSDefaultParameterValues['Invoke-Sweep:Parallel'] = 1");
        return session;
    }

    /// <summary>The study's document without what differs from one study to its like.</summary>
    private static string Document(string study) =>
        string.Join(
            '\n',
            File.ReadAllLines(Path.Combine(study, "study.json"))
                .Select(line =>
                    line.Replace("\\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
                )
                .Where(line => !line.StartsWith("\"created\"", StringComparison.Ordinal))
                .Where(line => !line.StartsWith("\"sha256\":", StringComparison.Ordinal))
        );

    private string Commands(string page) =>
        XDocument
            .Load(Path.Combine(shared.Folder, page), LoadOptions.PreserveWhitespace)
            .Descendants(s_xhtml + "pre")
            .Single()
            .Value;
}
