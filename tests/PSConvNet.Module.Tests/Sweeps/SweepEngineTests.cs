using PSConvNet.Tests.Sweeps.Slurm;

namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>Sweeps whose workers run elsewhere.</summary>
public sealed class SweepEngineTests(SweepSession shared, SlurmCluster cluster)
    : IClassFixture<SweepSession>,
        IClassFixture<SlurmCluster>
{
    private readonly PowerShellSession _session = shared.Session;

    [SkippableFact]
    public void The_table_of_a_real_Slurm_is_the_local_one()
    {
        Skip.If(cluster.Missing is not null, cluster.Missing);
        foreach (var (name, value) in cluster.Environment)
            Environment.SetEnvironmentVariable(name, value);
        var result = _session.Run(
            """
            Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study slurm -Engine Slurm -Partition short -Time 0:20 `
                -TrialsPerTask 2 -SchedulerArgument --nice=1 -Parallel 2
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
            Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study kube -Engine Kubernetes -Image registry/worker:1 -VolumeClaim studies `
                -SubPath mine -Namespace lab -Time 1:00:00 -Memory 3GB -TrialsPerTask 4 -Parallel 5 -ManifestPath manifests
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
    public void A_turn_that_nobody_handed_over_is_not_run(string parameters, string id)
    {
        var before = shared.Table("grid");
        var error = _session.RunForError($"Invoke-Sweep -Worker -Study grid {parameters}");
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(before, shared.Table("grid"));
    }

    [Theory]
    [InlineData("-Partition short", "SweepOptionInvalid")]
    [InlineData("-Engine Slurm -Image x", "SweepOptionInvalid")]
    [InlineData("-Engine Slurm -TrialsPerTask 0", "SlurmOptionInvalid")]
    [InlineData("-Engine Slurm -Memory -1", "SlurmOptionInvalid")]
    [InlineData("-Engine Slurm -SchedulerArgument --array=7", "SlurmOptionInvalid")]
    [InlineData("-Engine Ssh", "SweepOptionInvalid")]
    [InlineData("-Engine Ssh -Session $null", "ParameterArgumentValidationError")]
    [InlineData("-Engine Ssh -Parallel 2", "SweepOptionInvalid")]
    [InlineData("-Engine Kubernetes -VolumeClaim x", "SweepOptionInvalid")]
    [InlineData("-Engine Kubernetes -Image x", "SweepOptionInvalid")]
    [InlineData("-Engine Kubernetes -Image x -VolumeClaim y -Memory 0", "KubernetesOptionInvalid")]
    public void What_an_engine_cannot_take_is_refused_before_a_study_is_begun(string parameters, string id)
    {
        var error = _session.RunForError($"Invoke-Sweep $layers -Space $space -Data $data -Study refused {parameters}");
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.False(Directory.Exists(Path.Combine(shared.Folder, "refused")));
    }
}
