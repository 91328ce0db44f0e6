using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a dimension of 1 to the images of a data set, so that 28 x 28 becomes 28 x 28 x 1.</summary>
/// <seealso cref="ImportMnistCommand" />
/// <seealso cref="NewConvLayerCommand" />
/// <remarks>
/// <para>
/// A convolution needs images of height x width x channels. Published grey images have no channel dimension; this command adds it. The pixels are not
/// copied.
/// </para>
/// </remarks>
/// <example>
/// <para>The tutorial's step: grey images get a channel.</para>
/// <code>$mnist = Import-Mnist -Name Synthetic -First 1000 | Expand-Dimension; $mnist.Shape</code>
/// </example>
/// <example>
/// <para>A leading dimension instead.</para>
/// <code>Import-Mnist -Name Synthetic -First 1000 | Expand-Dimension -Axis 0</code>
/// </example>
[Cmdlet(VerbsData.Expand, "Dimension", HelpUri = HelpPages.Address + "Expand-Dimension.md")]
[OutputType(typeof(Dataset))]
public sealed class ExpandDimensionCommand : ConvNetCmdlet
{
    /// <summary>The data set, usually from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Data")]
    [DatasetTransform(IsWhole = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset InputObject { get; set; } = null!;

    /// <summary>
    /// Where the new dimension goes: 0 is outermost, -1 innermost; for 28 x 28 images -3 to 2. Default: -1, the channels.
    /// </summary>
    [Parameter]
    [ReadAs<int>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Axis { get; set; } = -1;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(InputObject.ExpandDimension(Axis));
        }
        catch (ConvNetException e)
        {
            WriteError(e, InputObject);
        }
    }
}
