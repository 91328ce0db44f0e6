using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps;

public sealed class ClaimTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeTimeProvider _time = new();
    private readonly WorkerHost _host;
    private readonly StudyFolder _folder;

    public ClaimTests()
    {
        _host = WorkerHost.This with { Time = _time };
        _folder = new StudyFolder(_temporary.Path) { Host = _host };
        Directory.CreateDirectory(_folder.Claims);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Of_many_that_want_a_turn_one_gets_it()
    {
        for (var number = 0; number < 20; number++)
        {
            var id = new TrialId(number);
            using var start = new Barrier(16);
            var claims = new TrialClaim?[16];
            Parallel.For(
                0,
                16,
                new ParallelOptions { MaxDegreeOfParallelism = 16 },
                i =>
                {
                    // Threads of the pool come slowly; who is late finds the turn taken.
                    start.SignalAndWait(50);
                    claims[i] = TrialClaim.TryTake(_folder, id, 1);
                }
            );
            Assert.Single(claims, claim => claim is not null);
            foreach (var claim in claims)
                claim?.Dispose();
        }
    }

    [Fact]
    public void A_turn_is_lost_when_another_one_takes_the_next()
    {
        Directory.CreateDirectory(_folder.Trials);
        var files = new TrialFiles(_folder, isPrunedOver: true);
        var trial = new SweepTrial
        {
            Id = new TrialId(3),
            State = TrialState.Running,
            Parameters = SweepPoint.Empty,
            Seed = 1,
            PlannedEpochs = 2,
            StartedAt = DateTimeOffset.Now,
        };
        using var first = TrialClaim.TryTake(_folder, trial.Id, 1)!;
        files.Write(trial);
        using var second = TrialClaim.TryTake(_folder, trial.Id, 2)!;
        Assert.Throws<ClaimLostException>(() => files.Write(trial));
        files.Write(trial with { Turn = 2 });
    }

    [Fact]
    public void Who_is_here_is_alive_until_it_lets_go()
    {
        using var claim = TrialClaim.TryTake(_folder, new TrialId(0), 1)!;
        var path = ClaimFile.PathOf(_folder, claim.Id, 1);
        Assert.True(new WorkerLife().IsAlive(path, out _));
        claim.Leave();
        Assert.False(new WorkerLife().IsAlive(path, out _));
    }

    [Fact]
    public void A_process_of_this_machine_that_is_gone_is_known_to_be_at_once()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        var path = Write(WorkerLife.Here, process.Id, DateTime.Now.Ticks, beat: 1);
        Assert.False(new WorkerLife().IsAlive(path, out _));
    }

    [Fact]
    public void A_number_that_another_process_has_by_now_does_not_keep_a_dead_one_alive()
    {
        var anHourAgo = DateTime.Now.AddHours(-1).Ticks;
        var path = Write(WorkerLife.Here, Environment.ProcessId, anHourAgo, beat: 1);
        Assert.False(new WorkerLife().IsAlive(path, out _));
    }

    [Fact]
    public void Of_another_machine_beats_count_and_clocks_do_not()
    {
        var life = new WorkerLife(host: _host);
        // Written a year ago or in a year, by that machine's clock: nothing is made of it.
        var path = Write("elsewhere", 1, 1, beat: 1);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddYears(1));
        Assert.True(life.IsAlive(path, out _));
        _time.Advance(WorkerLife.Patience);
        Write("elsewhere", 1, 1, beat: 2);
        Assert.True(life.IsAlive(path, out _));
        _time.Advance(WorkerLife.Patience);
        Assert.False(life.IsAlive(path, out _));
    }

    [Fact]
    public void Who_died_between_name_and_contents_is_found_out_in_time()
    {
        var life = new WorkerLife(host: _host);
        var path = ClaimFile.PathOf(_folder, new TrialId(0), 1);
        File.WriteAllBytes(path, []);
        Assert.True(life.IsAlive(path, out _));
        _time.Advance(WorkerLife.Patience);
        Assert.False(life.IsAlive(path, out _));
    }

    [Fact]
    public void A_claim_beats_by_itself()
    {
        using var claim = TrialClaim.TryTake(_folder, new TrialId(0), 1)!;
        claim.Progress(0.25, 2);
        var path = ClaimFile.PathOf(_folder, claim.Id, 1);
        _time.Advance(TrialClaim.Interval);
        Assert.Equal(2, ClaimFile.Read(path)!.Beat);
        Assert.Equal((0.25, 2), (ClaimFile.Read(path)!.Completed, ClaimFile.Read(path)!.Epoch));
    }

    [Fact]
    public void A_claim_with_less_to_say_than_before_is_read_as_well()
    {
        using var claim = TrialClaim.TryTake(_folder, new TrialId(0), 1)!;
        var path = ClaimFile.PathOf(_folder, claim.Id, 1);
        claim.Progress(0.12345678901234567, 12345);
        claim.Leave();
        claim.Progress(1, 2);
        claim.Leave();
        Assert.Equal(
            (1, 2, true),
            (ClaimFile.Read(path)!.Completed, ClaimFile.Read(path)!.Epoch, ClaimFile.Read(path)!.Left)
        );
    }

    [Fact]
    public void What_is_known_of_a_worker_elsewhere_may_be_old_but_none_is_taken_for_dead_by_it()
    {
        var life = new WorkerLife(host: _host);
        var (within, path) = (TimeSpan.FromSeconds(200), Write("elsewhere", 1, 1, beat: 1));
        Assert.True(life.IsAlive(path, out _, within));
        Write("elsewhere", 1, 1, beat: 2);
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.True(life.IsAlive(path, out var content, within));
        Assert.Equal(1, content!.Beat);
        // Not seen to beat for longer than one is patient; but nobody has looked.
        _time.Advance(TimeSpan.FromSeconds(101));
        Assert.True(life.IsAlive(path, out content, within));
        Assert.Equal(2, content!.Beat);
        _time.Advance(TimeSpan.FromSeconds(99));
        Assert.True(life.IsAlive(path, out _, within));
        Assert.False(life.IsAlive(path, out _));
    }

    [Fact]
    public void Of_this_machine_nothing_is_known_that_is_not_so_now()
    {
        using var claim = TrialClaim.TryTake(_folder, new TrialId(0), 1)!;
        var (life, path) = (new WorkerLife(), ClaimFile.PathOf(_folder, claim.Id, 1));
        Assert.True(life.IsAlive(path, out _, within: TimeSpan.FromDays(1)));
        claim.Leave();
        Assert.False(life.IsAlive(path, out _, within: TimeSpan.FromDays(1)));
    }

    private string Write(string machine, int process, long start, long beat)
    {
        var path = ClaimFile.PathOf(_folder, new TrialId(0), 1);
        var content = new ClaimContent(machine, process, start, beat, 0, 0, Left: false);
        File.WriteAllText(path, JsonSerializer.Serialize(content, FileJson.Lenient));
        return path;
    }

    [Theory]
    [InlineData("{\"pid\":1e400}")]
    [InlineData("{\"machine\":\"elsewhere\",\"process\":1e400,\"beat\":1}")]
    [InlineData("{\"machine\":\"elsewhere\",\"process\":1,\"beat\":1,\"completed\":1e400}")]
    [InlineData("{\"machine\":\"elsewhere\",\"process\":1,\"beat\":1,\"completed\":2}")]
    [InlineData("{\"machine\":\"elsewhere\",\"process\":1,\"beat\":1,\"completed\":-0.5}")]
    [InlineData("{\"machine\":null,\"process\":1,\"beat\":1}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("x")]
    [InlineData("{\"machine\":x")]
    public void What_no_worker_writes_is_not_waited_for(string text)
    {
        var path = ClaimFile.PathOf(_folder, new TrialId(0), 1);
        File.WriteAllText(path, text);

        Assert.False(new WorkerLife(host: _host).IsAlive(path, out var content));
        Assert.Null(content);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_claim_is_not_waited_for()
    {
        var path = ClaimFile.PathOf(_folder, new TrialId(0), 1);
        Directory.CreateDirectory(path);

        Assert.False(new WorkerLife(host: _host).IsAlive(path, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"machine\":\"else")]
    [InlineData("{\"machine\":\"elsewhere\",\"process\":")]
    public void What_may_be_the_beginning_of_a_claim_is_given_time(string text)
    {
        var (life, path) = (new WorkerLife(host: _host), ClaimFile.PathOf(_folder, new TrialId(0), 1));
        File.WriteAllText(path, text);

        Assert.True(life.IsAlive(path, out _));
        _time.Advance(WorkerLife.Patience);
        Assert.False(life.IsAlive(path, out _));
    }

    [Fact]
    public void Who_was_seen_to_beat_is_given_time_whatever_is_read_next()
    {
        var (life, path) = (new WorkerLife(host: _host), Write("elsewhere", 1, 1, beat: 1));
        Assert.True(life.IsAlive(path, out _));
        File.WriteAllText(path, "x");

        Assert.True(life.IsAlive(path, out _));
        _time.Advance(WorkerLife.Patience);
        Assert.False(life.IsAlive(path, out _));
    }
}
