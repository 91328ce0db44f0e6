namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>What ends a simulated process, in the middle of what it was about to do.</summary>
internal sealed class ProcessDiedException() : Exception("The simulated process has died.");

/// <summary>What may befall a process.</summary>
/// <param name="At">The operation before which it does, the next one of that kind.</param>
/// <param name="Pause">How long it stands still; null where it dies.</param>
internal sealed record ProcessFault(DiskOperation At, TimeSpan? Pause);

/// <summary>A process of a machine of its own, that may stand still or die before any operation on the disk.</summary>
internal sealed class SimulatedProcess
{
    private readonly VirtualClock _clock;
    private readonly List<Action> _whileStuck = [];
    private bool _isStuck;

    public SimulatedProcess(VirtualClock clock, int number, DiskCounts counts, TimeSpan staleness)
    {
        (_clock, Number) = (clock, number);
        Disk = new SimulatedDisk(this, clock, counts, staleness);
        Host = new WorkerHost(FormattableString.Invariant($"node{number}"), 1 + number, 1 + number)
        {
            Time = new WorkerClock(clock, this),
            Disk = Disk,
        };
    }

    public int Number { get; }

    public SimulatedDisk Disk { get; }

    public WorkerHost Host { get; }

    public bool IsDead { get; private set; }

    /// <summary>What it died of where that was its own doing.</summary>
    public Exception? Error { get; private set; }

    /// <summary>What befalls it next.</summary>
    public ProcessFault? Fault { get; set; }

    /// <summary>Is told when it died.</summary>
    public Action? Died { get; set; }

    /// <summary>Does something after a while, if it is there then and not standing still.</summary>
    public void After(TimeSpan delay, Action action) => _clock.After(delay, () => Wake(action));

    /// <summary>Called before each operation on the disk.</summary>
    public void Before(DiskOperation operation)
    {
        if (IsDead)
            throw new ProcessDiedException();
        if (Fault is not { } fault || fault.At != operation)
            return;
        Fault = null;
        if (fault.Pause is { } pause)
        {
            _isStuck = true;
            _clock.Pass(pause);
            _isStuck = false;
            _whileStuck.ForEach(action => After(TimeSpan.Zero, action));
            _whileStuck.Clear();
            return;
        }
        Die();
        throw new ProcessDiedException();
    }

    private void Die()
    {
        IsDead = true;
        Disk.CloseAll();
        Died?.Invoke();
    }

    private void Wake(Action action)
    {
        if (IsDead)
            return;
        if (_isStuck)
        {
            _whileStuck.Add(action);
            return;
        }
        try
        {
            action();
        }
        catch (Exception e)
        {
            // Caught here in any case: other processes may stand still in the middle of something, further up the stack.
            if (IsDead)
                return;
            Error = e;
            Die();
        }
    }
}
