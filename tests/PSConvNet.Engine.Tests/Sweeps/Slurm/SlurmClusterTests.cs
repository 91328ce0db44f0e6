using System.Diagnostics;
using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps.Slurm;

/// <summary>
/// The pool on a real Slurm. The worker is a script that takes trials by atomic creates as the real one does: <c>trials/n</c> is claimed by
/// making the folder <c>claims/n</c>, done when <c>done/n</c> is there; what it does twice it writes twice.
/// </summary>
public sealed class SlurmClusterTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private const string Worker = """
        #!/bin/bash
        cd "$1" || exit 1
        most=1000000
        [ "$2" = -MostTrials ] && most=$3
        claim=
        trap 'echo "$claim" >>stopped; [ -n "$claim" ] && rmdir "claims/$claim"; exit 3' TERM
        for trial in trials/*; do
            n=${trial##*/}
            [ "$most" -gt 0 ] || exit 0
            [ -e "done/$n" ] && continue
            mkdir "claims/$n" 2>/dev/null || continue
            claim=$n
            if [ -e "die" ] && [ ! -e "died/$n" ]; then
                mkdir "died/$n"; rmdir "claims/$n"; kill -KILL $$
            fi
            for i in $(seq "$(cat length)"); do sleep 0.1; done
            echo "$SLURM_ARRAY_JOB_ID $SLURM_ARRAY_TASK_ID" >>"done/$n"
            claim=
            most=$((most - 1))
        done
        exit 0
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();

    // A name with all that a shell and Slurm's patterns of file names would take for something else.
    private string Study => Path.Combine(_folder.Path, "it's a $study %A %j");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void All_trials_are_done_once_by_arrays_that_are_split()
    {
        using var pool = Begin(trials: 21, tenths: 1, new SlurmEngine { Parallel = 2 });
        var most = 0;
        Follow(pool, () => most = Math.Max(most, Number("claims") - Number("done")));
        Assert.InRange(most, 1, 2);
        Assert.Equal(21, Done().Count);
        Assert.All(Done(), lines => Assert.Single(lines));
        // 8 + 8 + 5, as Slurm lets an array have 8 tasks.
        Assert.Equal(
            [8, 8, 5],
            Done()
                .Select(l => l[0].Split(' ')[0])
                .GroupBy(job => job)
                .OrderBy(g => g.Key.Length)
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.Count())
        );
        Wait(() => !pool.IsAlive);
        Assert.Empty(Directory.GetFiles(Path.Combine(Study, "slurm"), "*.log"));
    }

    [SkippableFact]
    public void Short_trials_share_a_task()
    {
        using var pool = Begin(
            trials: 10,
            tenths: 1,
            new SlurmEngine { TrialsPerTask = 5, Time = TimeSpan.FromMinutes(5) }
        );
        Follow(pool);
        Assert.All(Done(), lines => Assert.Single(lines));
        Assert.InRange(Done().Select(l => l[0]).Distinct().Count(), 1, 2);
    }

    [SkippableFact]
    public void What_killed_workers_left_is_submitted_again_and_nothing_else()
    {
        using var pool = Begin(trials: 5, tenths: 2, new SlurmEngine());
        Directory.CreateDirectory(Path.Combine(Study, "died"));
        File.WriteAllText(Path.Combine(Study, "die"), "");
        Follow(pool);
        Assert.Equal(5, Number("died"));
        Assert.All(Done(), lines => Assert.Single(lines));
        Assert.Contains(pool.Notes, note => note.Contains(" FAILED", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_stop_reaches_the_workers_and_takes_the_others_out_of_the_queue()
    {
        using var pool = Begin(trials: 6, tenths: 600, new SlurmEngine { Parallel = 1 });
        pool.Tend(6);
        Wait(() => Number("claims") == 1);
        pool.RequestStop();
        Wait(() => !pool.IsAlive);
        Assert.Equal("0", File.ReadAllText(Path.Combine(Study, "stopped")).Trim());
        Assert.Equal(0, Number("claims"));
        Assert.Empty(cluster.Run("squeue", "--noheader").Trim());
    }

    [SkippableFact]
    public void A_kill_ends_workers_that_do_not_listen()
    {
        using var pool = Begin(trials: 2, tenths: 600, new SlurmEngine());
        File.WriteAllText(Script, "#!/bin/bash\ntrap '' TERM\nmkdir \"$1/claims/0\"\nwhile true; do sleep 0.1; done\n");
        pool.Tend(2);
        Wait(() => Number("claims") == 1);
        pool.Kill();
        // Slurm itself would leave them ten minutes between asking and ending.
        Wait(() => !pool.IsAlive);
    }

    [SkippableFact]
    public void What_Slurm_refuses_is_said_in_its_words()
    {
        using var pool = Begin(trials: 2, tenths: 1, new SlurmEngine { Partition = "nix" });
        var error = Assert.Throws<ConvNetException>(() => pool.Tend(2));
        Assert.Equal("SlurmRefused", error.ErrorId);
        Assert.Contains("invalid partition specified: nix", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Workers_that_cannot_start_end_the_sweep_with_their_last_words()
    {
        using var pool = Begin(trials: 2, tenths: 1, new SlurmEngine());
        File.Delete(Script);
        var error = Assert.Throws<ConvNetException>(() => Follow(pool));
        Assert.Equal("SlurmWorkersFailed", error.ErrorId);
        Assert.Contains("No such file or directory", error.Message, StringComparison.Ordinal);
    }

    private string Script => Path.Combine(_folder.Path, "worker's script.sh");

    private SlurmPool Begin(int trials, int tenths, SlurmEngine options)
    {
        Skip.If(cluster.Missing is not null, cluster.Missing);
        foreach (var name in (string[])["trials", "claims", "done"])
            Directory.CreateDirectory(Path.Combine(Study, name));
        for (var i = 0; i < trials; i++)
            File.WriteAllText(Path.Combine(Study, "trials", $"{i}"), "");
        File.WriteAllText(Path.Combine(Study, "length"), $"{tenths}");
        File.WriteAllText(Script, Worker.ReplaceLineEndings("\n"));
        var command = new WorkerCommand("/bin/bash", [Script, Study]);
        return new SlurmPool(
            Study,
            command,
            options,
            cores: 1,
            () => Number("done"),
            new Tool(null, cluster.Environment),
            TimeProvider.System
        )
        {
            Interval = TimeSpan.FromSeconds(0.3),
            Patience = TimeSpan.FromSeconds(1),
        };
    }

    private void Follow(SlurmPool pool, Action? look = null)
    {
        var trials = Number("trials");
        Wait(() =>
        {
            look?.Invoke();
            // A file is there a moment before its line is.
            if (Done().Count(lines => lines.Length > 0) == trials)
                return true;
            pool.Tend(Enumerable.Range(0, trials).Count(i => !Directory.Exists(Path.Combine(Study, "claims", $"{i}"))));
            return false;
        });
    }

    private static void Wait(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < s_patience, "It did not come to an end.");
            Thread.Sleep(50);
        }
    }

    private int Number(string folder) => Directory.GetFileSystemEntries(Path.Combine(Study, folder)).Length;

    private List<string[]> Done() => [.. Directory.GetFiles(Path.Combine(Study, "done")).Select(File.ReadAllLines)];
}
