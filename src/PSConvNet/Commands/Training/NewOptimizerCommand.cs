using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Describes an optimizer for a training: the rule by which gradients change the weights.</summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="NewLearningRateScheduleCommand" />
/// <remarks>
/// <para>
/// Each optimizer has its own settings. A setting that doesn't belong to it is an error, which lists those that do:
/// SGD takes Momentum and Nesterov; Adam and AdamW take Beta1, Beta2 and Epsilon; Adadelta takes Rho and Epsilon; RMSprop takes
/// Rho, Epsilon, Momentum and Centered; Adagrad takes LearningRateDecay, InitialAccumulator and Epsilon. All take LearningRate
/// and WeightDecay. Rules and defaults are those of PyTorch.
/// </para>
/// <para>
/// The result is a description without state, so it can be used for any number of training runs. To use the defaults, the optimizer's name is enough:
/// Invoke-Training -Optimizer Adam.
/// </para>
/// <para>
/// Errors: OptimizerUnknown (no such name), OptimizerSettingUnknown (a setting of another optimizer), OptimizerSettingInvalid
/// (a value outside its range).
/// </para>
/// </remarks>
/// <example>
/// <para>Gradient descent with Nesterov's momentum.</para>
/// <code>New-Optimizer SGD -LearningRate 0.05 -Momentum 0.9 -Nesterov</code>
/// </example>
/// <example>
/// <para>Makes AdamW with a stronger weight decay, and shows all its settings.</para>
/// <code>(New-Optimizer AdamW -WeightDecay 0.05).Settings</code>
/// </example>
/// <example>
/// <para>Makes every optimizer with the same learning rate, for a comparison.</para>
/// <code>'SGD', 'Adam', 'RMSprop' | New-Optimizer -LearningRate 0.002</code>
/// </example>
[Cmdlet(VerbsCommon.New, "Optimizer", HelpUri = HelpPages.Address + "New-Optimizer.md")]
[OutputType(typeof(OptimizerSpec))]
public sealed class NewOptimizerCommand : NewSpecCommand
{
    /// <summary>
    /// The optimizer: SGD, Adam, AdamW, Adadelta, RMSprop or Adagrad, in any case.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(OptimizerNameCompleter))]
    [ReadAs<string>(What = "an optimizer's name: SGD, Adam, AdamW, Adadelta, RMSprop or Adagrad")]
    public string Name { get; set; } = "";

    /// <summary>
    /// The base learning rate, above 0; a schedule multiplies it. Default: 0.01 for SGD, RMSprop and Adagrad, 0.001 for Adam and
    /// AdamW, 1 for Adadelta.
    /// </summary>
    [Parameter(Position = 1)]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double LearningRate { get; set; }

    /// <summary>
    /// How strongly every parameter is pulled towards zero, 0 or more. Default: 0.01 for AdamW, which shrinks the weights directly,
    /// and 0 for the others, which add it times the weight to the gradient.
    /// </summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double WeightDecay { get; set; }

    /// <summary>SGD, RMSprop: the share of the last step that is added to the next one, 0 to below 1. Default: 0, no momentum.</summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Momentum { get; set; }

    /// <summary>SGD: looks ahead along the momentum, as Nesterov proposed; needs a momentum above 0.</summary>
    [Setting]
    public SwitchParameter Nesterov { get; set; }

    /// <summary>Adam, AdamW: how slowly the gradient's mean forgets, 0 to below 1. Default: 0.9.</summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Beta1 { get; set; }

    /// <summary>Adam, AdamW: how slowly the gradient's mean square forgets, 0 to below 1. Default: 0.999.</summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Beta2 { get; set; }

    /// <summary>
    /// Adadelta, RMSprop: how slowly the gradient's mean square forgets, 0 to below 1 (PyTorch calls RMSprop's alpha).
    /// Default: 0.9 for Adadelta, 0.99 for RMSprop.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Rho { get; set; }

    /// <summary>
    /// All except SGD: a small number that prevents divisions by zero, above 0 and at most 1. Default: 1e-8 for Adam, AdamW and RMSprop,
    /// 1e-6 for Adadelta, 1e-10 for Adagrad.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Epsilon { get; set; }

    /// <summary>RMSprop: divides by the gradients' standard deviation instead of their root mean square.</summary>
    [Setting]
    [Alias("Centred")]
    public SwitchParameter Centered { get; set; }

    /// <summary>
    /// Adagrad: divides the learning rate by 1 plus this times the number of steps taken, 0 or more. Default: 0.
    /// </summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double LearningRateDecay { get; set; }

    /// <summary>Adagrad: the initial value of the sums of squares, 0 or more; makes the first steps smaller. Default: 0.</summary>
    [Setting]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double InitialAccumulator { get; set; }

    private protected override string NameParameter => nameof(Name);

    private protected override IEnumerable<KeyValuePair<string, object>> Defaults => OptimizerSpec.Parse(Name).Settings;

    /// <inheritdoc />
    protected override object Create(IEnumerable<KeyValuePair<string, object>> settings) =>
        OptimizerSpec.Create(Name, settings);
}
