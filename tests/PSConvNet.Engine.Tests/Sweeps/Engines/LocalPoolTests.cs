namespace PSConvNet.Tests.Sweeps;

public class LocalPoolTests
{
    [SkippableFact]
    public void Workers_that_end_with_an_error_again_and_again_end_the_sweep_with_the_reason_though_what_is_open_changes()
    {
        using var pool = Pool("echo No space left on device >&2; exit 1");

        var error = Assert.Throws<ConvNetException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                Tend(pool, open: 2 + (i % 2), progress: 7);
        });

        Assert.Equal("SweepWorkerFailed", error.ErrorId);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(
        "echo one; printf '\\033[31;1mNo space left.\\033[0m\\n   at A.B()\\n   at C.D()\\n' >&2; exit 1",
        "No space left"
    )]
    [InlineData("echo $NO_COLOR; exit 1", "1")]
    [InlineData("exit 1", "nothing")]
    public void What_the_last_one_said_is_one_line_without_colours(string script, string said)
    {
        using var pool = Pool(script);

        var error = Assert.Throws<ConvNetException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                Tend(pool, open: 2, progress: 7);
        });

        Assert.Equal(
            $"3 workers in a row ended with an error (exit code 1) and completed nothing. The last one said: {said}.",
            error.Message
        );
    }

    [SkippableFact]
    public void While_anything_gets_done_workers_that_end_with_an_error_are_replaced()
    {
        using var pool = Pool("exit 1");

        for (var i = 0; i < 20; i++)
            Tend(pool, open: 3, progress: i);
    }

    private static LocalPool Pool(string script)
    {
        Skip.If(OperatingSystem.IsWindows(), "there is no sh to take a worker's place");
        return new LocalPool(new WorkerCommand("/bin/sh", ["-c", script, "worker"]), 1);
    }

    /// <summary>Tends the pool once its workers have ended.</summary>
    private static void Tend(LocalPool pool, int open, long progress)
    {
        pool.Tend(open, progress);
        Assert.True(SpinWait.SpinUntil(() => !pool.IsAlive, TimeSpan.FromSeconds(30)));
    }
}
