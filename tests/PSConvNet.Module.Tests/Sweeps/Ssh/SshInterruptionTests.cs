using System.Management.Automation;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Ssh;

/// <summary>Sweeps in sessions that break, that are stopped, and whose own sweep is killed.</summary>
public sealed class SshInterruptionTests(SshInterruptionTests.LongSweep shared)
    : IClassFixture<SshInterruptionTests.LongSweep>
{
    private readonly PowerShellSession _session = shared.Session.Session;

    [SkippableFact]
    public void A_session_that_breaks_loses_no_trial()
    {
        using var machine = new SshMachine(shared.Session.Folder);
        Begin(machine, "broken", 2, out var running);
        ShellProcess.Signal("KILL", machine.Shells[0]);
        Assert.Empty(running.End().Errors);
        Assert.Equal(shared.Undisturbed, shared.Session.Table("broken"));
        Assert.Equal(["1", "2"], Texts("Get-SweepTrial broken | ForEach-Object { $_.Turn }").Order());
        Assert.Contains(
            running.Shell.Streams.Warning,
            line => line.Message.Contains("127.0.0.1", StringComparison.Ordinal)
        );
    }

    [SkippableFact]
    public void Without_any_session_left_the_sweep_ends_with_an_error_and_can_be_gone_on_with()
    {
        using var machine = new SshMachine(shared.Session.Folder);
        Begin(machine, "alone", 1, out var running);
        ShellProcess.Signal("KILL", machine.Shells[0]);
        var error = Assert.Single(running.End().Errors);
        Assert.Equal("SweepWorkerFailed", error.FullyQualifiedErrorId.Split(',')[0]);
        _session.Run("Invoke-Sweep -Study alone -Parallel 1");
        Assert.Equal(shared.Undisturbed, shared.Session.Table("alone"));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stop_ends_them_and_what_was_trained_is_gone_on_with_here(bool isSeen)
    {
        using var machine = new SshMachine(isSeen ? [] : [shared.Session.Folder]);
        var study = isSeen ? "stoppedSeen" : "stoppedUnseen";
        Begin(machine, study, 2, out var running);
        running.Shell.Stop();
        var epochs = Texts($"Get-SweepTrial {study} | ForEach-Object {{ \"$($_.State) $($_.Epochs -gt 0)\" }}");
        Assert.Equal(["Waiting True", "Waiting True"], epochs);
        Assert.Equal(
            2,
            Directory
                .GetFiles(
                    Path.Combine(shared.Session.Folder, study, "checkpoints"),
                    "*.psconvnet",
                    SearchOption.AllDirectories
                )
                .Length
        );
        Assert.Equal(["Available", "Available"], Texts("$sessions.Availability"));
        _session.Run($"Invoke-Sweep -Study {study} -Parallel 1");
        Assert.Equal(shared.Undisturbed, shared.Session.Table(study));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_the_sweep_is_killed_nothing_of_it_goes_on_on_other_machines(bool isSeen)
    {
        using var machine = new SshMachine(isSeen ? [] : [shared.Session.Folder]);
        var study = Path.Combine(shared.Session.Folder, $"orphans{isSeen}");
        var script = Path.Combine(shared.Session.Folder, $"orphans{isSeen}.ps1");
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
        Assert.True(Eventually.Holds(() => Trained(study) == 2), "nothing was trained");
        Assert.NotEmpty(machine.Shells);
        shell.Signal("KILL");
        Assert.True(Eventually.Holds(() => machine.Shells.Count == 0), "a session outlived its sweep");
    }

    /// <summary>Begins a sweep of two long trials, and returns when all sessions train.</summary>
    private void Begin(SshMachine machine, string study, int sessions, out RunningScript running)
    {
        running = new RunningScript(
            _session,
            $"$sessions = {machine.Sessions(sessions)}; Invoke-Sweep @sweep -Study {study} -Engine Ssh -Session $sessions -Verbose"
        );
        var folder = Path.Combine(shared.Session.Folder, study);
        Assert.True(Eventually.Holds(() => Trained(folder) == sessions), "nothing was trained");
    }

    /// <summary>How many trials have an epoch behind them.</summary>
    private static int Trained(string study)
    {
        var records = Path.Combine(study, "trials");
        return Directory.Exists(records)
            ? Directory
                .GetFiles(records, "*.json")
                .Count(record => File.ReadAllText(record).Contains("\"epoch\": 2", StringComparison.Ordinal))
            : 0;
    }

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

    /// <summary>A sweep of two trials that are long enough to be interrupted, and what it comes to when it isn't.</summary>
    public sealed class LongSweep : IDisposable
    {
        public LongSweep()
        {
            Session.Session.Run(
                """
                $long = New-SweepSpace @{ Units = 16; LearningRate = 0.001, 0.002 }
                $sweep = @{ Space = $long; ScriptBlock = $layers; Data = $data; Epochs = 150; Sampler = 'Grid' }
                Invoke-Sweep @sweep -Study undisturbed -Parallel 1
                """
            );
            Undisturbed = Session.Table("undisturbed");
        }

        public string[] Undisturbed { get; }

        internal SweepSession Session { get; } = new(withGrid: false);

        public void Dispose() => Session.Dispose();
    }
}
