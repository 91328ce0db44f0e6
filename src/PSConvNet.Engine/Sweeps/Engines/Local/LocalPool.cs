using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipes;
using System.Text.RegularExpressions;

namespace PSConvNet.Sweeps;

/// <summary>Worker processes on this machine. None outlives this process: each hangs on a pipe that closes with it.</summary>
internal sealed partial class LocalPool : WorkerPool
{
    /// <summary>Ends in a row, without anything getting done, after which starting more is no use.</summary>
    private const int FewestFailures = 3;

    /// <summary>The exit code of a worker that met an error of this machine and said which: a full disk, a missing library.</summary>
    private const int ErrorExit = 1;

    private readonly WorkerCommand _command;
    private readonly Worker?[] _workers;
    private int _failures;
    private int _errors;
    private int _open = -1;
    private long _progress = -1;
    private bool _stopping;

    /// <summary>Prepares to start workers.</summary>
    /// <param name="command">How one is started.</param>
    /// <param name="workers">How many, at least 1.</param>
    public LocalPool(WorkerCommand command, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        (_command, _workers) = (command, new Worker?[workers]);
    }

    /// <inheritdoc />
    public override string Place => _workers.Length == 1 ? "a process here" : $"{_workers.Length} processes here";

    /// <inheritdoc />
    public override bool IsAlive => _workers.Any(worker => worker is { HasEnded: false });

    /// <summary>The processes that run now.</summary>
    public IReadOnlyList<int> Processes =>
        _workers.OfType<Worker>().Where(worker => !worker.HasEnded).Select(worker => worker.Id).ToArray();

    /// <inheritdoc />
    /// <exception cref="ConvNetException"><c>SweepWorkerFailed</c>: one worker after another ends with an error, and nothing gets done.</exception>
    public override void Tend(int open, long progress = 0)
    {
        if (_stopping)
            return;
        if (open != _open)
            (_open, _failures) = (open, 0);
        // A worker that can't write takes a trial and lets go of it: what is open changes all the time, and nothing gets done.
        if (progress != _progress)
            (_progress, _failures, _errors) = (progress, 0, 0);
        for (var i = 0; i < _workers.Length; i++)
        {
            if (_workers[i] is { HasEnded: false })
                continue;
            if (_workers[i] is { } ended)
            {
                var failed = ended.ExitCode != 0;
                _workers[i] = null;
                using (ended)
                {
                    _failures += failed ? 1 : 0;
                    _errors += ended.ExitCode == ErrorExit ? 1 : 0;
                    if (Math.Max(_failures, _errors) >= FewestFailures * _workers.Length)
                        throw Failed(ended);
                }
            }
            // Where there is nothing to do now, a worker would only wait; when there is something again it is started.
            if (open > 0)
                _workers[i] = Start();
        }
    }

    /// <inheritdoc />
    public override void RequestStop()
    {
        _stopping = true;
        foreach (var worker in _workers)
            worker?.RequestStop();
    }

    /// <inheritdoc />
    public override void Kill()
    {
        _stopping = true;
        foreach (var worker in _workers)
            worker?.Kill();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Kill();
        foreach (var worker in _workers)
            worker?.Dispose();
    }

    private Worker Start()
    {
        try
        {
            return new Worker(_command);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new ConvNetException(
                ErrorIds.SweepWorkerFailed,
                ErrorKind.Unavailable,
                $"{_command.Program} could not be started as a worker: {e.Message:text}",
                _command.Program,
                e
            );
        }
    }

    private ConvNetException Failed(Worker worker) =>
        new(
            ErrorIds.SweepWorkerFailed,
            ErrorKind.Unavailable,
            $"{Counted.Of(Math.Max(_failures, _errors), "worker"):text} in a row ended with an error (exit code {worker.ExitCode}) and completed nothing. The last one said: {worker.LastWords:lines}.",
            _command.Program
        );

    /// <summary>One process.</summary>
    private sealed partial class Worker : IDisposable
    {
        private const int MostWords = 40;
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

        private readonly Process _process;
        private readonly AnonymousPipeServerStream _leash = new(PipeDirection.Out, HandleInheritability.Inheritable);
        private readonly ConcurrentQueue<string> _words = new();
        private readonly ConcurrentQueue<string> _errors = new();

        public Worker(WorkerCommand command)
        {
            var start = new ProcessStartInfo(
                command.Program,
                [.. command.Arguments, "-Leash", _leash.GetClientHandleAsString()]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // What it says goes into an error's message.
            start.Environment["NO_COLOR"] = "1";
            _process = new Process { StartInfo = start };
            _process.OutputDataReceived += (_, line) => Hear(_words, line.Data);
            _process.ErrorDataReceived += (_, line) => Hear(_errors, line.Data);
            try
            {
                _process.Start();
            }
            catch
            {
                _process.Dispose();
                _leash.Dispose();
                throw;
            }
            // The child has its own; the pipe closes when this process' end does.
            _leash.DisposeLocalCopyOfClientHandle();
            _process.StandardInput.Close();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public int Id => _process.Id;

        public bool HasEnded => _process.HasExited;

        public int ExitCode => _process.ExitCode;

        /// <summary>The last line of what an ended worker wrote as errors, else at all, stack traces apart; the pipes may still hold it.</summary>
        public string LastWords
        {
            get
            {
                _process.WaitForExitAsync().Wait(s_patience);
                var line = (_errors.IsEmpty ? _words : _errors)
                    .Select(WithoutColours)
                    .LastOrDefault(line => !line.StartsWith("at ", StringComparison.Ordinal));
                return line?.TrimEnd('.') ?? "nothing";
            }
        }

        public void RequestStop() => _leash.Dispose();

        public void Kill()
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has just ended.
            }
        }

        public void Dispose()
        {
            _leash.Dispose();
            _process.Dispose();
        }

        private static string WithoutColours(string line) => Colours().Replace(line, "").Trim();

        private static void Hear(ConcurrentQueue<string> words, string? line)
        {
            if (string.IsNullOrWhiteSpace(line))
                return;
            words.Enqueue(line);
            if (words.Count > MostWords)
                words.TryDequeue(out string? _);
        }

        [GeneratedRegex("\e\\[[0-9;]*m")]
        private static partial Regex Colours();
    }
}
