namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>The clock of one simulated process: its timers stop while it is paused, and for good when it dies.</summary>
internal sealed class WorkerClock(VirtualClock clock, SimulatedProcess process) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => clock.Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(clock.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(process, () => callback(state), dueTime, period);

    private sealed class Timer : ITimer
    {
        private readonly SimulatedProcess _process;
        private readonly Action _callback;
        private readonly TimeSpan _period;
        private bool _isOver;

        public Timer(SimulatedProcess process, Action callback, TimeSpan dueTime, TimeSpan period)
        {
            (_process, _callback, _period) = (process, callback, period);
            process.After(dueTime, Tick);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Tick()
        {
            if (_isOver)
                return;
            _process.After(_period, Tick);
            _callback();
        }
    }
}
