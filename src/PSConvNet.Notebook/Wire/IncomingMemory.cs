using System.Reflection;
using NetMQ;

namespace PSConvNet.Notebook;

/// <summary>
/// Bounds the memory that parts of messages take before anything is known of their sender. NetMQ keeps the parts of a message until its last one
/// has come, counts none of them, and takes memory for each from here, on the thread that serves all connections.
/// </summary>
/// <remarks>
/// Once the limit is reached no more memory is given out, and each connection that wants some isn't read from any more until
/// <see cref="ConnectionLimit"/> has closed it. NetMQ's thread mustn't be held up meanwhile: it also has to do the closing, and hundreds of connections
/// with thousands of parts each would have it wait for minutes. What a connection held that ended in the middle of a part is never given back, so
/// that the limit can be reached by many of those, too; closing all connections is the remedy for both.
/// </remarks>
internal sealed class IncomingMemory
{
    /// <summary>The most bytes of all parts that weren't read yet.</summary>
    public const long MostBytes = 4L * KernelSockets.MostBytes;

    /// <summary>The most parts that weren't read yet.</summary>
    public const int MostParts = 100_000;

    private readonly object _lock = new();
    private long _bytes;
    private int _parts;
    private int _overruns;
    private bool _isOver;

    /// <summary>How often the limit has been reached.</summary>
    public int Overruns => Volatile.Read(ref _overruns);

    /// <summary>The most bytes that were ever given out at the same time.</summary>
    public long Peak { get; private set; }

    /// <summary>Has NetMQ take its memory from here, for all sockets of the process.</summary>
    public void Register()
    {
        var pool = DispatchProxy.Create<IBufferPool, Pool>();
        ((Pool)(object)pool).Memory = this;
        BufferPool.SetCustomBufferPool(pool);
    }

    /// <summary>Memory for a part that has been announced.</summary>
    /// <exception cref="TerminatingException">There is no more, and it is NetMQ's thread that asks.</exception>
    public byte[] Take(int size)
    {
        lock (_lock)
        {
            if (!_isOver && _bytes + size <= MostBytes && _parts < MostParts)
            {
                _bytes += size;
                _parts++;
                Peak = Math.Max(Peak, _bytes);
                return new byte[size];
            }
            if (!_isOver)
            {
                _isOver = true;
                Volatile.Write(ref _overruns, _overruns + 1);
            }
        }
        // A thread of ours asks for the few bytes of a subscription or of an identity, which were received already.
        if (Thread.CurrentThread.Name?.StartsWith(KernelSockets.ThreadName, StringComparison.Ordinal) == true)
            return new byte[size];
        // What NetMQ's thread takes for the end of the one thing it was doing: the loop goes on with the next connection.
        throw new TerminatingException("Messages take too much memory before they are whole.");
    }

    /// <summary>Takes back the memory of a part that has been read.</summary>
    public void Return(byte[] buffer)
    {
        lock (_lock)
        {
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
