using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Splits off a part of a data set's training images, with the same mix of classes.</summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="MeasureDatasetCommand" />
/// <remarks>
/// <para>
/// Writes two data sets. The first keeps the rest of the training images, and the test part as it was. The second has the images that were held out,
/// as both its parts. Use it for validation, so that no measurement touches the test part.
/// </para>
/// <para>
/// The split is stratified: each class gives its share, rounded, and keeps at least one image to learn from. A warning names classes of which no
/// image is held out, because they have only one or their share is less than one. The same seed gives the same split.
/// </para>
/// </remarks>
/// <example>
/// <para>Holds out a tenth of the training images.</para>
/// <code>$train, $validation = Import-Mnist -Name Synthetic -First 1000 | Split-Dataset -Fraction 0.1</code>
/// </example>
/// <example>
/// <para>Holds out another random fifth; the counts of the classes show that the mix is the same.</para>
/// <code>Import-Mnist -Name Synthetic -First 1000 | Split-Dataset -Fraction 0.2 -Seed 7 | Measure-Dataset</code>
/// </example>
[Cmdlet(VerbsCommon.Split, "Dataset", HelpUri = HelpPages.Address + "Split-Dataset.md")]
[OutputType(typeof(Dataset))]
public sealed class SplitDatasetCommand : ConvNetCmdlet
{
    /// <summary>The data set, usually from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Data")]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset InputObject { get; set; } = null!;

    /// <summary>The share of the training images to hold out, between 0 and 1. Default: 0.1.</summary>
    [Parameter(Position = 1)]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Fraction { get; set; } = 0.1;

    /// <summary>Which images are held out; the same seed holds out the same ones. Default: 1.</summary>
    [Parameter]
    [ReadAs<long>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long Seed { get; set; } = 1;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            var (kept, heldOut) = InputObject.Split(Fraction, Seed, WriteWarning);
            WriteObject(kept);
            WriteObject(heldOut);
        }
        catch (ConvNetException e)
        {
            WriteError(e, InputObject);
        }
    }
}
