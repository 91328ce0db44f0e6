using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Describes how the learning rate changes over a training.</summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="FindLearningRateCommand" />
/// <seealso cref="NewOptimizerCommand" />
/// <remarks>
/// <para>
/// Constant keeps the base rate. Step multiplies it by Factor every few epochs (Every). Exponential multiplies it by Factor each
/// epoch, a little at every step. Cosine falls along half a cosine to EndFactor, after a linear rise over the share WarmUp of all
/// steps. OneCycle rises to PeakFactor times the base rate over the share WarmUp, starting at StartFactor of the peak, and falls to
/// EndFactor of it. ReduceOnPlateau multiplies the rate by Factor when the validation loss (the training loss where nothing
/// validates) hasn't fallen by the share Threshold for more than Patience epochs, then waits for Cooldown epochs. The rate doesn't fall below
/// MinimumFactor.
/// </para>
/// <para>
/// All factors multiply the optimizer's learning rate, so a schedule fits any optimizer. A setting that doesn't belong to the schedule is an error,
/// which lists those that do. To use the defaults, the schedule's name is enough:
/// Invoke-Training -Schedule Cosine.
/// </para>
/// <para>
/// Errors: ScheduleUnknown (no such name), ScheduleSettingUnknown (a setting of another schedule), ScheduleSettingInvalid
/// (a value outside its range).
/// </para>
/// </remarks>
/// <example>
/// <para>Half a cosine down to zero after a short rise.</para>
/// <code>New-LearningRateSchedule Cosine -WarmUp 0.1</code>
/// </example>
/// <example>
/// <para>One cycle that peaks at four times the optimizer's rate, and its multiplier half way through 12 epochs of 469 steps.</para>
/// <code>$cycle = New-LearningRateSchedule OneCycle -PeakFactor 4 -WarmUp 0.2
/// $cycle.FactorAt(2814, 5628, 469)</code>
/// </example>
/// <example>
/// <para>Reduces the rate to a fifth whenever three epochs in a row brought no improvement.</para>
/// <code>New-LearningRateSchedule ReduceOnPlateau -Factor 0.2 -Patience 2</code>
/// </example>
[Cmdlet(VerbsCommon.New, "LearningRateSchedule", HelpUri = HelpPages.Address + "New-LearningRateSchedule.md")]
[OutputType(typeof(LearningRateSchedule))]
public sealed class NewLearningRateScheduleCommand : NewSpecCommand
{
    /// <summary>
    /// The schedule: Constant, Step, Exponential, Cosine, OneCycle or ReduceOnPlateau, in any case, with or without dashes.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ScheduleNameCompleter))]
    [ReadAs<string>(What = "a schedule's name: Constant, Step, Exponential, Cosine, OneCycle or ReduceOnPlateau")]
    public string Name { get; set; } = "";

    /// <summary>Step: the number of epochs between two reductions, at least 1. Default: 5.</summary>
    [Setting]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Every { get; set; }

    /// <summary>
    /// Step, Exponential, ReduceOnPlateau: the factor by which the rate is multiplied at each reduction, above 0 and at most 1 (below 1 for
    /// ReduceOnPlateau). Default: 0.5, and 0.9 for Exponential.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Factor { get; set; }

    /// <summary>
    /// Cosine: the share of the base rate that is left at the end, default 0. OneCycle: the share of the peak, default 0.000004.
    /// From 0 to 1.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double EndFactor { get; set; }

    /// <summary>
    /// Cosine, OneCycle: the share of all steps in which the rate rises, 0 to below 1. Default: 0 for Cosine, 0.3 for OneCycle.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double WarmUp { get; set; }

    /// <summary>OneCycle: the peak as a multiple of the base rate, above 0. Default: 1.</summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double PeakFactor { get; set; }

    /// <summary>OneCycle: the rate at the start, as a share of the peak, above 0 and at most 1. Default: 0.04.</summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double StartFactor { get; set; }

    /// <summary>ReduceOnPlateau: the number of epochs without an improvement that are tolerated, 0 or more. Default: 2.</summary>
    [Setting]
    [ReadAs<int>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Patience { get; set; }

    /// <summary>
    /// ReduceOnPlateau: the share by which a loss must be below the best to count as better, 0 to below 1. Default: 0.0001.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Threshold { get; set; }

    /// <summary>ReduceOnPlateau: the number of epochs after a reduction that aren't counted, 0 or more. Default: 0.</summary>
    [Setting]
    [ReadAs<int>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Cooldown { get; set; }

    /// <summary>
    /// ReduceOnPlateau: the share of the base rate below which the rate never falls, 0 to below 1. Default: 0.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double MinimumFactor { get; set; }

    private protected override string NameParameter => nameof(Name);

    private protected override IEnumerable<KeyValuePair<string, object>> Defaults =>
        LearningRateSchedule.Parse(Name).Settings;

    /// <inheritdoc />
    protected override object Create(IEnumerable<KeyValuePair<string, object>> settings) =>
        LearningRateSchedule.Create(Name, settings);
}
