using System.Management.Automation;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using PSConvNet.Commands;

namespace PSConvNet.Polyglot;

/// <summary>
/// A PowerShell kernel of Polyglot Notebooks with our module in it. It runs every cell with its output gathered into tables, shows progress, and
/// stops our commands when the program says so.
/// </summary>
public sealed class PolyglotSession : IOuterHost
{
    // The cell is a script block of its own, so that its lines are counted from its start.
    private const string Here = $"$Host.PrivateData.{IOuterHost.Property}";
    private const string Wrapper = $". {Here}.{nameof(Cell)} | & {Here}.{nameof(Gather)}";

    /// <summary>How long a new cell waits for one that was stopped: ample for a batch and a checkpoint.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly PolyglotProgress _progress = new();
    private readonly PolyglotStops _stops;
    private (CancellationToken Token, Task Ended) _last = (default, Task.CompletedTask);

    private volatile bool _isStopped;

    internal PolyglotSession() => _stops = new PolyglotStops(Stopped, () => _isStopped);

    /// <summary>The cell that is to be run.</summary>
    public ScriptBlock? Cell { get; private set; }

    /// <summary>Gathers what it gives.</summary>
    public CmdletInfo Gather { get; } = new("Group-PolyglotRow", typeof(GatherRowsCommand));

    /// <summary>Takes part in every cell from the next one on, and in how the one that runs is stopped: the one that imports the module.</summary>
    internal void Join(KernelInvocationContext cell)
    {
        _stops.Listen();
        // Ends with the cell.
        _ = _stops.Listen(cell.CancellationToken);
        cell.HandlingKernel.AddMiddleware(RunAsync);
    }

    /// <inheritdoc />
    bool IOuterHost.IsStopped => KernelInvocationContext.Current is { CancellationToken.IsCancellationRequested: true };

    /// <inheritdoc />
    void IOuterHost.Report(long sourceId, ProgressRecord record) => _progress.Report(sourceId, record);

    private void Stopped()
    {
        _isStopped = true;
        _progress.Stop();
    }

    private async Task RunAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is not SubmitCode submission)
        {
            await next(command, context);
            return;
        }
        var token = context.CancellationToken;
        await WaitForStopped(token);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = (token, ended.Task);
        _isStopped = false;
        using var listening = _stops.Listen(token);
        try
        {
            await next(Wrap(submission), context);
        }
        finally
        {
            _progress.End(context);
            ended.SetResult();
        }
        // To PowerShell a pipeline that was stopped has no error, and the program takes it for one that ran to its end.
        if (_isStopped)
            context.Fail(context.Command, message: "The cell was stopped.");
    }

    /// <summary>
    /// Returns when the cell before has ended, where that was stopped: the program begins the next one at once, and PowerShell would refuse it while a
    /// command is at its last batch.
    /// </summary>
    private Task WaitForStopped(CancellationToken token) =>
        _last.Token.IsCancellationRequested
            ? Task.WhenAny(_last.Ended, Task.Delay(s_patience, token))
            : Task.CompletedTask;

    /// <summary>The cell with its output gathered; as it came where it can't be parsed, so that the host tells what is wrong with it.</summary>
    private SubmitCode Wrap(SubmitCode submission)
    {
        try
        {
            Cell = ScriptBlock.Create(submission.Code);
        }
        catch (ParseException)
        {
            return submission;
        }
        var wrapped = new SubmitCode(Wrapper, submission.TargetKernelName);
        wrapped.SetParent(submission);
        return wrapped;
    }
}
