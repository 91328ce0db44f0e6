using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Ssh;

/// <summary>Sweeps in PowerShell sessions over a real sshd: machines that see the study's folder and machines that don't.</summary>
public sealed class SshSweepTests(SweepSession shared) : IClassFixture<SweepSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [SkippableFact]
    public void A_machine_that_sees_the_folder_works_in_it()
    {
        using var machine = new SshMachine();
        var result = Sweep(machine, "seen", 2);
        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Output.Count);
        Assert.Contains(result.Progress, record => record.Activity.Contains("2 sessions", StringComparison.Ordinal));
        Assert.Equal(shared.Table("grid"), shared.Table("seen"));
        Assert.False(Directory.Exists(Path.Combine(machine.Cache, "psconvnet")), "something was sent");
        Assert.Equal(["Available", "Available"], Texts("$sessions.Availability"));
        Assert.Empty(Tokens("seen"));
    }

    [SkippableFact]
    public void A_machine_that_does_not_see_it_is_sent_what_it_needs_and_gives_back_what_came_of_it()
    {
        using var machine = new SshMachine(shared.Folder);
        var result = Sweep(machine, "unseen", 2);
        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(shared.Table("grid"), shared.Table("unseen"));
        // The best have their models here, and they are what they are with a worker here.
        const string Compared =
            "Compare-Model | ForEach-Object { \"$($_.Name) $($_.Errors) $($_.Loss.ToString('R'))\" }";
        Assert.Equal(
            Texts($"Get-SweepTrial grid -Best 3 | {Compared}"),
            Texts($"Get-SweepTrial unseen -Best 3 | {Compared}")
        );
        Assert.Equal(3, Directory.GetFiles(Path.Combine(shared.Folder, "unseen", "models")).Length);
        Assert.Empty(Directory.GetDirectories(Path.Combine(machine.Cache, "psconvnet", "studies")));
        Assert.Empty(Tokens("unseen"));
    }

    [SkippableFact]
    public void A_machine_without_the_module_is_sent_it_once()
    {
        using var machine = new SshMachine(shared.Folder, Path.Combine(Repository.Root, "module"));
        Sweep(machine, "without", 2);
        Assert.Equal(shared.Table("grid"), shared.Table("without"));
        var modules = Path.Combine(machine.Cache, "psconvnet", "modules");
        var sent = Assert.Single(Directory.GetDirectories(modules));
        var written = File.GetLastWriteTimeUtc(Path.Combine(sent, "PSConvNet.psd1"));
        Sweep(machine, "again", 1);
        Assert.Equal(shared.Table("grid"), shared.Table("again"));
        Assert.Equal([sent], Directory.GetDirectories(modules));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(sent, "PSConvNet.psd1")));
    }

    [SkippableFact]
    public void Asha_goes_on_with_trials_on_another_machine_than_they_waited_on()
    {
        using var machine = new SshMachine(shared.Folder);
        const string Options = "-Space $space -Data $data -Epochs 4 -Sampler Grid -Pruner Asha -ReductionFactor 2";
        _session.Run($"Invoke-Sweep $layers {Options} -Study rungs -Parallel 1");
        _session.Run(
            $"$sessions = {machine.Sessions(1)}; Invoke-Sweep $layers {Options} -Study sshRungs -Engine Ssh -Session $sessions"
        );
        Assert.Contains(Texts("Get-SweepTrial rungs | ForEach-Object { $_.Turn }"), turn => turn != "1");
        Assert.Equal(shared.Table("rungs"), shared.Table("sshRungs"));
    }

    [SkippableFact]
    public void Sessions_that_cannot_be_used_are_refused_before_a_study_is_begun()
    {
        using var machine = new SshMachine();
        _session.Run($"$sessions = {machine.Sessions(1)}; $closed = {machine.Sessions(1)}; Remove-PSSession $closed");
        var refused = new Dictionary<string, string>
        {
            ["$sessions[0], $sessions[0]"] = "EngineOptionInvalid",
            ["$closed"] = "EngineOptionInvalid",
            ["$sessions -Parallel 2"] = "EngineOptionUnknown",
        };
        foreach (var (options, id) in refused)
        {
            var error = _session.RunForError(
                $"Invoke-Sweep $layers -Space $space -Data $data -Study refused -Engine Ssh -Session {options}"
            );
            Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
            Assert.False(Directory.Exists(Path.Combine(shared.Folder, "refused")));
        }
    }

    private ScriptResult Sweep(SshMachine machine, string study, int sessions) =>
        _session.Run(
            $"$sessions = {machine.Sessions(sessions)}; Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study {study} -Engine Ssh -Session $sessions -Verbose"
        );

    private string[] Tokens(string study) => Directory.GetFiles(Path.Combine(shared.Folder, study), ".seen*");

    private string[] Texts(string script) => [.. _session.Run(script).Output.Select(item => $"{item}")];
}
