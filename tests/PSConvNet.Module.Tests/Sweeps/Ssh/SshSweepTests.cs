using System.Diagnostics;
using System.Management.Automation;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Ssh;

/// <summary>Sweeps in PowerShell sessions over a real sshd: machines that see the study's folder, that don't, and that go away.</summary>
public sealed class SshSweepTests(SweepSession shared) : IClassFixture<SweepSession>
{
    private const string Long = """
        $long = New-SweepSpace @{ Units = 16; LearningRate = 0.001, 0.002 }
        $sweep = @{ Space = $long; ScriptBlock = $layers; Data = $data; Epochs = 150; Sampler = 'Grid' }

        """;

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
    public void A_session_that_breaks_loses_no_trial()
    {
        using var machine = new SshMachine(shared.Folder);
        _session.Run(Long + "Invoke-Sweep @sweep -Study whole");
        Begin(machine, "broken", 2, out var running);
        SshMachine.Send("KILL", machine.Shells[0]);
        Assert.Empty(running.End().Errors);
        Assert.Equal(shared.Table("whole"), shared.Table("broken"));
        Assert.Equal(["1", "2"], Texts("Get-SweepTrial broken | ForEach-Object { $_.Turn }").Order());
        Assert.Contains(
            running.Shell.Streams.Warning,
            line => line.Message.Contains("127.0.0.1", StringComparison.Ordinal)
        );
    }

    [SkippableFact]
    public void Without_any_session_left_the_sweep_ends_with_an_error_and_can_be_gone_on_with()
    {
        using var machine = new SshMachine(shared.Folder);
        _session.Run(Long + "Invoke-Sweep @sweep -Study undisturbed");
        Begin(machine, "alone", 1, out var running);
        SshMachine.Send("KILL", machine.Shells[0]);
        var error = Assert.Single(running.End().Errors);
        Assert.Equal("SweepWorkerFailed", error.FullyQualifiedErrorId.Split(',')[0]);
        _session.Run("Invoke-Sweep -Study alone");
        Assert.Equal(shared.Table("undisturbed"), shared.Table("alone"));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_ends_them_within_a_batch_and_what_was_trained_is_gone_on_with_here(bool isSeen)
    {
        using var machine = new SshMachine(isSeen ? [] : [shared.Folder]);
        var study = isSeen ? "stoppedSeen" : "stoppedUnseen";
        _session.Run(Long + $"Invoke-Sweep @sweep -Study whole{study}");
        Begin(machine, study, 2, out var running);
        var clock = Stopwatch.StartNew();
        running.Shell.Stop();
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        var epochs = Texts($"Get-SweepTrial {study} | ForEach-Object {{ \"$($_.State) $($_.Epochs -gt 0)\" }}");
        Assert.Equal(["Waiting True", "Waiting True"], epochs);
        Assert.Equal(
            2,
            Directory
                .GetFiles(Path.Combine(shared.Folder, study, "checkpoints"), "*.psconvnet", SearchOption.AllDirectories)
                .Length
        );
        Assert.Equal(["Available", "Available"], Texts("$sessions.Availability"));
        _session.Run($"Invoke-Sweep -Study {study}");
        Assert.Equal(shared.Table($"whole{study}"), shared.Table(study));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_the_sweep_is_killed_nothing_of_it_goes_on_on_other_machines(bool isSeen)
    {
        using var machine = new SshMachine(isSeen ? [] : [shared.Folder]);
        var study = Path.Combine(shared.Folder, $"orphans{isSeen}");
        var script = Path.Combine(shared.Folder, $"orphans{isSeen}.ps1");
        File.WriteAllText(
            script,
            $$"""
            $data = Import-Mnist -Name Synthetic -First 500 | Expand-Dimension
            Invoke-Sweep -Space (New-SweepSpace @{ Units = 8, 16 }) -Data $data -Epochs 100000 -Sampler Grid -Study '{{study}}' -Engine Ssh -Session {{machine.Sessions(
                2
            )}} {
                param($p) New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax
            }
            """
        );
        using var shell = ShellProcess.Start([script]);
        Assert.True(SpinWait.SpinUntil(() => Trained(study) == 2, ShellProcess.Patience), "nothing was trained");
        Assert.NotEmpty(machine.Shells);
        SshMachine.Send("KILL", shell.Process.Id);
        Assert.True(
            SpinWait.SpinUntil(() => machine.Shells.Count == 0, TimeSpan.FromSeconds(40)),
            "a session outlived its sweep"
        );
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

    /// <summary>Begins a sweep of two long trials, and returns when all sessions train.</summary>
    private void Begin(SshMachine machine, string study, int sessions, out RunningScript running)
    {
        running = new RunningScript(
            _session,
            Long
                + $"$sessions = {machine.Sessions(sessions)}; Invoke-Sweep @sweep -Study {study} -Engine Ssh -Session $sessions -Verbose"
        );
        var folder = Path.Combine(shared.Folder, study);
        Assert.True(
            SpinWait.SpinUntil(() => Trained(folder) == sessions, ShellProcess.Patience),
            "nothing was trained"
        );
    }

    /// <summary>How many trials have an epoch behind them.</summary>
    private static int Trained(string study)
    {
        Thread.Sleep(50);
        var records = Path.Combine(study, "trials");
        return Directory.Exists(records)
            ? Directory
                .GetFiles(records, "*.json")
                .Count(record => File.ReadAllText(record).Contains("\"epoch\": 2", StringComparison.Ordinal))
            : 0;
    }

    private string[] Tokens(string study) => Directory.GetFiles(Path.Combine(shared.Folder, study), ".seen*");

    private string[] Texts(string script) => [.. _session.Run(script).Output.Select(item => $"{item}")];

    /// <summary>A script under way.</summary>
    private sealed class RunningScript
    {
        private readonly IAsyncResult _running;
        private readonly PSDataCollection<PSObject> _output = [];

        public RunningScript(PowerShellSession session, string script)
        {
            Shell = PowerShell.Create(session.Runspace);
            Shell.AddScript(script);
            _running = Shell.BeginInvoke<PSObject, PSObject>(null, _output);
        }

        public PowerShell Shell { get; }

        public (IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors) End()
        {
            Shell.EndInvoke(_running);
            return ([.. _output], [.. Shell.Streams.Error]);
        }
    }
}
