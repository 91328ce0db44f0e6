using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Reads a model from a file, or fills a network with the weights of one.</summary>
/// <remarks>
/// <para>
/// Reads what Export-Model wrote, and checkpoints of Invoke-Training. A file may come from a stranger: reading it runs no code, follows no
/// path, and takes no more memory than the file's size allows.
/// </para>
/// <para>
/// With -Weights it fills a network that you made with New-Model from a safetensors file (BF16, F16, F32 or F64), such as PyTorch's:
/// by the tensors' names, or by their order where the names differ. A file that does not fit changes nothing.
/// </para>
/// <para>
/// Errors: ModelFileNotFound, PathNotFound, ModelFileInvalid (damaged, or not what it should be: the error names the entry and the place),
/// WeightsMismatch (names both sides), FileNotReadable, ModelBusy, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Reads a model back.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear | Export-Model linear.psconvnet -Force
/// $model = Import-Model linear.psconvnet
/// $model.Name</code>
/// </example>
/// <example>
/// <para>Takes the weights of a file for a network with other names.</para>
/// <code>New-FlattenLayer | New-DenseLayer 10 -Name fc | New-Model 28,28,1 | Export-Model fc.safetensors -Force
/// New-FlattenLayer | New-DenseLayer 10 | New-Model 28,28,1 -Name mine | Import-Model -Weights fc.safetensors -Match Order</code>
/// </example>
[Cmdlet(VerbsData.Import, "Model", DefaultParameterSetName = PathSet)]
[OutputType(typeof(Model))]
public sealed class ImportModelCommand : ConvNetCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";
    private const string WeightsSet = "Weights";

    /// <summary>The file or files; wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The file or files, under names that are taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The network to fill.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = WeightsSet)]
    public Model Model { get; set; } = null!;

    /// <summary>The safetensors file to fill it from.</summary>
    [Parameter(Mandatory = true, ParameterSetName = WeightsSet)]
    [ValidateNotNullOrEmpty]
    public string Weights { get; set; } = "";

    /// <summary>Name: by the tensors' names. Order: by their order, numbers in names counted as numbers. Default: Name.</summary>
    [Parameter(ParameterSetName = WeightsSet)]
    [ReadAs<WeightMatch>]
    public WeightMatch Match { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ParameterSetName == WeightsSet)
        {
            Try(
                Weights,
                () =>
                {
                    WeightsFile.Load(Model, this.Target(Weights), Match);
                    WriteObject(Model);
                }
            );
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
                        Try(file, () => WriteObject(ModelFile.Load(file)));
                }
            );
        }
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
