using System.Diagnostics;

namespace PSConvNet.Tests.Sweeps.Slurm;

/// <summary>What the pool asks of Slurm, seen by scripts in its commands' place.</summary>
public sealed class SlurmPoolTests : IDisposable
{
    private readonly FakeSlurm _slurm = new();

    public void Dispose() => _slurm.Dispose();

    private string[] Arrays =>
        [.. _slurm.Calls("sbatch").Select(call => call.Single(a => a.StartsWith("--array", StringComparison.Ordinal)))];

    [Fact]
    public void An_array_has_a_task_for_each_few_open_trials_and_its_options()
    {
        var options = new SlurmEngine
        {
            Partition = "short",
            Account = "me",
            Time = TimeSpan.FromMinutes(10.5),
            Memory = (3L << 30) + 1,
            Parallel = 4,
            TrialsPerTask = 3,
            SchedulerArgument = ["--qos=low"],
        };
        using var pool = _slurm.Pool(options);

        pool.Tend(25);

        var call = Assert.Single(_slurm.Calls("sbatch"));
        Assert.Equal(
            [
                "--parsable",
                "--array=0-8%4",
                "--job-name=psconvnet-mystudy",
                $"--chdir={_slurm.Study}",
                "--output=/dev/null",
                "--no-requeue",
                "--nodes=1",
                "--ntasks=1",
                "--cpus-per-task=2",
                "--signal=B:TERM@120",
                "--partition=short",
                "--account=me",
                "--time=11",
                "--mem=3073M",
                "--qos=low",
                Path.Combine(_slurm.Study, "slurm", "worker.sh"),
            ],
            call
        );
        Assert.Equal("Slurm job 17: 0 running, 9 waiting", pool.Place);
    }

    [Fact]
    public void Nothing_is_submitted_where_nothing_is_open()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(0);
        Assert.Empty(_slurm.Calls("sbatch"));
        Assert.False(pool.IsAlive);
    }

    [Fact]
    public void Slurm_is_not_asked_each_second()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says("squeue", "17|0-4|PENDING|Priority\n");
        for (var second = 0; second < 35; second++)
            _slurm.Later(pool, 5, 1);
        Assert.Equal(3, _slurm.Calls("squeue").Count);
        Assert.Equal("Slurm job 17: 0 running, 5 waiting (Priority)", pool.Place);
        Assert.Single(_slurm.Calls("sbatch"));
    }

    [Fact]
    public void What_an_array_left_open_is_submitted_again_and_no_more()
    {
        using var pool = _slurm.Pool(new SlurmEngine { TrialsPerTask = 2 });
        pool.Tend(20);
        _slurm.Says("squeue", "17|0|FAILED|NonZeroExitCode\n17|1-9|COMPLETED|None\n");
        _slurm.Later(pool, 3);
        _slurm.Says("squeue", "18|1|COMPLETED|None\n18|0|COMPLETED|None\n");
        _slurm.Later(pool, 0);

        Assert.Equal(["--array=0-9", "--array=0-1"], Arrays);
        Assert.Contains("Slurm job 17: 1 FAILED, 9 COMPLETED.", pool.Notes);
        Assert.False(pool.IsAlive);
    }

    [Fact]
    public void Arrays_are_no_longer_than_Slurm_lets_them_be_and_never_more_run_than_may()
    {
        _slurm.Says("scontrol", "MaxArraySize            = 11\n");
        using var pool = _slurm.Pool(new SlurmEngine { Parallel = 4 });
        pool.Tend(25);
        _slurm.Says(
            "squeue",
            "17|10|PENDING|JobArrayTaskLimit\n17|6|RUNNING|None\n17|7|RUNNING|None\n17|8|RUNNING|None\n17|9|RUNNING|None\n"
        );
        _slurm.Later(pool, 15);
        // The first array waits no more, and leaves one place free.
        _slurm.Says("squeue", "17|8|RUNNING|None\n17|9|RUNNING|None\n17|10|RUNNING|None\n");
        _slurm.Later(pool, 14);
        Assert.Single(Arrays);
        _slurm.Later(pool, 14, 61);
        Assert.Equal(["--array=0-10%4", "--array=0-10%1"], Arrays);
        // It ends, and its places go to the second.
        _slurm.Says("squeue", "17|8-10|COMPLETED|None\n18|1-10%1|PENDING|JobArrayTaskLimit\n18|0|RUNNING|None\n");
        _slurm.Later(pool, 13);
        Assert.Contains(
            _slurm.Calls("scontrol"),
            call => call.SequenceEqual(["update", "JobId=18", "ArrayTaskThrottle=4"])
        );
        Assert.Equal(2, Arrays.Length);
    }

    [Fact]
    public void Trials_of_dead_tasks_get_new_ones_while_others_run()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(10);
        _slurm.Says("squeue", "17|0-6|RUNNING|None\n17|7-9|NODE_FAIL|None\n");
        _slurm.Later(pool, 3);
        _slurm.Later(pool, 3, 30);
        // It may yet be that workers have only not got to their claims.
        Assert.Single(Arrays);
        _slurm.Later(pool, 3, 31);
        Assert.Equal(["--array=0-9", "--array=0-2"], Arrays);
    }

    [Fact]
    public void A_task_that_runs_is_counted_on_for_its_other_trials()
    {
        using var pool = _slurm.Pool(new SlurmEngine { TrialsPerTask = 4 });
        pool.Tend(10);
        _slurm.Says("squeue", "17|0-2|RUNNING|None\n");
        for (var i = 0; i < 30; i++)
            _slurm.Later(pool, 7);
        Assert.Single(Arrays);
    }

    [Fact]
    public void Submissions_that_bring_nothing_come_to_an_end_with_what_the_workers_said()
    {
        var log = Path.Combine(_slurm.Study, "slurm", "19_0.log");
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says(
            "squeue",
            "17|0-4|FAILED|NonZeroExitCode\n18|0-4|FAILED|NonZeroExitCode\n19|0-4|FAILED|NonZeroExitCode\n"
        );
        File.WriteAllText(log, "worker.sh: line 4: /opt/pwsh: No such file or directory\n");
        var times = 0;
        var error = Assert.Throws<ConvNetException>(() =>
        {
            for (; times < 100; times++)
                _slurm.Later(pool, 5);
        });
        Assert.Equal("SlurmWorkersFailed", error.ErrorId);
        Assert.Contains("5 FAILED", error.Message, StringComparison.Ordinal);
        Assert.Contains("/opt/pwsh: No such file or directory", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, Arrays.Length);
        // Each time it waited longer.
        Assert.InRange(times, 15, 40);
    }

    [Fact]
    public void A_submission_that_got_trials_on_counts_though_as_many_are_open()
    {
        var epochs = 0L;
        using var pool = _slurm.Pool(new SlurmEngine(), () => epochs++);
        pool.Tend(5);
        _slurm.Says("squeue", string.Concat(Enumerable.Range(17, 20).Select(job => $"{job}|0-4|TIMEOUT|TimeLimit\n")));
        for (var i = 0; i < 10; i++)
            _slurm.Later(pool, 5);
        Assert.Equal(11, Arrays.Length);
    }

    [Fact]
    public void An_array_that_somebody_cancelled_is_not_submitted_again()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says("squeue", "17|N/A|CANCELLED|None\n17|0|COMPLETED|None\n");
        var error = Assert.Throws<ConvNetException>(() => _slurm.Later(pool, 4));
        Assert.Equal(("SlurmCancelled", "17"), (error.ErrorId, error.Target));
    }

    [Fact]
    public void How_tasks_ended_is_asked_of_sacct_where_squeue_has_forgotten()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says("squeue", "", "slurm_load_jobs error: Invalid job id specified", 1);
        _slurm.Says(
            "sacct",
            "17_0|COMPLETED|0:0\n17_1|OUT_OF_MEMORY|0:125\n17_2.batch|FAILED|1:0\n17_[3-4%2]|CANCELLED by 0|0:0\n"
        );
        Assert.Equal("SlurmCancelled", Assert.Throws<ConvNetException>(() => _slurm.Later(pool, 4)).ErrorId);
        Assert.Contains("Slurm job 17: 1 COMPLETED, 1 OUT_OF_MEMORY, 2 CANCELLED.", pool.Notes);
    }

    [Fact]
    public void A_cluster_without_accounts_is_gone_by_squeue_and_says_so()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says("squeue", "", "slurm_load_jobs error: Invalid job id specified", 1);
        _slurm.Later(pool, 2);
        Assert.Contains("sacct doesn't answer", Assert.Single(pool.Notes), StringComparison.Ordinal);
        Assert.Equal(["--array=0-4", "--array=0-1"], Arrays);
    }

    [Fact]
    public void A_controller_that_is_silent_for_a_while_changes_nothing_and_for_long_is_an_error()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says("squeue", "", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)", 1);
        for (var i = 0; i < 30; i++)
            _slurm.Later(pool, 5);
        Assert.Single(Arrays);
        Assert.True(pool.IsAlive);
        Assert.Equal("SlurmUnreachable", Assert.Throws<ConvNetException>(() => _slurm.Later(pool, 5, 600)).ErrorId);
    }

    [Fact]
    public void What_sbatch_says_is_in_the_error()
    {
        _slurm.Says(
            "sbatch",
            "",
            "sbatch: error: invalid partition specified: nix\nsbatch: error: Batch job submission failed: Invalid partition name specified\n",
            1
        );
        using var pool = _slurm.Pool(new SlurmEngine { Partition = "nix" });
        var error = Assert.Throws<ConvNetException>(() => pool.Tend(5));
        Assert.Equal("SlurmRefused", error.ErrorId);
        Assert.Contains("invalid partition specified: nix; sbatch: error", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_tasks_that_are_refused_leave_those_that_run_alone()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        _slurm.Says("squeue", "17|0-2|RUNNING|None\n");
        _slurm.Says("sbatch", "", "sbatch: error: AssocMaxSubmitJobLimit\n", 1);
        _slurm.Later(pool, 2);
        _slurm.Later(pool, 2, 61);
        Assert.Equal(2, Arrays.Length);
        Assert.Contains("AssocMaxSubmitJobLimit", Assert.Single(pool.Notes), StringComparison.Ordinal);
        Assert.True(pool.IsAlive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Submitted batch job 17\n")]
    [InlineData("17 18\n")]
    public void An_answer_without_a_number_is_an_error(string answer)
    {
        _slurm.Says("sbatch", answer);
        using var pool = _slurm.Pool(new SlurmEngine());
        Assert.Equal("SlurmAnswerUnknown", Assert.Throws<ConvNetException>(() => pool.Tend(1)).ErrorId);
    }

    [Fact]
    public void The_cluster_that_answered_is_asked_ever_after()
    {
        _slurm.Says("sbatch", "site policy: be nice\n42;east\n");
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(1);
        _slurm.Says("squeue", "42|0|RUNNING|None\n");
        _slurm.Later(pool, 0);
        Assert.Contains("--clusters=east", Assert.Single(_slurm.Calls("squeue")));
        Assert.Contains("--jobs=42", Assert.Single(_slurm.Calls("squeue")));
    }

    [Fact]
    public void Without_Slurm_there_is_an_error_of_its_own()
    {
        using var none = new FakeSlurm("sbatch", "scontrol");
        using var pool = none.Pool(new SlurmEngine());
        Assert.Equal("SlurmNotFound", Assert.Throws<ConvNetException>(() => pool.Tend(1)).ErrorId);
    }

    [Fact]
    public void A_stop_takes_what_waits_out_and_tells_what_runs()
    {
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        pool.RequestStop();
        Assert.Equal(
            [
                ["--state=PENDING", "17"],
                ["--batch", "--signal=TERM", "17"],
            ],
            _slurm.Calls("scancel")
        );
        _slurm.Says("squeue", "17|0|RUNNING|None\n");
        Assert.True(pool.IsAlive);
        // Two seconds later a task runs that was just starting; after a while it is told once more.
        _slurm.Time.Pass(TimeSpan.FromSeconds(16));
        Assert.True(pool.IsAlive);
        Assert.Equal(3, _slurm.Calls("scancel").Count);
        _slurm.Says("squeue", "17|0|FAILED|NonZeroExitCode\n");
        _slurm.Time.Pass(TimeSpan.FromSeconds(2));
        Assert.False(pool.IsAlive);
        pool.Tend(5);
        Assert.Single(Arrays);
    }

    [Fact]
    public void Who_is_done_with_a_pool_leaves_nothing_running()
    {
        using (var pool = _slurm.Pool(new SlurmEngine()))
            pool.Tend(5);
        Assert.Equal(
            [
                ["--state=PENDING", "17"],
                ["--batch", "--signal=KILL", "17"],
                ["17"],
            ],
            _slurm.Calls("scancel")
        );
    }

    [Fact]
    public void Arrays_of_a_sweep_that_broke_off_are_gone_on_with()
    {
        using var broken = _slurm.Pool(new SlurmEngine());
        broken.Tend(5);
        _slurm.Says("squeue", "17|1-4|PENDING|Resources\n17|0|RUNNING|None\n");
        using var pool = _slurm.Pool(new SlurmEngine());
        pool.Tend(5);
        Assert.Single(Arrays);
        Assert.Equal("Slurm job 17: 1 running, 4 waiting (Resources)", pool.Place);
        // That it was cancelled is no news of this run.
        _slurm.Says("squeue", "17|N/A|CANCELLED|None\n");
        _slurm.Later(pool, 2);
        Assert.Equal(["--array=0-4", "--array=0-1"], Arrays);
    }

    [Fact]
    public void Any_path_is_one_word_of_the_script()
    {
        const string nasty = "/a b/$HOME/`id`/it's/\"q\"/%A\\x/\n*";
        var command = new WorkerCommand("/bin/echo", [nasty, "-n"]);
        var text = PSConvNet.Sweeps.SlurmScript.Text("/tmp", command);
        // Bash itself is the judge; the line that opens the log is left out.
        var lines = text.Split('\n', 4);
        Assert.StartsWith("exec >>'/tmp/'", lines[2], StringComparison.Ordinal);
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["-c", lines[3]]) { RedirectStandardOutput = true }
        )!;
        Assert.Equal($"{nasty} -n\n", bash.StandardOutput.ReadToEnd());
        bash.WaitForExit();
    }
}
