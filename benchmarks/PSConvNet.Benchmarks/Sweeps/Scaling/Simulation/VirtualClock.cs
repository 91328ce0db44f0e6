namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>Time that passes when all that was to happen by then has happened.</summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<Action, (long When, long Order)> _events = new();
    private long _order;

    /// <summary>Ticks since the simulation began.</summary>
    public long Now { get; private set; }

    /// <summary>Seconds since the simulation began.</summary>
    public double Seconds => (double)Now / TimeSpan.TicksPerSecond;

    /// <summary>Has something happen after a while.</summary>
    public void After(TimeSpan delay, Action action) =>
        _events.Enqueue(action, (Now + Math.Max(0, delay.Ticks), _order++));

    /// <summary>Lets time pass until something holds or nothing is to happen any more.</summary>
    public void RunUntil(Func<bool> holds)
    {
        while (!holds() && _events.TryDequeue(out var action, out var key))
        {
            Now = Math.Max(Now, key.When);
            action();
        }
    }

    /// <summary>Lets so much time pass; whoever calls it from within an event is stuck in the middle of what it does.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Now + time.Ticks;
        RunUntil(() => !_events.TryPeek(out _, out var key) || key.When > end);
        Now = Math.Max(Now, end);
    }
}
