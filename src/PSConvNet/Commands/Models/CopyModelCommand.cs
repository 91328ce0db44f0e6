using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Copies a model as it is now, or without its training.</summary>
/// <seealso cref="NewModelCommand" />
/// <seealso cref="ExportModelCommand" />
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="CompareModelCommand" />
/// <remarks>
/// <para>
/// The copy has the same layers, weights, statistics, trained epochs and class names, and is independent: training one model doesn't change the
/// other. This way you can keep a model before you train it further, or train it twice from the same state.
/// </para>
/// <para>
/// With -Reset only the layers are copied. The weights are drawn again (with the original's seed they are the same that it began with), TrainedEpochs
/// is 0, and there are no class names. A model that is being trained elsewhere can be copied with -Reset, but not as it is.
/// </para>
/// <para>
/// -ClassName gives the names of the copy's outputs, from the first one on. Use it for weights that came from elsewhere, or if the names of classes
/// have changed. Images are matched with these names.
/// </para>
/// <para>Errors: ModelBusy, ClassCountMismatch (not as many names as outputs), ClassNameDuplicate (the other models continue), SeedWithoutReset.</para>
/// </remarks>
/// <example>
/// <para>Compares a model before and after another epoch.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $null = $model | Invoke-Training -Data $digits -Epochs 2
/// $before = $model | Copy-Model -Name before
/// $null = $model | Invoke-Training -Data $digits -Epochs 1
/// $before, $model | Compare-Model -Data $digits</code>
/// </example>
/// <example>
/// <para>Compares three training runs of one network that differ only in their initial weights.</para>
/// <code>$seeds = foreach ($seed in 1..3) { Copy-Model $model -Reset -Seed $seed -Name "seed $seed" }
/// $seeds | Invoke-Training -Data $digits -Epochs 1 | Compare-Model -Data $digits</code>
/// </example>
/// <example>
/// <para>Makes a copy of the network whose classes have words as names.</para>
/// <code>$words = Copy-Model $model -ClassName zero, one, two, three, four, five, six, seven, eight, nine
/// Invoke-Prediction $words -Image (,(@(0) * 784)) | ForEach-Object ClassName</code>
/// </example>
[Cmdlet(VerbsCommon.Copy, "Model", DefaultParameterSetName = CopySet, HelpUri = HelpPages.Address + "Copy-Model.md")]
[OutputType(typeof(Model))]
public sealed class CopyModelCommand : ConvNetCmdlet
{
    private const string CopySet = "Copy";
    private const string ResetSet = "Reset";

    /// <summary>The model or models, trained or not; none is changed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model")]
    [ModelTransform(Several = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model[] InputObject { get; set; } = [];

    /// <summary>The copy's name; for several models from the pipeline, a script block: { "$($_.Name) 2" }. Default: the original's name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Name { get; set; }

    /// <summary>The names of the classes that the copy's outputs stand for, in the outputs' order, all different. Default: the original's.</summary>
    [Parameter(ParameterSetName = CopySet)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string[]? ClassName { get; set; }

    /// <summary>Copies the layers only and draws fresh weights.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ResetSet)]
    public SwitchParameter Reset { get; set; }

    /// <summary>The seed for the fresh weights: equal seeds give equal weights. Default: the original's seed.</summary>
    [Parameter(ParameterSetName = ResetSet)]
    [ReadAs<long?>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long? Seed { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // -Reset:$false names the parameter set and takes its meaning away.
        if (Seed is not null && !Reset)
        {
            ThrowTerminating(
                new ConvNetException(
                    ErrorIds.SeedWithoutReset,
                    ErrorKind.InvalidArgument,
                    "-Seed is for new random weights, which a copy has only with -Reset; give both or neither.",
                    Seed
                )
            );
        }
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (var model in InputObject)
        {
            try
            {
                WriteObject(Reset ? model.CopyUntrained(Name, Seed) : model.Copy(Name, ClassName));
            }
            catch (ConvNetException e)
            {
                WriteError(e, model);
            }
        }
    }
}
