using System.Runtime.ExceptionServices;

namespace PSConvNet.Runtime;

/// <summary>
/// Work of one thread, some sections of which are divided into parts that other threads help with: one image, whose layers follow each other within
/// microseconds.
/// </summary>
/// <remarks>
/// A thread takes the next part when it is free, so that the first one never waits for a helper that hasn't been woken yet or whose core is busy: it does
/// the parts itself. Helpers spin between sections, since to sleep and to be woken takes longer than most sections.
/// </remarks>
/// <param name="parts">The number of parts of a section.</param>
internal sealed class DividedWork(int parts)
{
    private const int SectionStep = 1 << 16;

    private Action<int>? _section;

    // The number of the section times SectionStep, and the next part of it that nobody has taken. No part is left before the first section.
    private long _next = parts;
    private int _done;
    private volatile bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The number of parts of a section.</summary>
    public int Parts { get; } = parts;

    /// <summary>Has all parts of a section done, by this thread and by those that help. Only one thread may call it, one section after another.</summary>
    /// <param name="part">Does a part, given its number. Parts may be done at the same time.</param>
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

    /// <summary>Does parts as long as the work isn't at its end.</summary>
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

    /// <summary>Lets the helpers go.</summary>
    public void End() => _ended = true;

    /// <summary>Does the next part of the section; false if there is none.</summary>
    private bool TryTake()
    {
        var next = Interlocked.Read(ref _next);
        var part = (int)(next % SectionStep);
        if (part >= Parts || Interlocked.CompareExchange(ref _next, next + 1, next) != next)
            return part < Parts;
        try
        {
            // The section's: it can't end before this part is done.
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
