namespace PSConvNet.Tests.Runtime;

/// <summary>What workers exchange while they run.</summary>
public class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_worker_gets_the_values_of_all_in_their_order_however_often(int size)
    {
        using var team = new WorkerTeam(size);
        for (var run = 0; run < 5; run++)
        {
            team.Run(
                size,
                worker =>
                {
                    for (var turn = 0; turn < 200; turn++)
                    {
                        // Now one is late, now another.
                        if ((turn + worker) % size == 0)
                            Thread.Yield();
                        var all = team.Gather(worker, [worker, turn]);
                        Assert.Equal(Enumerable.Range(0, size).Select(w => new double[] { w, turn }), all);
                    }
                }
            );
        }
    }

    [Fact]
    public void After_an_error_in_the_middle_the_next_run_gathers_its_own_values()
    {
        using var team = new WorkerTeam(2);
        Assert.Throws<InvalidOperationException>(() =>
            team.Run(
                2,
                worker =>
                {
                    team.Gather(worker, [1]);
                    if (worker == 1)
                        throw new InvalidOperationException();
                    team.Gather(worker, [2]);
                }
            )
        );

        team.Run(
            2,
            worker =>
                Assert.Equal(
                    [
                        [10],
                        [11],
                    ],
                    team.Gather(worker, [10 + worker])
                )
        );
    }
}
