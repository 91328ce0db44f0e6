using System.Runtime.ExceptionServices;

namespace PSConvNet.Runtime;

/// <summary>
/// The work of one thread, with sections that are divided into parts for other threads to help with. It serves single images, whose layers take microseconds each.
/// </summary>
/// <remarks>
/// A thread takes the next part when it is free. The owner therefore never waits for a helper that is still asleep or whose core is busy, but runs the remaining
/// parts itself. Helpers spin between sections, because waking a thread takes longer than most sections.
/// </remarks>
/// <param name="parts">The number of parts of a section.</param>
internal sealed class DividedWork(int parts)
{
    private const int SectionStep = 1 << 16;

    private Action<int>? _section;

    // The section's number times SectionStep, plus the next free part. Before the first section no part is free.
    private long _next = parts;
    private int _done;
    private volatile bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The number of parts of a section.</summary>
    public int Parts { get; } = parts;

    /// <summary>Runs all parts of a section on this thread and its helpers, and returns when they are done. Only the owner may call it.</summary>
    /// <param name="part">Runs the part with the given number. Parts may run at the same time.</param>
    public void Divide(Action<int> part)
    {
        _section = part;
        Volatile.Write(ref _done, 0);
        // From here on helpers take parts.
        Interlocked.Exchange(ref _next, (_next / SectionStep + 1) * SectionStep);
        while (TryTake()) { }
        for (var wait = default(SpinWait); Volatile.Read(ref _done) < Parts; )
            wait.SpinOnce(sleep1Threshold: -1);
        Interlocked.Exchange(ref _failure, null)?.Throw();
    }

    /// <summary>Runs parts until <see cref="End"/> is called.</summary>
    public void Help()
    {
        for (var wait = default(SpinWait); !_ended; )
        {
            if (TryTake())
                wait.Reset();
            else
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Dismisses the helpers.</summary>
    public void End() => _ended = true;

    /// <summary>Tries to run the next part of the section; false if none is free.</summary>
    private bool TryTake()
    {
        var next = Interlocked.Read(ref _next);
        var part = (int)(next % SectionStep);
        if (part >= Parts || Interlocked.CompareExchange(ref _next, next + 1, next) != next)
            return part < Parts;
        try
        {
            // Still this section's function: the section can't end before this part is done.
            _section!(part);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
        Interlocked.Increment(ref _done);
        return true;
    }
}
