using System.Runtime.ExceptionServices;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>
/// One thread per core, on each of which libtorch uses that thread only. All workers run the same function and meet at barriers.
/// </summary>
/// <remarks>
/// On small networks two workers of one thread each are much faster than libtorch's own threads, which are woken and joined at every
/// operator. A dispose scope belongs to one thread, so each worker opens its own.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _start;
    private readonly CountdownEvent _done = new(1);
    private readonly double[][][] _gathered;
    private readonly int[] _turns;
    private Barrier _barrier = new(1);
    private CancellationTokenSource _fault = new();
    private ExceptionDispatchInfo? _failure;
    private Action<int>? _work;
    private bool _helpersMayRun;
    private volatile bool _stopping;

    public WorkerTeam(int size)
    {
        Size = size;
        _gathered = [new double[size][], new double[size][]];
        _turns = new int[size];
        _start = [.. Enumerable.Range(0, size).Select(_ => new SemaphoreSlim(0))];
        // A single worker runs on the caller's thread.
        _threads = size == 1 ? [] : [.. Enumerable.Range(0, size).Select(Start)];
    }

    /// <summary>How many workers there are.</summary>
    public int Size { get; }

    /// <summary>Runs the work on the first <paramref name="active"/> workers and returns when all have ended.</summary>
    /// <param name="active">1 to <see cref="Size"/>; they are the ones that <see cref="Meet"/> waits for.</param>
    /// <param name="work">The function, which is given the worker's number. An exception stops all workers and is thrown here.</param>
    public void Run(int active, Action<int> work)
    {
        WaitForHelpers();
        // Workers that an error stopped, or that took no part, have made fewer turns.
        Array.Clear(_turns);
        if (_barrier.ParticipantCount != active)
        {
            _barrier.Dispose();
            _barrier = new Barrier(active);
        }
        if (active == 1)
        {
            RunHere(work);
            return;
        }
        _work = work;
        _done.Reset(active);
        for (var i = 0; i < active; i++)
            _start[i].Release();
        _done.Wait();
        if (_failure is not { } failure)
            return;
        _failure = null;
        _fault.Dispose();
        _fault = new CancellationTokenSource();
        _barrier.Dispose();
        _barrier = new Barrier(active);
        failure.Throw();
    }

    /// <summary>Runs the work of a single worker on the caller's thread; the others help with the sections that it divides.</summary>
    /// <param name="work">The function.</param>
    public void RunHelped(Action<DividedWork> work)
    {
        WaitForHelpers();
        var divided = new DividedWork(Size);
        if (Size > 1)
        {
            _work = _ => divided.Help();
            _helpersMayRun = true;
            _done.Reset(Size - 1);
            for (var i = 1; i < Size; i++)
                _start[i].Release();
        }
        try
        {
            RunHere(_ => work(divided));
        }
        finally
        {
            divided.End();
        }
    }

    /// <summary>Waits until every active worker has called it.</summary>
    public void Meet() => _barrier.SignalAndWait(_fault.Token);

    /// <summary>Waits until every active worker has called it, and gives each of them the values of all, in the workers' order.</summary>
    /// <param name="worker">The worker that calls.</param>
    /// <param name="values">Its values; not changed by anyone afterwards.</param>
    public double[][] Gather(int worker, double[] values)
    {
        var workers = _barrier.ParticipantCount;
        if (workers == 1)
            return [values];
        // In turns: a fast worker is in the next call at most while a slow one still reads what this one gathered.
        var turn = _turns[worker]++ % 2;
        _gathered[turn][worker] = values;
        Meet();
        return _gathered[turn][..workers];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping = true;
        foreach (var start in _start)
            start.Release();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var start in _start)
            start.Dispose();
        _done.Dispose();
        _barrier.Dispose();
        _fault.Dispose();
    }

    /// <summary>Helpers aren't waited for when their work ends: one that wasn't woken in time needn't be.</summary>
    private void WaitForHelpers()
    {
        if (_helpersMayRun)
            _done.Wait();
        _helpersMayRun = false;
    }

    /// <summary>Runs a single worker on the caller's thread: waking another thread takes longer than a small network takes for an image.</summary>
    private static void RunHere(Action<int> work)
    {
        ThreadState.Enter();
        using var inference = torch.inference_mode(false);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        work(0);
    }

    private Thread Start(int worker)
    {
        var thread = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"PSConvNet worker {worker + 1}" };
        thread.Start();
        return thread;
    }

    private void Loop(int worker)
    {
        using var noGradient = torch.no_grad();
        while (true)
        {
            _start[worker].Wait();
            if (_stopping)
                return;
            try
            {
                ThreadState.Enter();
                using var scope = torch.NewDisposeScope();
                _work!(worker);
            }
            catch (OperationCanceledException) when (_fault.IsCancellationRequested)
            {
                // Another worker failed first; its error is the one to report.
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                _fault.Cancel();
            }
            finally
            {
                _done.Signal();
            }
        }
    }
}
