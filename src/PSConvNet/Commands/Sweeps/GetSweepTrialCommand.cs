using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Reads the trials of a study, also while it is running.</summary>
/// <seealso cref="InvokeSweepCommand" />
/// <seealso cref="ShowSweepCommand" />
/// <seealso cref="NewModelReportCommand" />
/// <remarks>
/// <para>
/// Each trial is an object with its parameters as properties of their own, beside state, value, epochs and seconds, so that Sort-Object, Where-Object
/// and Export-Csv can use them directly. Its History has one record per epoch. Trials that haven't started aren't included.
/// </para>
/// <para>Errors: ParameterNotApplicable (-Best with -IncludeReplicate or with a state other than Completed), StudyNotFound, StudyInvalid, FileNotReadable, PathNotFound, PathNotOfFileSystem.</para>
/// </remarks>
/// <example>
/// <para>Shows a small study and the results of its trials.</para>
/// <code>$digits = Import-Mnist -First 200 | Expand-Dimension
/// $space = New-SweepSpace -Choice @{ Units = 8, 16 }
/// Invoke-Sweep -Space $space -Data $digits -Epochs 1 -Study look -Quiet { param($p) New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax }
/// Get-SweepTrial look</code>
/// </example>
/// <example>
/// <para>Shows the trials that failed, and why.</para>
/// <code>Get-SweepTrial look -State Failed | ForEach-Object Reason</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "SweepTrial", HelpUri = HelpPages.Address + "Get-SweepTrial.md")]
[OutputType(typeof(SweepTrial))]
public sealed class GetSweepTrialCommand : ConvNetCmdlet
{
    /// <summary>The study's folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Path", "LiteralPath", "PSPath")]
    [ReadAs<string>]
    public string Study { get; set; } = "";

    /// <summary>Only trials in these states: Running, Completed, Pruned, Failed, Waiting. Default: all.</summary>
    [Parameter]
    [ReadAs<TrialState[]>]
    public TrialState[] State { get; set; } = [];

    /// <summary>
    /// Only this number of the best completed trials, best first. Trials that Invoke-Sweep -Replicate repeated are ranked by the mean of their repetitions,
    /// the others by their values. Default: all, in the order of their numbers.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Best { get; set; }

    /// <summary>Also returns repetitions with other seeds, after the trials.</summary>
    [Parameter]
    public SwitchParameter IncludeReplicate { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            if (Best is not null && IncludeReplicate)
                throw NotApplicable(nameof(IncludeReplicate), "for all trials, and -Best gives trials alone");
            if (Best is not null && State.Any(state => state != TrialState.Completed))
                throw NotApplicable(nameof(State), "for all trials, and -Best gives completed ones alone");
            var study = PSConvNet.Sweeps.Study.Open(this.Target(Study));
            var trials = Best is { } count ? study.BestTrials(count) : study.ReadTrials(IncludeReplicate);
            foreach (var sentence in study.Damaged)
                WriteWarning(sentence);
            foreach (var trial in trials)
            {
                if (State.Length == 0 || State.Contains(trial.State))
                    WriteObject(TrialObject.Of(trial));
            }
        }
        catch (ConvNetException e)
        {
            WriteError(e, Study);
        }
    }
}
