using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Sweeps.Slurm;

public sealed class SlurmReadingTests
{
    [Theory]
    [InlineData("7", 1)]
    [InlineData("0-4", 5)]
    [InlineData("0-4%2", 5)]
    [InlineData("1,3,5-7,9%10", 6)]
    [InlineData("0-10:2", 6)]
    [InlineData("0-9:3%1", 4)]
    [InlineData("N/A", 1)]
    [InlineData("", 1)]
    [InlineData("99999999999999", 1)]
    public void Tasks_are_counted(string tasks, int count) => Assert.Equal(count, SlurmQueue.CountTasks(tasks));

    [Fact]
    public void Lines_of_any_kind_are_read_or_passed_over()
    {
        Prop.ForAll<NonNull<string>>(text =>
            {
                foreach (var line in SlurmQueue.ReadQueue(text.Get).Concat(SlurmQueue.ReadAccounts(text.Get)))
                    Assert.True(line.Tasks >= 1);
            })
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("COMPLETING", false, false)]
    [InlineData("CONFIGURING", false, false)]
    [InlineData("REQUEUED", true, false)]
    [InlineData("A_STATE_OF_NEXT_YEAR", false, false)]
    [InlineData("PREEMPTED", false, true)]
    [InlineData("TIMEOUT", false, true)]
    public void A_state_is_waiting_running_or_over(string state, bool waits, bool over)
    {
        var line = new SlurmLine("1", 1, state, "None");
        Assert.Equal((waits, over), (line.IsPending, line.IsEnded));
    }

    public static TheoryData<SlurmEngine> Impossible =>
        [
            new SlurmEngine { Memory = 0 },
            new SlurmEngine { Parallel = 0 },
            new SlurmEngine { TrialsPerTask = 0 },
            new SlurmEngine { Partition = " " },
            new SlurmEngine { Account = "a\nb" },
            new SlurmEngine { Time = TimeSpan.Zero },
            new SlurmEngine { Time = TimeSpan.FromMinutes(2) },
            new SlurmEngine { StopBefore = TimeSpan.FromSeconds(-1) },
            new SlurmEngine { StopBefore = TimeSpan.FromDays(1) },
            new SlurmEngine { SchedulerArgument = ["--array=0-3"] },
            new SlurmEngine { SchedulerArgument = ["--arr=0-3"] },
            new SlurmEngine { SchedulerArgument = ["-a0-3"] },
            new SlurmEngine { SchedulerArgument = ["--wrap=rm"] },
            new SlurmEngine { SchedulerArgument = ["--"] },
            new SlurmEngine { SchedulerArgument = ["script.sh"] },
            new SlurmEngine { SchedulerArgument = [""] },
        ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_meant_is_refused(SlurmEngine options) =>
        Assert.Equal("EngineOptionInvalid", Assert.Throws<ConvNetException>(options.Validate).ErrorId);

    [Theory]
    [InlineData("--qos=short")]
    [InlineData("--gres=gpu:1")]
    [InlineData("--constraint=avx512")]
    [InlineData("--exclude=n1,n2")]
    [InlineData("--nice")]
    [InlineData("--reservation=x")]
    [InlineData("--mem-per-cpu=2G")]
    public void What_else_sbatch_knows_is_let_through(string argument)
    {
        var options = new SlurmEngine { SchedulerArgument = [argument] };
        options.Validate();
        Assert.Equal(argument, options.Arguments(1).Last());
    }
}
