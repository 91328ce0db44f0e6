using System.Management.Automation;

namespace PSConvNet.Notebook;

/// <summary>
/// The end of every cell's pipeline: objects that are more than text become displays of their own, all others go through
/// PowerShell's formatting, each as it comes.
/// </summary>
[Cmdlet(VerbsData.Out, "NotebookCell")]
internal sealed class OutCellCommand : PSCmdlet, IDisposable
{
    private const string NativeText = "NativeCommandError";
    private const string NativeLine = "NativeCommandErrorMessage";
    private readonly ObjectFormatter _formatter = new();
    private PSObject? _held;
    private bool _several;

    /// <summary>What the cell gives.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Where it is shown.</summary>
    [Parameter(Mandatory = true)]
    public CellScreen Screen { get; set; } = null!;

    /// <summary>Whether the cell is one expression: its value, where it has one only, is the cell's result.</summary>
    [Parameter]
    public SwitchParameter Expression { get; set; }

    /// <summary>Takes each object too.</summary>
    [Parameter]
    public Action<PSObject?>? Observer { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var isError = InputObject?.BaseObject is ErrorRecord;
        if (InputObject?.BaseObject is ErrorRecord { FullyQualifiedErrorId: NativeText or NativeLine } line)
        {
            // What a program writes to its standard error; most of it is no error.
            Screen.Write(isError: true, line.Exception.Message + "\n");
            return;
        }
        if (!isError)
            Observer?.Invoke(InputObject);
        if (Expression && !_several && !isError && InputObject is not null)
        {
            if (_held is null)
            {
                // An expression has done its work when its value comes: to wait for the next costs no time.
                _held = InputObject;
                return;
            }
            _several = true;
            Show(_held);
            _held = null;
        }
        Show(InputObject);
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_held is { } result)
        {
            var bundle = ObjectView.Draw(result, ObjectView.Of(result));
            Screen.Post(output => output.Result(bundle));
        }
        _formatter.End();
    }

    /// <inheritdoc />
    public void Dispose() => _formatter.Dispose();

    private void Show(PSObject? value)
    {
        if (ObjectView.Of(value) is not { } view)
        {
            _formatter.Show(value);
            return;
        }
        _formatter.End();
        var bundle = ObjectView.Draw(value!, view);
        Screen.Post(output => output.Display(bundle));
    }
}
