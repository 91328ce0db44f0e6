using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Shows a model's layers, the shape after each, and how many parameters it has.</summary>
/// <seealso cref="ShowModelCommand" />
/// <seealso cref="NewModelCommand" />
/// <remarks>
/// <para>
/// Prints a table like Keras's. The object has Layers (a row each: Name, Layer, OutputShape, Parameters, TrainableParameters),
/// InputShape, OutputShape, ParameterCount, TrainableParameterCount and NonTrainableParameterCount.
/// </para>
/// <para>
/// Errors, of files only: PathNotFound, PathNotOfFileSystem, ModelFileInvalid, ModelFileNotFound, FileNotReadable.
/// </para>
/// </remarks>
/// <example>
/// <para>The table.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear | Get-ModelSummary</code>
/// </example>
/// <example>
/// <para>The number of parameters of each layer.</para>
/// <code>$model = New-ConvLayer 8 | New-FlattenLayer | New-DenseLayer 10 | New-Model 28,28,1
/// (Get-ModelSummary $model).Layers | ForEach-Object { "$($_.Name) $($_.Parameters)" }</code>
/// </example>
/// <example>
/// <para>Shows how the network is run here: which layers share a step, and what computes it.</para>
/// <code>New-Model -Preset TutorialConv | Get-ModelSummary -Plan
/// New-Model -Preset TutorialConv | Get-ModelSummary -Plan -Precision Float32</code>
/// </example>
/// <example>
/// <para>Shows what is in a file, without its weights and without libtorch.</para>
/// <code>New-Model -Preset FastConv | Export-Model fast.psconvnet -Force
/// Get-ModelSummary fast.psconvnet</code>
/// </example>
[Cmdlet(
    VerbsCommon.Get,
    "ModelSummary",
    DefaultParameterSetName = ModelSet,
    HelpUri = HelpPages.Address + "Get-ModelSummary.md"
)]
[OutputType(typeof(ModelSummary))]
[OutputType(typeof(ModelPlan))]
public sealed class GetModelSummaryCommand : ConvNetCmdlet
{
    private const string ModelSet = "Model";
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ModelTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model Model { get; set; } = null!;

    /// <summary>Model files or checkpoints instead; wildcards are resolved. Only their descriptions are read.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string[]>(IsPath = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The same under names that are taken literally; files from Get-ChildItem come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string[]>]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Shows instead how the model is run on this machine: precision, threads, a row for each step, and the rules that chose the steps.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    public SwitchParameter Plan { get; set; }

    /// <summary>
    /// The arithmetic that is planned for: Float32, BFloat16, or Auto for BFloat16 where the processor is faster with it. Default: Auto.
    /// </summary>
    [Parameter(ParameterSetName = ModelSet)]
    [ReadAs<Precision>]
    [Needs(nameof(Plan))]
    public Precision Precision { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ModelSet)
        {
            WriteObject(Plan ? ModelPlan.Create(Model, Precision) : Model.Summary);
            return;
        }
        var literal = ParameterSetName == LiteralSet;
        foreach (var given in literal ? LiteralPath : Path)
        {
            try
            {
                foreach (var file in this.Existing(given, literal))
                    WriteObject(ModelFile.ReadSummary(file));
            }
            catch (ConvNetException e)
            {
                WriteError(e, given);
            }
        }
    }
}
