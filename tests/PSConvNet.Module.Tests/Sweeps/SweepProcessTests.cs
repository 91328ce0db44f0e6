using System.Diagnostics;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>Sweeps that are stopped and killed, as processes of the shell: what is left of them, and what they come to in the end.</summary>
public sealed class SweepProcessTests : IDisposable
{
    private const string NeedsProc = "processes are found by /proc and signals sent by kill, which are not here";
    private const int Epochs = 8;
    private const int Trials = 12;
    private static readonly string s_script = $$"""
        param($Study)
        $data = Import-Mnist -Name Synthetic -First 2000 | Expand-Dimension
        $space = New-SweepSpace @{ Units = 16, 32, 64; Activation = 'ReLU', 'GELU' } -LogUniform @{ LearningRate = 1e-4, 1e-2 }
        'begins'
        Invoke-Sweep -Space $space -Data $data -Epochs {{Epochs}} -Trials {{Trials}} -Retry 20 -Parallel 2 -Study $Study {
            param($p)
            New-ConvLayer 4 | New-FlattenLayer | New-DenseLayer $p.Units -Activation $p.Activation | New-DenseLayer 10 -Activation Softmax
        } | ForEach-Object { "$_" }
        'done'
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Workers_and_sweep_killed_again_and_again_come_to_the_table_of_one_undisturbed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NeedsProc);
        var script = _folder.Write("sweep.ps1", s_script);
        var expected = Finish(script, "undisturbed");
        var random = new Random(3);
        var killed = 0;
        for (var sweep = 0; sweep < 3; sweep++)
        {
            using var shell = ShellProcess.Start([script, Study("killed")]);
            for (var kill = 0; kill < 2; kill++)
            {
                // How far they have come, and not a clock, says when, for machines differ.
                var until = Epochs * Trials * ((2 * sweep) + kill + 1) / 8;
                SpinWait.SpinUntil(
                    () => shell.Process.HasExited || EpochsDone("killed") >= until,
                    ShellProcess.Patience
                );
                Thread.Sleep(random.Next(200));
                if (Workers("killed") is [var worker, ..])
                {
                    Send("KILL", worker);
                    killed++;
                }
            }
            if (sweep == 2)
            {
                Assert.Contains("done", shell.Wait().Out, StringComparison.Ordinal);
                break;
            }
            Send("KILL", shell.Process.Id);
            Assert.True(
                SpinWait.SpinUntil(() => Workers("killed").Count == 0, TimeSpan.FromSeconds(40)),
                "workers outlived their sweep"
            );
        }
        Assert.InRange(killed, 3, 6);
        Assert.Equal(expected, Table("killed"));
        Assert.Empty(Workers("killed"));
    }

    [SkippableFact]
    public void Ctrl_C_stops_the_workers_within_a_batch_and_leaves_a_study_to_go_on_with()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NeedsProc);
        // Nothing but a stop ends these within the test's patience.
        var script = _folder.Write(
            "sweep.ps1",
            s_script.Replace($"-Epochs {Epochs}", "-Epochs 5000", StringComparison.Ordinal)
        );
        using var shell = ShellProcess.Start([script, Study("stopped")]);
        // Who has not begun to train yet leaves no checkpoint.
        Assert.True(
            SpinWait.SpinUntil(
                () => Records("stopped").Count(r => r.Contains("\"epoch\": 1")) == 2,
                ShellProcess.Patience
            ),
            "no trial came through an epoch"
        );
        var clock = Stopwatch.StartNew();
        Send("INT", shell.Process.Id);
        var result = shell.Wait();
        Assert.Equal(130, result.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.Empty(Workers("stopped"));
        Assert.DoesNotContain("done", result.Out, StringComparison.Ordinal);
        Assert.Equal(2, Records("stopped").Count(r => r.Contains("\"state\": \"Waiting\"")));
        Assert.Equal(
            2,
            Directory
                .GetFiles(Path.Combine(Study("stopped"), "checkpoints"), "*.psconvnet", SearchOption.AllDirectories)
                .Length
        );
    }

    [SkippableFact]
    public void A_second_Ctrl_C_kills_workers_that_do_not_stop()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NeedsProc);
        var script = _folder.Write(
            "sweep.ps1",
            s_script.Replace(
                "New-ConvLayer 4",
                $"[IO.File]::WriteAllText('{_folder.Path}/asleep-' + $PID, ''); [Threading.Thread]::Sleep(100000); New-ConvLayer 4",
                StringComparison.Ordinal
            )
        );
        using var shell = ShellProcess.Start([script, Study("stuck")]);
        Assert.True(
            SpinWait.SpinUntil(() => Directory.GetFiles(_folder.Path, "asleep-*").Length == 2, ShellProcess.Patience),
            "no script block began"
        );
        Send("INT", shell.Process.Id);
        Thread.Sleep(2000);
        Assert.Equal(2, Workers("stuck").Count);
        Send("INT", shell.Process.Id);
        var clock = Stopwatch.StartNew();
        Assert.Equal(130, shell.Wait().ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        Assert.Empty(Workers("stuck"));
    }

    [SkippableFact]
    public void Two_sweeps_at_once_on_one_study_share_the_work()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NeedsProc);
        var script = _folder.Write("sweep.ps1", s_script);
        var expected = Finish(script, "one");
        using var first = ShellProcess.Start([script, Study("two")]);
        Assert.True(
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(Study("two"), "study.json")), ShellProcess.Patience)
        );
        using var second = ShellProcess.Start([script, Study("two")]);
        Assert.Contains("done", first.Wait().Out, StringComparison.Ordinal);
        Assert.Contains("done", second.Wait().Out, StringComparison.Ordinal);
        Assert.Equal(expected, Table("two"));
        Assert.All(Records("two"), record => Assert.Contains("\"turn\": 1", record, StringComparison.Ordinal));
    }

    private string[] Finish(string script, string study)
    {
        using var shell = ShellProcess.Start([script, Study(study)]);
        Assert.Contains("done", shell.Wait().Out, StringComparison.Ordinal);
        return Table(study);
    }

    private string Study(string name) => Path.Combine(_folder.Path, name);

    private List<string> Records(string study)
    {
        var folder = Path.Combine(Study(study), "trials");
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.json").Order().Select(File.ReadAllText)]
            : [];
    }

    private int EpochsDone(string study) =>
        Records(study).Sum(record => record.Split('\n').Count(line => line.Contains("\"epoch\":")));

    /// <summary>The records, without what differs from run to run.</summary>
    private string[] Table(string study)
    {
        string[] differ = ["seconds", "imagesPerSecond", "turn", "startedAt", "endedAt", "model"];
        return
        [
            .. Records(study)
                .Select(record =>
                    string.Join(
                        '\n',
                        record.Split('\n').Where(line => !differ.Any(name => line.Contains($"\"{name}\":")))
                    )
                ),
        ];
    }

    /// <summary>The numbers of the processes that work on a study.</summary>
    private List<int> Workers(string study)
    {
        var found = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id))
                continue;
            try
            {
                var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                if (
                    words.Contains(Study(study))
                    && words.Any(word => word.EndsWith("Start-SweepWorker.ps1", StringComparison.Ordinal))
                )
                    found.Add(id);
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        return found;
    }

    private static void Send(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
