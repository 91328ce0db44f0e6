using System.Management.Automation;

namespace PSConvNet.Commands;

/// <content>As whom workers are started: this very process works on the study.</content>
public sealed partial class InvokeSweepCommand
{
    private const string WorkerSet = "Worker";
    private const string TurnSet = "Turn";

    /// <summary>Works on the study in this very process until nothing is left, and starts no others: what workers are started as.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WorkerSet)]
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    public SwitchParameter Worker { get; set; }

    /// <summary>Ends the worker after so many trials; at least 1. Default: when nothing is left.</summary>
    [Parameter(ParameterSetName = WorkerSet)]
    [ValidateRange(1, int.MaxValue)]
    public int? MostTrials { get; set; }

    /// <summary>The pipe on which a worker hangs that Invoke-Sweep has started. Default: none.</summary>
    [Parameter(ParameterSetName = WorkerSet)]
    public string? Leash { get; set; }

    /// <summary>The trial whose turn a worker was handed in a copy of the study: the name of its record.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    public string Record { get; set; } = "";

    /// <summary>Which turn at it, from 1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Turn { get; set; }

    /// <summary>The epochs after which the turn ends.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TurnSet)]
    public double Until { get; set; }

    /// <summary>A worker says that it was stopped, and the script that started it ends the process with a code of its own.</summary>
    private protected override bool ReportsStop => ParameterSetName is WorkerSet or TurnSet;

    private void Work(string folder)
    {
        using var leash = Leash is null ? null : new Leash(Leash, Stop);
        var study = Open(folder);
        var layers = SweepScript.Of(study.Settings.Script);
        WriteObject(
            SweepWorker.Run(study, layers.Layers, MostTrials, trial => Tell(() => WriteVerbose($"{trial}")), StopToken)
        );
    }

    private void TakeTurn(string folder)
    {
        if (!TrialId.TryParse(Record, out var id))
            throw Option($"-Record is the name of a trial's record, as 00007, and not {Record}.", Record);
        var copy = Open(folder);
        var layers = SweepScript.Of(copy.Settings.Script);
        // A pipeline that is being stopped takes nothing any more; what there is to say is in the record's file.
        HandedTurn.Run(copy, id, Turn, Until, layers.Layers, record => Tell(() => WriteObject(record)), StopToken);
    }
}
