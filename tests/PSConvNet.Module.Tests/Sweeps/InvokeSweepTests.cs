using System.Globalization;
using System.Management.Automation;
using System.Text.Json.Nodes;

namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>What sweeps give, that each parameter arrives, and how studies are gone on with.</summary>
public sealed class InvokeSweepTests(SweepSession shared) : IClassFixture<SweepSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void The_best_come_first_and_parameters_are_properties_of_their_own()
    {
        var best = shared.Grid.Output;
        Assert.Equal(3, best.Count);
        Assert.All(best, trial => Assert.Equal("PSConvNet.Sweeps.SweepTrial", trial.TypeNames[0]));
        var values = best.Select(trial => (double)trial.Properties["Value"].Value).ToList();
        Assert.Equal(values.OrderDescending(), values);
        Assert.All(best, trial => Assert.Contains(trial.Properties["Units"].Value, new object[] { 4, 8 }));
        var all = _session.Run("Get-SweepTrial grid").Output;
        Assert.Equal(Enumerable.Range(0, 6).Cast<object>(), all.Select(trial => trial.Properties["Number"].Value));
        Assert.Equal(values[0], all.Max(trial => (double)trial.Properties["Value"].Value));
    }

    [Fact]
    public void Verbose_tells_each_trial_and_progress_all_workers()
    {
        for (var number = 0; number < 6; number++)
            Assert.Contains(
                shared.Grid.Verbose,
                line => line.StartsWith($"trial {number}: Completed", StringComparison.Ordinal)
            );
        Assert.Contains(shared.Grid.Progress, record => record.StatusDescription.Contains("of 6 done"));
        Assert.Contains(shared.Grid.Progress, record => record.ParentActivityId == shared.Grid.Progress[0].ActivityId);
        Assert.Equal(ProgressRecordType.Completed, shared.Grid.Progress[^1].RecordType);
    }

    [Fact]
    public void A_stop_that_comes_while_progress_is_shown_leaves_trials_that_can_be_gone_on_with()
    {
        var name = SweepSession.NewName();
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript($"Invoke-Sweep $layers -Space $space -Data $data -Epochs 100000 -Study {name} -Parallel 2");
        var training = new HashSet<int>();
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            var record = shell.Streams.Progress[added.Index];
            if (record.StatusDescription.StartsWith("epoch", StringComparison.Ordinal))
                training.Add(record.ActivityId);
            if (record.ParentActivityId >= 0 || training.Count < 2)
                return;
            // The records of the workers come next, into a pipeline that takes no more.
            shell.BeginStop(null, null);
            Assert.True(
                SpinWait.SpinUntil(() => shell.InvocationStateInfo.State == PSInvocationState.Stopping, 10_000)
            );
        };
        shell.Invoke();
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        var records = Directory.GetFiles(Path.Combine(shared.Folder, name, "trials"), "*.json");
        Assert.Equal(2, records.Length);
        Assert.All(
            records,
            record => Assert.Equal("Waiting", (string?)JsonNode.Parse(File.ReadAllText(record))!["state"])
        );
    }

    [Fact]
    public void The_tutorials_line_ends_in_a_table_of_the_best_on_the_test_part()
    {
        var rows = _session
            .Run("Invoke-Sweep -Study grid | Compare-Model | ForEach-Object { $_.Name; $_.Errors }")
            .Output;
        var byHand = _session
            .Run(
                "Get-SweepTrial grid -Best 3 | ForEach-Object { $_.LoadModel() } | Compare-Model -Data $data | ForEach-Object { $_.Name; $_.Errors }"
            )
            .Output;
        Assert.Equal(6, rows.Count);
        Assert.Equal(byHand.Select(row => row.BaseObject), rows.Select(row => row.BaseObject));
    }

    [Fact]
    public void One_worker_gives_the_table_that_two_give()
    {
        var name = Sweep("$layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Parallel 1 -Quiet");
        Assert.Equal(shared.Table("grid"), shared.Table(name));
    }

    [Fact]
    public void Every_setting_arrives_in_the_study()
    {
        var name = Sweep(
            """
            $layers -Space @{ Choice = @{ Units = 4, 8 } } -Data $data -Trials 2 -Sampler Tpe -Pruner Asha -GraceEpochs 2 -ReductionFactor 3 -Objective Loss
            -Parallel 1 -Threads 2 -Best 1 -Replicate 2 -Retry 5 -MaxFailures 4 -KeepModel All -Epochs 3 -BatchSize 64 -Optimizer SGD -LearningRate 0.02
            -Schedule Cosine -AverageDecay 0.9 -LabelSmoothing 0.1 -ClassWeight @{ 1 = 2 } -Augmentation @{ Shift = 1 } -ValidationSplit 0.2 -EarlyStopping -Patience 2
            -Seed 5 -Precision Float32 -Quiet
            """
        );
        var study = Document(name);
        Assert.Equal(
            "Tpe 5 Loss 5 2 1 2 5 4 true",
            Values(
                study,
                "sampler",
                "gridPoints",
                "objective",
                "seed",
                "trials",
                "best",
                "replicate",
                "retry",
                "maxFailures",
                "keepAllModels"
            )
        );
        Assert.Equal("Asha 2 3", Values((JsonObject)study["pruner"]!, "kind", "graceEpochs", "reductionFactor"));
        var training = (JsonObject)study["training"]!;
        Assert.Equal(
            "3 64 0.9 0.1 2 false 5 Float32 2 CrossEntropy",
            Values(
                training,
                "epochs",
                "batchSize",
                "averageDecay",
                "labelSmoothing",
                "patience",
                "restoreBest",
                "seed",
                "precision",
                "threads",
                "loss"
            )
        );
        Assert.Equal("SGD 0.02", Values((JsonObject)training["optimizer"]!, "kind", "learningRate"));
        Assert.Equal("Cosine", Values((JsonObject)training["schedule"]!, "kind"));
        Assert.Equal("1", Values((JsonObject)training["augmentation"]!, "shift"));
        Assert.Equal("2", Values((JsonObject)training["classWeight"]!, "1"));
        Assert.Equal("60", Values((JsonObject)study["data"]!["validation"]!, "images"));
        var completed = _session.Run($"Get-SweepTrial {name} -State Completed").Output.Count;
        Assert.Equal(completed, Directory.GetFiles(Path.Combine(shared.Folder, name, "models")).Length);
        Assert.Equal(2 + 2, _session.Run($"Get-SweepTrial {name} -IncludeReplicate").Output.Count);
    }

    [Fact]
    public void Validation_data_of_its_own_and_what_excludes_a_mean_arrive_too()
    {
        var name = Sweep(
            "$layers -Space $space -Data $data -Trials 1 -Epochs 1 -ValidationData $data -RestoreBest -Loss MeanSquaredError -Parallel 1 -Quiet"
        );
        var study = Document(name);
        Assert.Equal("300", Values((JsonObject)study["data"]!["validation"]!, "images"));
        Assert.Equal("true MeanSquaredError", Values((JsonObject)study["training"]!, "restoreBest", "loss"));
    }

    [Fact]
    public void What_if_begins_nothing()
    {
        var name = Sweep("$layers -Space $space -Data $data -Epochs 1 -WhatIf", ends: false);
        Assert.False(Directory.Exists(Path.Combine(shared.Folder, name)));
    }

    [Fact]
    public void A_study_is_gone_on_with_by_its_folder_alone()
    {
        var name = Sweep("$layers -Space $space -Data $data -Epochs 1 -Sampler Random -Trials 2 -Parallel 1 -Quiet");
        var before = shared.Table(name);
        _session.Run($"Invoke-Sweep -Study {name} -Trials 4 -Parallel 1 -Quiet");
        var after = shared.Table(name);
        Assert.Equal(4, after.Length);
        Assert.Equal(before, after[..2]);
        Assert.Equal(
            after,
            shared.Table(Sweep("$layers -Space $space -Data $data -Epochs 1 -Trials 4 -Parallel 1 -Quiet"))
        );
    }

    [Fact]
    public void The_same_line_again_does_nothing_again()
    {
        var files = Stamps();
        var again = _session.Run(
            "Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study grid -Quiet"
        );
        Assert.Equal(3, again.Output.Count);
        Assert.Equal(files, Stamps());

        string[] Stamps() =>
            [
                .. Directory
                    .GetFiles(Path.Combine(shared.Folder, "grid", "trials"))
                    .Order()
                    .Select(path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks}"),
            ];
    }

    [Fact]
    public void Trials_that_fail_are_told_and_do_not_end_the_sweep()
    {
        var name = SweepSession.NewName();
        var result = _session.Run(
            $$"""
            Invoke-Sweep -Space $space -Data $data -Epochs 1 -Sampler Grid -Parallel 1 -Quiet -Study {{name}} {
                param($p)
                if ($p.Units -eq 4) { New-DenseLayer 4 | New-ConvLayer 3 } else { New-FlattenLayer | New-DenseLayer 10 -Activation Softmax }
            }
            """
        );
        Assert.Equal(3, result.Output.Count);
        Assert.Contains("3 of 6 trials failed", Assert.Single(result.Warnings), StringComparison.Ordinal);
        var failed = _session.Run($"Get-SweepTrial {name} -State Failed").Output;
        Assert.Equal(3, failed.Count);
        Assert.All(failed, trial => Assert.Equal("LayerShapeMismatch", trial.Properties["ErrorId"].Value));
    }

    [Theory]
    [InlineData("{ param($p) New-DenseLayer $p.Unit }", "it reads $p.Unit, but the space's parameters are Units, ")]
    [InlineData(
        "{ param($p) New-DenseLayer $p['unitz'] }",
        "it reads $p['unitz'], but the space's parameters are Units, "
    )]
    [InlineData(
        "{ New-DenseLayer $_.LearnRate }",
        "it reads $_.LearnRate, but the space's parameters are LearningRate, "
    )]
    [InlineData("{ param($p) 1..2 | % { New-DenseLayer $p.Unit } }", "it reads $p.Unit, ")]
    public void A_parameter_that_is_mistyped_is_told_with_those_that_there_are(string script, string message)
    {
        var error = _session.RunForError($"Invoke-Sweep {script} -Space $space -Data $data -Study mistyped");

        Assert.StartsWith("SweepScriptInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(false, _session.Run("Test-Path mistyped").Output.Single().BaseObject);
    }

    [Theory]
    [InlineData("param($p) New-DenseLayer $p.units; $p.Count, $p.Keys.Count, $p.PSObject.Properties")]
    [InlineData("param($p) foreach ($p in 1..2) { $p.Length }")]
    [InlineData("param($p) $p = @{ Mine = 1 }; $p.Mine")]
    [InlineData("param($p) $p.Half = 1; New-DenseLayer $p.Half")]
    [InlineData("param($p) 'a', 'b' | ForEach-Object { $_.Length; $_.Anything }")]
    [InlineData("param($p) function f($p) { $p.Mine }; f @{ Mine = 2 }")]
    [InlineData("param($p) & { param($p) $p.Mine } @{ Mine = 2 }")]
    [InlineData("param($p) $p.ContainsKey('x'); [Math]::Pi; $x = 'ab'; $x.Anything")]
    public void What_is_no_parameter_is_not_taken_for_one(string script)
    {
        var found = _session.Run(
            $$"""
            $reads = [PSConvNet.Commands.ConvNetCmdlet].Assembly.GetType('PSConvNet.Commands.ParameterReads')
            $script = '{{script.Replace("'", "''", StringComparison.Ordinal)}}'
            $null -eq $reads.GetMethod('Unknown').Invoke($null, @($script, [string[]]('Units', 'Rate')))
            """
        );

        Assert.Equal(true, found.Output.Single().BaseObject);
    }

    [Fact]
    public void A_condition_sees_only_parameters_without_one_and_others_are_told()
    {
        var error = _session.RunForError(
            "New-SweepSpace -Choice @{ Units = 8, 16; Act = 'ReLU', 'GELU' } -When @{ Act = { $_.Unit -gt 8 } }"
        );

        Assert.Contains(
            "it reads $_.Unit, but the parameters without a condition are Units.",
            error.Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_setting_that_a_study_was_started_with_is_not_asked_for_again()
    {
        var error = _session.RunForError("Invoke-Sweep -Study grid -Epochs 1e400");

        Assert.Contains(
            "leave it out to resume the study in grid as it is, or start another study in another folder",
            error.Exception.Message,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string, string> Errors =>
        new()
        {
            { "Invoke-Sweep -Study nowhere", "StudyNotFound" },
            { "Invoke-Sweep -Study grid -Epochs 3", "SweepOptionInvalid" },
            { "Invoke-Sweep -Study grid -Best 0", "SweepOptionInvalid" },
            { "Invoke-Sweep -Study grid -Trials 0", "SweepOptionInvalid" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Epochs 3 -Sampler Grid -Study grid", "StudyMismatch" },
            {
                "Invoke-Sweep { param($p) New-DenseLayer 3 } -Space $space -Data $data -Epochs 2 -Sampler Grid -Study grid",
                "StudyMismatch"
            },
            {
                "$mine = 3; Invoke-Sweep { New-DenseLayer $mine } -Space $space -Data $data -Study new",
                "SweepScriptInvalid"
            },
            { "Invoke-Sweep { } -Space $space -Data $data -Study new", "SweepOptionInvalid" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study new -Retry -1", "SweepOptionInvalid" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study new -Replicate -1", "SweepOptionInvalid" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study new -MaxFailures -1", "SweepOptionInvalid" },
            {
                "Invoke-Sweep $layers -Space $space -Data $data -Study new -Sampler Grid -GridPoints 0",
                "SweepOptionInvalid"
            },
            {
                "Invoke-Sweep $layers -Space $space -Data $data -Study new -Pruner Asha -ReductionFactor 1",
                "SweepOptionInvalid"
            },
            {
                "Invoke-Sweep $layers -Space $space -Data $data -Study new -Pruner Median -GraceEpochs 0",
                "SweepOptionInvalid"
            },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study new -ValidationSplit 0", "FractionOutOfRange" },
            {
                "Invoke-Sweep $layers -Space $space -Data $data -Study new -ValidationSplit 0.1 -ValidationData $data",
                "SweepOptionInvalid"
            },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study new -Epochs 0", "TrainingOptionInvalid" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study new -Parallel 0", "EngineOptionInvalid" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study env:", "PathNotOfFileSystem" },
            { "Invoke-Sweep $layers -Space $space -Data $data -Study .", "StudyFolderNotEmpty" },
            {
                "Invoke-Sweep { param($p) 'no layer' } -Space $space -Data $data -Epochs 1 -Trials 2 -Parallel 1 -Quiet -Study nothing1",
                "SweepNothingCompleted"
            },
            {
                "Invoke-Sweep { param($p) Write-NoCommand } -Space $space -Data $data -Epochs 1 -Trials 9 -MaxFailures 1 -Parallel 1 -Quiet -Study nothing2",
                "SweepTooManyFailures"
            },
            {
                "Invoke-Sweep $layers -Space (New-SweepSpace -Integer @{ a = 1, 9999999 }) -Data $data -GridPoints 1000 -Sampler Grid -Study new -WhatIf; Invoke-Sweep { New-FlattenLayer } -Space (New-SweepSpace -LogUniform @{ a = 1, 2; b = 1, 2; c = 1, 2 }) -Data $data -GridPoints 1000 -Sampler Grid -Study new",
                "SweepGridTooLarge"
            },
            { "Get-SweepTrial nowhere", "StudyNotFound" },
            { "New-SweepSpace", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = @() }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = 1, 1 }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = (New-Optimizer SGD) }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = 1 } -Integer @{ a = 1, 2 }", "SweepSpaceInvalid" },
            { "New-SweepSpace -Integer @{ a = 3 }", "SweepSpaceInvalid" },
            { "New-SweepSpace -Uniform @{ a = 1 }", "SweepSpaceInvalid" },
            { "New-SweepSpace -LogUniform @{ a = 0, 1 }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = 1 } -When @{ b = { $true } }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = 1 } -When @{ a = { $true } }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = 1; b = 2 } -When @{ a = 5 }", "SweepSpaceInvalid" },
            { "New-SweepSpace @{ a = 1; b = 2 } -When @{ a = { $elsewhere } }", "SweepScriptInvalid" },
            { "New-Small | Compare-Model", "ComparisonDataMissing" },
            { "Get-SweepTrial grid | Compare-Model", "TrialModelMissing" },
        };

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_be_is_refused_by_id(string script, string id)
    {
        var error = _session.RunForError(script);
        Assert.True(error.FullyQualifiedErrorId.Split(',')[0] == id, $"{error.FullyQualifiedErrorId}: {error}");
        Assert.False(Directory.Exists(Path.Combine(shared.Folder, "new")), "a refused sweep has left a folder");
    }

    [Fact]
    public void A_space_takes_what_people_write()
    {
        var space = (PSObject)
            _session
                .Run(
                    "New-SweepSpace -Choice @{ Activation = 'ReLU', 'GELU'; Bias = $true, $false; One = 3 } -Integer @{ Units = 64, 256, 64 } -Uniform @{ Momentum = 0, 0.9 } -LogUniform @{ LearningRate = 1e-4, 1e-2 } -When @{ Momentum = { param($p) $p.Activation -eq 'ReLU' } }"
                )
                .Output.Single();
        Assert.Equal(
            """
            Activation: ReLU, GELU
            Bias: True, False
            LearningRate: 0.0001 to 0.01 (log)
            Momentum: 0 to 0.9 when param($p) $p.Activation -eq 'ReLU'
            One: 3
            Units: 64 to 256 by 64
            """.ReplaceLineEndings("\n"),
            space.BaseObject.ToString()
        );
    }

    [Fact]
    public void A_conditional_parameter_is_there_when_its_condition_holds()
    {
        var name = SweepSession.NewName();
        var trials = _session
            .Run(
                $$"""
                $conditional = New-SweepSpace @{ Optimizer = 'SGD', 'Adam'; Momentum = 0, 0.5 } -When @{ Momentum = { param($p) $p.Optimizer -eq 'SGD' } }
                $block = [scriptblock]::Create($layers.ToString().Replace('$p.Units', '4'))
                $null = Invoke-Sweep $block -Space $conditional -Data $data -Epochs 1 -Sampler Grid -Parallel 1 -Quiet -Study {{name}}
                Get-SweepTrial {{name}} | ForEach-Object { "$($_.Parameters)" }
                """
            )
            .Output.Select(line => line.ToString());
        Assert.Equal(["Momentum 0, Optimizer SGD", "Momentum 0.5, Optimizer SGD", "Optimizer Adam"], trials.Order());
    }

    /// <summary>Runs a sweep in a folder of its own; gives the folder's name.</summary>
    private string Sweep(string parameters, bool ends = true)
    {
        var name = SweepSession.NewName();
        var result = _session.Run($"Invoke-Sweep {parameters.ReplaceLineEndings(" ")} -Study {name}");
        Assert.Empty(result.Errors);
        Assert.Equal(ends, result.Output.Count > 0);
        return name;
    }

    private JsonObject Document(string study) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(shared.Folder, study, "study.json")))!;

    private static string Values(JsonObject json, params string[] names) =>
        string.Join(' ', names.Select(name => string.Format(CultureInfo.InvariantCulture, "{0}", json[name])));
}
