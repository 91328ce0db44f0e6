using System.Reflection;
using NetMQ;

namespace PSConvNet.Notebook;

/// <summary>
/// Bounds the memory that parts of messages take before anything is known of their sender. NetMQ keeps the parts of a message until its last one
/// has come, counts none of them, and takes memory for each from here, on the thread that serves all connections.
/// </summary>
/// <remarks>
/// Once the limit is reached no more memory is given out: the bytes of further parts go to one buffer that nobody reads, slowly, until
/// <see cref="ConnectionLimit"/> has closed the connections. What a connection held that ended in the middle of a part is never given back, so that
/// the limit can be reached by many of those, too; closing all connections is the remedy for both.
/// </remarks>
internal sealed class IncomingMemory
{
    /// <summary>The most bytes of all parts that weren't read yet.</summary>
    public const long MostBytes = 4L * KernelSockets.MostBytes;

    /// <summary>The most parts that weren't read yet.</summary>
    public const int MostParts = 100_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private readonly object _lock = new();
    private byte[] _spare = [];
    private long _bytes;
    private int _parts;
    private int _overruns;
    private bool _isOver;

    /// <summary>How often the limit has been reached.</summary>
    public int Overruns => Volatile.Read(ref _overruns);

    /// <summary>The most bytes that were ever given out at the same time, the spare buffer included.</summary>
    public long Peak { get; private set; }

    /// <summary>Has NetMQ take its memory from here, for all sockets of the process.</summary>
    public void Register()
    {
        var pool = DispatchProxy.Create<IBufferPool, Pool>();
        ((Pool)(object)pool).Memory = this;
        BufferPool.SetCustomBufferPool(pool);
    }

    /// <summary>Memory for a part that has been announced.</summary>
    public byte[] Take(int size)
    {
        lock (_lock)
        {
            if (!_isOver && _bytes + size <= MostBytes && _parts < MostParts)
            {
                _bytes += size;
                _parts++;
                Peak = Math.Max(Peak, _bytes + _spare.Length);
                return new byte[size];
            }
            if (!_isOver)
            {
                _isOver = true;
                Volatile.Write(ref _overruns, _overruns + 1);
            }
            if (_spare.Length < size)
            {
                _spare = new byte[size];
                Peak = Math.Max(Peak, _bytes + _spare.Length);
            }
        }
        // Even a part without bytes has a place in NetMQ's list of parts.
        Thread.Sleep(s_pause);
        return _spare;
    }

    /// <summary>Takes back the memory of a part that has been read.</summary>
    public void Return(byte[] buffer)
    {
        lock (_lock)
        {
            if (ReferenceEquals(buffer, _spare))
                return;
            _bytes = Math.Max(0, _bytes - buffer.Length);
            _parts = Math.Max(0, _parts - 1);
        }
    }

    /// <summary>Counts anew, when the connections whose parts were counted are closed.</summary>
    public void Forget()
    {
        lock (_lock)
            (_bytes, _parts, _isOver) = (0, 0, false);
    }

    /// <summary>NetMQ's view of it. A type that names the interface itself would have NetMQ loaded when the module is imported.</summary>
    private class Pool : DispatchProxy
    {
        public IncomingMemory Memory { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod?.Name == nameof(IBufferPool.Take))
                return Memory.Take((int)args![0]!);
            if (targetMethod?.Name == nameof(IBufferPool.Return))
                Memory.Return((byte[])args![0]!);
            return null;
        }
    }
}
