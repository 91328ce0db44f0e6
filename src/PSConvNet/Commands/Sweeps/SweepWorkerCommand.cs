using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>
/// A worker of a study, in this very process. Not a command of the module: it has no <see cref="CmdletAttribute"/> and isn't exported, and
/// scripts of the module call it by its type. It is a cmdlet so that a session on another machine can stop it and hears it while it works.
/// </summary>
public sealed class SweepWorkerCommand : LongCommand
{
    private const string StudySet = "Study";
    private const string TurnSet = "Turn";

    /// <summary>The study's folder, or that of a copy.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Study { get; set; } = "";

    /// <summary>Ends the worker after so many trials; at least 1. Default: when nothing is left.</summary>
    [Parameter(ParameterSetName = StudySet)]
    [ValidateRange(1, int.MaxValue)]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? MostTrials { get; set; }

    /// <summary>The pipe on which a worker hangs that a local engine has started. Default: none.</summary>
    [Parameter(ParameterSetName = StudySet)]
    [ReadAs<string>]
    public string? Leash { get; set; }

    /// <summary>The trial whose turn was handed over in a copy of the study: the name of its record.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    [ReadAs<string>]
    public string Record { get; set; } = "";

    /// <summary>Which turn at it, from 1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    [ValidateRange(1, int.MaxValue)]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Turn { get; set; }

    /// <summary>The epochs after which the turn ends.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Until { get; set; }

    /// <summary>A worker says that it was stopped, and the script that started it ends the process with a code of its own.</summary>
    private protected override bool ReportsStop => true;

    /// <inheritdoc />
    private protected override void End()
    {
        try
        {
            var study = PSConvNet.Sweeps.Study.Open(this.Target(Study), SweepScript.Condition);
            var layers = SweepScript.Of(study.Settings.Script);
            if (ParameterSetName == TurnSet)
                TakeTurn(study, layers);
            else
                Work(study, layers);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Study);
        }
    }

    private void Work(Study study, SweepScript layers)
    {
        using var leash = Leash is null ? null : new Leash(Leash, Stop);
        WriteObject(
            SweepWorker.Run(study, layers.Layers, MostTrials, trial => Tell(() => WriteVerbose($"{trial}")), StopToken)
        );
    }

    private void TakeTurn(Study copy, SweepScript layers)
    {
        if (!TrialId.TryParse(Record, out var id))
        {
            throw new ConvNetException(
                ErrorIds.SweepOptionInvalid,
                ErrorKind.InvalidArgument,
                $"-Record is the name of a trial's record, such as 00007, and not {Record}.",
                Record
            );
        }
        // A pipeline that is being stopped accepts nothing more; what there is to say is in the record's file.
        HandedTurn.Run(copy, id, Turn, Until, layers.Layers, record => Tell(() => WriteObject(record)), StopToken);
    }
}
