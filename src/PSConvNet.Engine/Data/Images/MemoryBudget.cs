namespace PSConvNet.Data;

/// <summary>Memory that several threads share: a thread that would exceed it waits until others return theirs.</summary>
/// <param name="total">The budget in bytes. A request for more than that is granted once no other thread holds any.</param>
internal sealed class MemoryBudget(long total)
{
    private readonly object _gate = new();
    private long _used;

    /// <summary>The most that was in use at a time.</summary>
    public long Peak { get; private set; }

    /// <summary>Takes some; disposing the result gives it back.</summary>
    public Lease Take(long bytes)
    {
        lock (_gate)
        {
            while (_used > 0 && _used + bytes > total)
                Monitor.Wait(_gate);
            _used += bytes;
            Peak = Math.Max(Peak, _used);
        }
        return new Lease(this, bytes);
    }

    private void Return(long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Memory that was taken.</summary>
    public readonly struct Lease(MemoryBudget budget, long bytes) : IDisposable
    {
        public void Dispose() => budget.Return(bytes);
    }
}
