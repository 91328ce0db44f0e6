using System.Management.Automation;
using PSConvNet.Tests.Sweeps.Slurm;

namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>Sweeps whose workers run elsewhere.</summary>
public sealed class SweepEngineTests(SweepSession shared, SlurmCluster cluster)
    : IClassFixture<SweepSession>,
        IClassFixture<SlurmCluster>
{
    private const string Worker =
        "([System.Management.Automation.CmdletInfo]::new('Start-SweepWorker', [PSConvNet.Commands.SweepWorkerCommand]))";

    private readonly PowerShellSession _session = shared.Session;

    [SkippableFact]
    public void The_table_of_a_real_Slurm_is_the_local_one()
    {
        Skip.If(cluster.Missing is not null, cluster.Missing);
        foreach (var (name, value) in cluster.Environment)
            Environment.SetEnvironmentVariable(name, value);
        var result = _session.Run(
            """
            Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study slurm -Parallel 2 `
                -Engine Slurm -EngineOption @{ Partition = 'short'; Time = '0:20:00'; TrialsPerTask = 2; SchedulerArgument = '--nice=1' }
            """
        );
        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Output.Count);
        Assert.Contains(result.Progress, record => record.Activity.Contains("Slurm", StringComparison.Ordinal));
        Assert.Equal(shared.Table("grid"), shared.Table("slurm"));
        var compared = "ForEach-Object { \"$($_.Name) $($_.Errors) $($_.Loss.ToString('R'))\" }";
        Assert.Equal(
            _session
                .Run($"Get-SweepTrial grid -Best 3 | Compare-Model | {compared}")
                .Output.Select(row => row.ToString()),
            result.Output.Count == 3
                ? _session
                    .Run($"Get-SweepTrial slurm -Best 3 | Compare-Model | {compared}")
                    .Output.Select(row => row.ToString())
                : []
        );
    }

    [Fact]
    public void Kubernetes_gets_files_and_nothing_is_run()
    {
        var files = _session.Run(
            """
            Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study kube -Parallel 5 -Engine Kubernetes -EngineOption @{
                Image = 'registry/worker:1'; VolumeClaim = 'studies'; SubPath = 'mine'; Namespace = 'lab'
                Time = '1:00:00'; Memory = 3GB; TrialsPerTask = 4; ManifestPath = 'manifests'
            }
            """
        );
        Assert.Empty(files.Errors);
        Assert.Equal(
            ["Dockerfile", "README.txt", "job.yaml"],
            files.Output.Select(file => ((FileInfo)file.BaseObject).Name).Order(StringComparer.Ordinal)
        );
        var manifest = File.ReadAllText(Path.Combine(shared.Folder, "manifests", "job.yaml"));
        Assert.All(
            ["registry/worker:1", "studies", "mine", "lab", "completions: 5", "3072Mi", "3600"],
            text => Assert.Contains(text, manifest, StringComparison.Ordinal)
        );
        Assert.Empty(_session.Run("Get-SweepTrial kube").Output);
    }

    [Theory]
    [InlineData("-Record x -Turn 1 -Until 1", "SweepOptionInvalid")]
    [InlineData("-Record 00000 -Turn 0 -Until 1", "ParameterArgumentValidationError")]
    [InlineData("-Record 00099 -Turn 1 -Until 1", "SweepOptionInvalid")]
    [InlineData("-Record 00000 -Turn 1 -Until 1", "SweepOptionInvalid")]
    [InlineData("-Leash x", "SweepOptionInvalid")]
    public void A_worker_refuses_a_turn_that_nobody_handed_over_and_a_pipe_that_is_none(string parameters, string id)
    {
        var before = shared.Table("grid");
        var error = _session.RunForError($"& {Worker} grid {parameters}");
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(before, shared.Table("grid"));
    }

    [Fact]
    public void Workers_have_an_entry_of_their_own_that_nobody_is_offered()
    {
        Assert.Equal("Done", Assert.Single(_session.Run($"& {Worker} grid").Output).ToString());
        Assert.Empty(_session.Run("Get-Command Start-SweepWorker -ErrorAction Ignore").Output);
        var parameters = Texts("(Get-Command Invoke-Sweep).Parameters.Keys");
        Assert.Contains("Study", parameters);
        Assert.Empty(
            parameters.Intersect(["Worker", "MostTrials", "Leash", "Record", "Turn", "Until", "Partition", "Image"])
        );
    }

    [Theory]
    [InlineData("Invoke-Sweep -Engine ", "Kubernetes Local Slurm Ssh")]
    [InlineData("Invoke-Sweep -Engine s", "Slurm Ssh")]
    [InlineData("Invoke-Sweep -EngineOption @{ ", "Parallel")]
    [InlineData("Invoke-Sweep -Engine Slurm -EngineOption @{ Pa", "Parallel Partition")]
    [InlineData("Invoke-Sweep -Study x -Engine kubernetes -EngineOption @{ Memory = 1GB; I", "Image")]
    public void Tab_completes_engines_and_the_options_of_the_one_chosen(string line, string completions) =>
        Assert.Equal(completions, string.Join(' ', Completions(line)));

    [Fact]
    public void Help_and_docs_name_every_option_of_every_engine()
    {
        var help = string.Join('\n', Texts("(Get-Help Invoke-Sweep).description.Text"));
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "sweeps.md"));
        var engines = Completions("Invoke-Sweep -Engine ");
        Assert.True(engines.Length >= 4);
        foreach (var engine in engines)
        {
            var options = Completions($"Invoke-Sweep -Engine {engine} -EngineOption @{{ ");
            Assert.NotEmpty(options);
            Assert.All(options, option => Assert.Contains(option, help, StringComparison.Ordinal));
            Assert.All(options, option => Assert.Contains($"`{option}`", docs, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("-Engine Moon", "Kubernetes, Local, Slurm, Ssh")]
    [InlineData("-EngineOption @{ Partition = 'short' }", "Local has no option Partition; it takes Parallel.")]
    [InlineData("-Engine Slurm -EngineOption @{ Image = 'x' }", "it takes Parallel, Partition, Account, Time, Memory")]
    [InlineData("-Engine Slurm -EngineOption @{ Time = 'soon' }", "Time of Slurm can't be soon: give a duration")]
    [InlineData(
        "-Engine Ssh -EngineOption @{ Session = 'x' }",
        "Session of Ssh can't be x: give one or more of: a PSSession"
    )]
    public void A_name_or_a_value_that_an_engine_does_not_know_is_refused_with_what_it_does(
        string parameters,
        string says
    )
    {
        var error = Refused(parameters);
        Assert.StartsWith(
            "ParameterArgumentTransformationError,",
            error.FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Parallel 0", "EngineOptionInvalid")]
    [InlineData("-Engine Slurm -EngineOption @{ TrialsPerTask = 0 }", "EngineOptionInvalid")]
    [InlineData("-Engine Slurm -EngineOption @{ Memory = -1 }", "EngineOptionInvalid")]
    [InlineData("-Engine Slurm -EngineOption @{ SchedulerArgument = '--array=7' }", "EngineOptionInvalid")]
    [InlineData("-Engine Ssh", "EngineOptionInvalid")]
    [InlineData("-Engine Ssh -EngineOption 5", "ParameterArgumentTransformationError")]
    [InlineData("-Engine Ssh -Session $null", "ParameterArgumentValidationError")]
    [InlineData("-Engine $null", "ParameterArgumentValidationError")]
    [InlineData("-Engine Ssh -Parallel 2", "EngineOptionUnknown")]
    [InlineData("-Engine Kubernetes -EngineOption @{ VolumeClaim = 'x' }", "EngineOptionInvalid")]
    [InlineData("-Engine Kubernetes -EngineOption @{ Image = 'x' }", "EngineOptionInvalid")]
    [InlineData(
        "-Engine Kubernetes -EngineOption @{ Image = 'x'; VolumeClaim = 'y'; Memory = 0 }",
        "EngineOptionInvalid"
    )]
    public void What_an_engine_cannot_take_is_refused_before_a_study_is_begun(string parameters, string id) =>
        Assert.Equal(id, Refused(parameters).FullyQualifiedErrorId.Split(',')[0]);

    private ErrorRecord Refused(string parameters)
    {
        var error = _session.RunForError($"Invoke-Sweep $layers -Space $space -Data $data -Study refused {parameters}");
        Assert.False(Directory.Exists(Path.Combine(shared.Folder, "refused")));
        return error;
    }

    private string[] Texts(string script) => [.. _session.Run(script).Output.Select(item => $"{item}")];

    private string[] Completions(string line) =>
        Texts(
            $"[System.Management.Automation.CommandCompletion]::CompleteInput('{line}', {line.Length}, $null).CompletionMatches.CompletionText"
        );
}
