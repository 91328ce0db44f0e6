using System.Management.Automation;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using PSConvNet.Commands;

namespace PSConvNet.Polyglot;

/// <summary>A PowerShell kernel of Polyglot Notebooks with our module in it: what its cells run in, and what stops them.</summary>
public sealed class PolyglotSession : IProgressHost
{
    // The cell is a script block of its own, so that its lines are counted from its start.
    private const string Wrapper = $". $Host.PrivateData.{IProgressHost.Property}.Cell | & $Host.PrivateData.{IProgressHost.Property}.Gather";
    private readonly PolyglotProgress _progress = new();

    /// <summary>The cell that is to be run.</summary>
    public ScriptBlock? Cell { get; private set; }

    /// <summary>Gathers what it gives.</summary>
    public CmdletInfo Gather { get; } = new("Group-PolyglotRow", typeof(GatherRowsCommand));

    /// <summary>Takes part in each cell to come; of the one that runs, which imports the module, only in how it is stopped.</summary>
    internal void Join(KernelInvocationContext context)
    {
        context.HandlingKernel.AddMiddleware(RunAsync);
    }

    /// <inheritdoc />
    void IProgressHost.Report(long sourceId, ProgressRecord record) => _progress.Report(sourceId, record);

    private async Task RunAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is not SubmitCode submission)
        {
            await next(command, context);
            return;
        }
        try
        {
            await next(Wrap(submission), context);
        }
        finally
        {
            _progress.End(context);
        }
    }

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
