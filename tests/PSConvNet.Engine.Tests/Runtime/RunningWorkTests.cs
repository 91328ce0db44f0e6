using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;

namespace PSConvNet.Tests.Runtime;

/// <summary>What a SIGTERM does to a process with long work in it, without signals and without a clock.</summary>
public sealed class RunningWorkTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Process _process = new();
    private readonly RunningWork _work;

    public RunningWorkTests() => _work = new RunningWork(_process, _time);

    [Fact]
    public void The_process_listens_only_while_there_is_work()
    {
        Assert.Empty(_process.Listeners);
        var first = _work.Enter(() => { });
        var second = _work.Enter(() => { });
        Assert.Single(_process.Listeners);
        first.Dispose();
        Assert.Single(_process.Listeners);
        second.Dispose();
        second.Dispose();
        Assert.Empty(_process.Listeners);
    }

    [Fact]
    public void All_work_is_stopped_once_and_the_process_is_left_time_to_end_by_itself()
    {
        var stops = new int[2];
        var first = _work.Enter(() => stops[0]++);
        var second = _work.Enter(() => stops[1]++);

        Assert.True(_process.Terminate());
        Assert.True(_process.Terminate());

        Assert.Equal([1, 1], stops);
        first.Dispose();
        _time.Advance(RunningWork.Patience / 2);
        second.Dispose();
        Assert.Empty(_process.Listeners);
        _time.Advance(RunningWork.Grace - TimeSpan.FromSeconds(1));
        Assert.Null(_process.Ended);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(143, _process.Ended);
    }

    [Fact]
    public void A_stop_from_elsewhere_stops_all_work_and_leaves_the_process_alone()
    {
        Assert.False(_work.StopAll());
        var stops = 0;
        using (_work.Enter(() => stops++))
        using (_work.Enter(() => stops++))
            Assert.True(_work.StopAll());

        _work.WaitForAll();
        Assert.Equal(2, stops);
        _time.Advance(RunningWork.Patience + RunningWork.Grace);
        Assert.Null(_process.Ended);
        using (_work.Enter(() => stops++))
            Assert.Equal(2, stops);
    }

    [Fact]
    public void Work_that_never_ends_is_ended_with_the_process()
    {
        using var stuck = _work.Enter(() => { });
        _process.Terminate();
        _time.Advance(RunningWork.Patience - TimeSpan.FromSeconds(1));
        Assert.Null(_process.Ended);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(143, _process.Ended);
    }

    [Fact]
    public void Work_that_is_begun_later_is_stopped_at_once_and_gains_no_time()
    {
        using (_work.Enter(() => { }))
            _process.Terminate();
        _time.Advance(RunningWork.Grace - TimeSpan.FromSeconds(1));
        var stopped = false;

        using (_work.Enter(() => stopped = true))
            Assert.True(stopped);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(143, _process.Ended);
    }

    [Fact]
    public async Task A_process_that_ends_waits_for_what_is_still_being_written_and_returns_143()
    {
        var writing = _work.Enter(() => { });
        _process.Terminate();
        var exit = Task.Run(_process.RunExit);
        // It may not have begun to wait yet; it must not have ended in any case.
        Assert.Null(_process.ExitCode);
        writing.Dispose();
        await exit;
        Assert.Equal(143, _process.ExitCode);
    }

    [Fact]
    public void A_process_that_ends_does_not_wait_beyond_the_patience()
    {
        using var stuck = _work.Enter(() => { });
        _process.Terminate();
        _time.Advance(RunningWork.Patience);
        _process.RunExit();
        Assert.Equal(143, _process.ExitCode);
    }

    [Fact]
    public void Work_that_sees_to_the_end_of_the_process_is_told_and_nothing_else_is_done()
    {
        var stops = 0;
        var kernel = _work.Enter(() => stops++, endsProcess: true);
        using (_work.Enter(() => stops++))
            Assert.True(_process.Terminate());
        kernel.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, stops);
        Assert.Null(_process.Ended);
        Assert.Empty(_process.Exits);
    }

    [Fact]
    public void A_signal_that_comes_when_the_last_work_has_just_ended_does_what_it_does_by_default()
    {
        Func<bool> terminate;
        using (_work.Enter(() => { }))
            terminate = _process.Listeners.Single().Handler;
        Assert.False(terminate());
        Assert.Empty(_process.Exits);
    }

    [Fact]
    public async Task Where_the_system_ends_the_process_after_the_handler_the_handler_waits_for_the_work()
    {
        _process.DiesAfterTerminate = true;
        RunningWork.Entry? entry = null;
        Task? ending = null;
        var ended = false;
        entry = _work.Enter(() =>
            ending = Task.Run(() =>
            {
                ended = true;
                entry!.Dispose();
            })
        );
        Assert.True(_process.Terminate());
        Assert.True(ended);
        await ending!;
    }

    [Fact]
    public void Work_that_runs_at_the_same_time_has_different_numbers_and_the_first_free_one()
    {
        var first = _work.Enter(() => { });
        using var second = _work.Enter(() => { });
        Assert.Equal([0, 1], [first.Number, second.Number]);
        first.Dispose();
        using var third = _work.Enter(() => { });
        Assert.Equal(0, third.Number);
    }

    [Fact]
    public void The_first_interrupt_is_left_to_the_host_and_those_that_follow_are_acted_on()
    {
        var acts = 0;
        using (_process.OnSecondInterrupt(() => acts++))
        {
            var (signal, handler) = _process.Listeners.Single();
            Assert.Equal(PosixSignal.SIGINT, signal);
            Assert.False(handler());
            Assert.Equal(0, acts);
            Assert.True(handler());
            Assert.True(handler());
        }
        Assert.Equal(2, acts);
        Assert.Empty(_process.Listeners);
    }

    /// <summary>A process in which nothing happens by itself.</summary>
    private sealed class Process : ProcessSignals
    {
        public List<(PosixSignal Signal, Func<bool> Handler)> Listeners { get; } = [];

        public List<(Action Act, int Code)> Exits { get; } = [];

        public int? Ended { get; private set; }

        public int? ExitCode { get; private set; }

        public bool DiesAfterTerminate { get; set; }

        internal override bool EndsAfterTerminate => DiesAfterTerminate;

        public override IDisposable Listen(PosixSignal signal, Func<bool> handler)
        {
            var listener = (signal, handler);
            Listeners.Add(listener);
            return new Registration(() => Listeners.Remove(listener));
        }

        public bool Terminate() => Listeners.Single(one => one.Signal == PosixSignal.SIGTERM).Handler();

        public void RunExit()
        {
            foreach (var (act, code) in Exits)
            {
                act();
                ExitCode = code;
            }
        }

        internal override void AtExit(Action act, int code) => Exits.Add((act, code));

        internal override void Exit(int code) => Ended = code;
    }

    private sealed class Registration(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
