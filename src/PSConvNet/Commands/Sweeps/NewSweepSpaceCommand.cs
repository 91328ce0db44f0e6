using System.Collections;
using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Describes what a sweep varies.</summary>
/// <seealso cref="InvokeSweepCommand" />
/// <remarks>
/// <para>
/// Each hashtable has names and their possible values. Parameters of Invoke-Training (LearningRate, BatchSize, Optimizer, Epochs, Schedule,
/// AverageDecay, Loss, LabelSmoothing, ClassWeight (Balanced, None), Precision, Frozen, Unfrozen, Seed) and settings of the optimizer (Momentum,
/// WeightDecay) go to the training; the script block that makes the layers gets all of them.
/// </para>
/// <para>
/// With -When only some trials have a parameter: its script block gets the parameters that have no condition.
/// </para>
/// <para>
/// A range is two numbers, 0.1, 0.5, or one text, as in files: '0.1..0.5', '0.1, 0.5', and for whole numbers '64,256'. '0,5' is refused, because it
/// could be one number with a decimal comma.
/// </para>
/// <para>Errors: SweepSpaceInvalid, SweepScriptInvalid (a condition that asks for a variable of your session).</para>
/// </remarks>
/// <example>
/// <para>Varies what the tutorial suggests to change.</para>
/// <code>New-SweepSpace -Choice @{ Filters = 16, 32, 64; Activation = 'ReLU', 'GELU' } -Integer @{ Units = 64, 256 } -LogUniform @{ LearningRate = 1e-4, 1e-2 }</code>
/// </example>
/// <example>
/// <para>Varies momentum only for an optimizer that has it, and whole numbers in steps.</para>
/// <code>New-SweepSpace -Choice @{ Optimizer = 'SGD', 'Adam' } -Uniform @{ Momentum = 0, 0.95 } -Integer @{ Units = 32, 256, 32 } -When @{ Momentum = { param($p) $p.Optimizer -eq 'SGD' } }</code>
/// </example>
[Cmdlet(VerbsCommon.New, "SweepSpace", HelpUri = HelpPages.Address + "New-SweepSpace.md")]
[OutputType(typeof(SweepSpace))]
public sealed class NewSweepSpaceCommand : ConvNetCmdlet
{
    /// <summary>Names with their possible values: texts, numbers, true or false. Default: none.</summary>
    [Parameter(Position = 0)]
    [ReadAs<IDictionary>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public IDictionary Choice { get; set; } = new Hashtable();

    /// <summary>Names with ranges of whole numbers: lowest, highest and, if it isn't 1, the step. Default: none.</summary>
    [Parameter]
    [ReadAs<IDictionary>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public IDictionary Integer { get; set; } = new Hashtable();

    /// <summary>Names with ranges of numbers: lowest, highest. Default: none.</summary>
    [Parameter]
    [ReadAs<IDictionary>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public IDictionary Uniform { get; set; } = new Hashtable();

    /// <summary>Names with ranges of numbers on a logarithmic scale, such as learning rates: lowest, above 0, and highest. Default: none.</summary>
    [Parameter]
    [ReadAs<IDictionary>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public IDictionary LogUniform { get; set; } = new Hashtable();

    /// <summary>
    /// Names with script blocks that say whether a trial has the parameter; they get the parameters without a condition. Default: always.
    /// </summary>
    [Parameter]
    [ReadAs<IDictionary>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public IDictionary When { get; set; } = new Hashtable();

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(SpaceTables.Read(Choice, Integer, Uniform, LogUniform, When));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e);
        }
    }
}
