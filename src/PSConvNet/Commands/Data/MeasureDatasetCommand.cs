using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Counts the classes of a data set and measures its brightness.</summary>
/// <seealso cref="ImportMnistCommand" />
/// <seealso cref="ImportImageFolderCommand" />
/// <seealso cref="ShowImageCommand" />
/// <remarks>
/// <para>Writes one object for each part, Train and Test: how many images it has, the pixels' mean, standard deviation, minimum and
/// maximum on a scale from 0 to 1, and in Classes how often each class occurs.</para>
/// </remarks>
/// <example>
/// <para>Both parts of a data set.</para>
/// <code>Import-Mnist -Name Synthetic -First 1000 | Measure-Dataset</code>
/// </example>
/// <example>
/// <para>The classes of the training part alone.</para>
/// <code>(Import-Mnist -Name Synthetic -First 1000 | Measure-Dataset | Where-Object Part -eq Train).Classes</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "Dataset", HelpUri = HelpPages.Address + "Measure-Dataset.md")]
[OutputType(typeof(DatasetMeasure))]
public sealed class MeasureDatasetCommand : ConvNetCmdlet
{
    /// <summary>The data set, usually from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Data")]
    [DatasetTransform(IsWhole = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset InputObject { get; set; } = null!;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteObject(DatasetMeasure.Of(InputObject), enumerateCollection: true);
}
