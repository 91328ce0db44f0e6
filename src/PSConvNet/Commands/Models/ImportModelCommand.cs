using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Reads a model from a file, or fills a network with weights from a file.</summary>
/// <seealso cref="ExportModelCommand" />
/// <seealso cref="NewModelCommand" />
/// <seealso cref="InvokeTrainingCommand" />
/// <remarks>
/// <para>
/// Reads what Export-Model wrote, and checkpoints of Invoke-Training. Files from unknown sources are safe to read: reading one runs no code, follows
/// no paths, and needs no more memory than the file's size justifies.
/// </para>
/// <para>
/// With -Weights it fills a network that you made with New-Model from a safetensors file (BF16, F16, F32 or F64), PyTorch's or, with -From, Keras's;
/// or from a model file or checkpoint. A file that doesn't fit changes nothing, unless you give -Partial. -Verbose lists which tensor went to which
/// parameter. docs/coming-from.md describes all steps from PyTorch and from Keras.
/// </para>
/// <para>
/// -Match Name pairs tensors by their names. A prefix that all of them share (module., model.) is ignored. -Match Order pairs the file's
/// modules with the network's layers of the same shapes, in the order of both: the file's order is that of its data, or, if it is sorted by name as
/// by safetensors.torch.save_file, the natural order of the names (conv2 before conv10). If layers of equal shapes could be paired differently, a
/// warning lists them.
/// </para>
/// <para>
/// -Partial loads the layers that fit by name, each completely or not at all, and a warning names the layers that stay unchanged and the tensors that
/// weren't used. Use it to put a new head on old layers. Invoke-Training -Frozen then leaves the old layers unchanged.
/// </para>
/// <para>
/// A class is a name, not a position. A network with class names keeps them: if the file has names too (a model file, a checkpoint, or a safetensors
/// file that Export-Model wrote for a model with names), the rows of the output layer are brought into the network's order by name. If the classes
/// differ, the error lists both; with -Partial the output layer stays unchanged, and the warning says so. A network without names takes the file's. A
/// file without names fills by position, and a warning lists the network's names, unless they are numbers.
/// </para>
/// <para>
/// If the weights have values that aren't finite, a warning names their parameters: such a model can't answer and can't be trained.
/// </para>
/// <para>
/// Errors: ModelFileNotFound, PathNotFound, ModelFileInvalid (damaged, or a file of another kind, such as a text, a picture or another program's
/// network: the error says what it is and what to do), ClassUnknown (the file's outputs stand for other classes),
/// WeightsMismatch (names both sides), WeightsTypeUnsupported (a tensor of a type that weights are not read from), PartialByOrder,
/// FileNotReadable, ModelBusy, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Reads a model back.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear | Export-Model linear.psconvnet -Force
/// $model = Import-Model linear.psconvnet
/// $model.Name</code>
/// </example>
/// <example>
/// <para>Uses the weights of a file for a network with other names.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Name fc | New-Model 28,28,1 | Export-Model fc.safetensors -Force
/// New-FlattenLayer | New-DenseLayer 10 | New-Model 28,28,1 -Name mine | Import-Model -Weights fc.safetensors -Match Order</code>
/// </example>
/// <example>
/// <para>Puts a new head on old layers: all but the last layer come from the file, and only the last one is trained.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// New-FlattenLayer | New-DenseLayer 32 -Activation ReLU -Name features | New-DenseLayer 20 -Name head | New-Model 28,28,1 | Export-Model old.safetensors -Force
/// $model = New-FlattenLayer | New-DenseLayer 32 -Activation ReLU -Name features | New-DenseLayer 10 -Activation Softmax -Name head | New-Model 28,28,1 -Name new
/// $model | Import-Model -Weights old.safetensors -Partial | Invoke-Training -Data $digits -Epochs 2 -Frozen * -Unfrozen head</code>
/// </example>
[Cmdlet(VerbsData.Import, "Model", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Address + "Import-Model.md")]
[OutputType(typeof(Model))]
public sealed class ImportModelCommand : ConvNetCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";
    private const string WeightsSet = "Weights";
    private const string LiteralWeightsSet = "LiteralWeights";

    /// <summary>The file or files; wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string[]>(IsPath = true)]
    public string[] Path { get; set; } = [];

    /// <summary>The file or files, under names that are taken literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string[]>]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The network to fill.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = WeightsSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = LiteralWeightsSet)]
    [ModelTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model Model { get; set; } = null!;

    /// <summary>The safetensors file, model file or checkpoint to fill it from; a wildcard that means one is resolved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WeightsSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Weights { get; set; } = "";

    /// <summary>The same file, under a name that is taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralWeightsSet)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string LiteralWeights { get; set; } = "";

    /// <summary>Name: by the tensors' names. Order: by shapes, and by the order where shapes are equal. Default: Name.</summary>
    [Parameter(ParameterSetName = WeightsSet)]
    [Parameter(ParameterSetName = LiteralWeightsSet)]
    [ReadAs<WeightMatch>]
    public WeightMatch Match { get; set; }

    /// <summary>The library whose names and layouts the file has: PyTorch or Keras. Default: PyTorch.</summary>
    [Parameter(ParameterSetName = WeightsSet)]
    [Parameter(ParameterSetName = LiteralWeightsSet)]
    [ReadAs<WeightsOrigin>]
    public WeightsOrigin From { get; set; }

    /// <summary>Loads the layers that fit by name and leaves the others unchanged.</summary>
    [Parameter(ParameterSetName = WeightsSet)]
    [Parameter(ParameterSetName = LiteralWeightsSet)]
    public SwitchParameter Partial { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ParameterSetName is WeightsSet or LiteralWeightsSet)
        {
            var isLiteral = ParameterSetName == LiteralWeightsSet;
            var weights = isLiteral ? LiteralWeights : Weights;
            Try(weights, () => Fill(weights, this.One(weights, isLiteral, "use -LiteralWeights")));
            return;
        }
        var literal = ParameterSetName == LiteralSet;
        foreach (var given in literal ? LiteralPath : Path)
        {
            Try(
                given,
                () =>
                {
                    foreach (var file in this.Existing(given, literal))
                        Try(file, () => Write(ModelFile.Load(file)));
                }
            );
        }
    }

    private void Fill(string given, string file)
    {
        if (Partial && Match == WeightMatch.Order)
        {
            throw new ConvNetException(
                ErrorIds.PartialByOrder,
                ErrorKind.InvalidArgument,
                "-Partial matches by name: if only a part fits, the order doesn't tell what belongs where. Leave out -Match Order.",
                Match
            );
        }
        var report = WeightsFile.Load(Model, file, Match, From, Partial);
        foreach (var pair in report.Pairs)
            WriteVerbose(pair.ToString());
        foreach (var warning in report.Warnings)
            WriteWarning(warning);
        if (report.Unfilled.Count > 0)
            WriteWarning($"{Model.Name} keeps its own weights in {string.Join("; ", report.Unfilled)}.");
        if (report.Unused.Count > 0)
            WriteWarning($"{given} also has weights that weren't used: {report.Unused}.");
        Write(Model);
    }

    private void Write(Model model)
    {
        if (UsableWeights.Warning(model) is { } warning)
            WriteWarning(warning);
        WriteObject(model);
    }

    /// <summary>One file's fault is no reason not to read the next.</summary>
    private void Try(string target, Action action)
    {
        try
        {
            action();
        }
        catch (ConvNetException e)
        {
            WriteError(e, target);
        }
    }
}
