using System.Management.Automation;
using System.Reflection;

namespace PSConvNet.Polyglot;

/// <summary>
/// The end of every cell's pipeline in Polyglot Notebooks, which shows each object by itself: rows of our tables become one
/// <see cref="ResultTable"/>. All else goes through as it comes.
/// </summary>
[Cmdlet(VerbsData.Group, "PolyglotRow")]
internal sealed class GatherRowsCommand : PSCmdlet
{
    private static readonly Assembly[] s_ours =
    [
        typeof(Model).Assembly,
        typeof(Commands.ConvNetCmdlet).Assembly,
        typeof(Notebook.NotebookModule).Assembly,
    ];

    private readonly Dictionary<Type, TableView?> _views = [];
    private readonly List<IReadOnlyList<string>> _rows = [];
    private TableView? _view;
    private string _heading = "";

    /// <summary>What the cell gives.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ViewOf(InputObject) is not { } view)
        {
            WriteRows();
            WriteObject(InputObject);
            return;
        }
        var heading = view.HeadingOf(InputObject!);
        if (view != _view || heading != _heading)
            WriteRows();
        (_view, _heading) = (view, heading);
        _rows.Add(view.CellsOf(InputObject!));
    }

    /// <inheritdoc />
    protected override void EndProcessing() => WriteRows();

    private TableView? ViewOf(PSObject? value)
    {
        if (value?.BaseObject.GetType() is not { } type || !s_ours.Contains(type.Assembly))
            return null;
        if (!_views.TryGetValue(type, out var view))
            _views.Add(
                type,
                view = RichView.Types.Any(rich => rich.IsAssignableFrom(type)) ? null : TableView.Of(value.TypeNames)
            );
        return view;
    }

    private void WriteRows()
    {
        if (_rows.Count == 0)
            return;
        var table = _view!.Table(_heading, [.. _rows]);
        _rows.Clear();
        WriteObject(table);
    }
}
