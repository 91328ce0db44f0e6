using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Imports MNIST or a data set of its kind.</summary>
[Cmdlet(VerbsData.Import, "Mnist")]
[OutputType(typeof(Dataset))]
public sealed class ImportMnistCommand : ConvNetCmdlet
{
    /// <summary>Which set.</summary>
    [Parameter(Position = 0)]
    public MnistName Name { get; set; } = MnistName.Digits;

    /// <summary>A folder.</summary>
    [Parameter]
    public string? Path { get; set; }

    /// <summary>Keep the first so many.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            var source = new MnistSource(Name, MnistLocations.FromEnvironment(), WriteVerbose);
            var folder = Path is null ? source.Find() : source.FindIn(GetUnresolvedProviderPathFromPSPath(Path));
            WriteObject(source.Read(folder ?? throw source.NotFound(), First));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e);
        }
    }
}
