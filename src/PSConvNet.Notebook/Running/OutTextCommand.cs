using System.Management.Automation;
using System.Text;

namespace PSConvNet.Notebook;

/// <summary>What PowerShell would print for the objects that come down the pipeline, as one string.</summary>
[Cmdlet(VerbsData.Out, "NotebookText")]
internal sealed class OutTextCommand : PSCmdlet, IDisposable
{
    private readonly ObjectFormatter _formatter = new();
    private readonly StringBuilder _text = new();

    /// <summary>What to print.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Shows the text beside the notebook instead of giving it.</summary>
    [Parameter]
    public SwitchParameter Page { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _text.Append(CellScreen.Capture(() => _formatter.Show(InputObject)));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        _text.Append(CellScreen.Capture(_formatter.End));
        var text = _text.ToString().Trim('\r', '\n');
        if (Page)
            NotebookHost.ScreenOf(Host)?.Post(output => output.Page(text));
        else
            WriteObject(text);
    }

    /// <inheritdoc />
    public void Dispose() => _formatter.Dispose();
}
