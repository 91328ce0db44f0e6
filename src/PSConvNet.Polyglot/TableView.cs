using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Polyglot;

/// <summary>The table that PowerShell prints a type's objects as, read from the format views in the session.</summary>
internal sealed class TableView
{
    private static readonly Version s_version = new(7, 4);
    private readonly List<TextColumn> _columns = [];
    private readonly List<Func<PSObject, string>> _cells = [];
    private readonly Func<PSObject, string>? _group;
    private readonly string? _groupLabel;

    private TableView(TableControl control)
    {
        var entries = control.Rows[0].Columns;
        for (var i = 0; i < entries.Count; i++)
        {
            var header = i < control.Headers.Count ? control.Headers[i] : null;
            var alignment = entries[i].Alignment is Alignment.Undefined ? header?.Alignment : entries[i].Alignment;
            var label = string.IsNullOrEmpty(header?.Label) ? entries[i].DisplayEntry.Value : header.Label;
            _columns.Add(new TextColumn(label, alignment is Alignment.Right));
            _cells.Add(Reader(entries[i].DisplayEntry, entries[i].FormatString));
        }
        if (control.GroupBy is { } group)
            (_group, _groupLabel) = (Reader(group.Expression, format: null), group.Label);
    }

    /// <summary>The view of a type, or null where it is not printed as a table.</summary>
    /// <param name="typeNames">The names of an object's type and of those it is derived from, nearest first.</param>
    public static TableView? Of(IEnumerable<string> typeNames)
    {
        foreach (var name in typeNames)
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            var found = shell
                .AddCommand("Microsoft.PowerShell.Utility\\Get-FormatData")
                .AddParameter("TypeName", name)
                // Without it views come as PowerShell 5.0 knew them: without groups.
                .AddParameter("PowerShellVersion", s_version)
                .Invoke<ExtendedTypeDefinition>();
            if (found.SelectMany(definition => definition.FormatViewDefinition).FirstOrDefault() is { } view)
                return view.Control is TableControl { Rows.Count: > 0 } table ? new TableView(table) : null;
        }
        return null;
    }

    /// <summary>What stands above the table that an object is a row of; another heading is another table.</summary>
    public string HeadingOf(PSObject row)
    {
        if (_group is null)
            return "";
        var value = _group(row);
        return string.IsNullOrEmpty(_groupLabel) ? value : $"{_groupLabel}: {value}";
    }

    /// <summary>An object's cells.</summary>
    public IReadOnlyList<string> CellsOf(PSObject row) => [.. _cells.Select(cell => cell(row))];

    /// <summary>The table of rows of cells.</summary>
    public ResultTable Table(string heading, IReadOnlyList<IReadOnlyList<string>> rows) => new(heading, _columns, rows);

    private static Func<PSObject, string> Reader(DisplayEntry entry, string? format)
    {
        if (entry.ValueType == DisplayEntryValueType.Property)
            return row => Text(row.Properties[entry.Value]?.Value, format);
        var script = ScriptBlock.Create(entry.Value);
        return row => Text(script.InvokeWithContext(null, [new PSVariable("_", row)]).LastOrDefault(), format);
    }

    private static string Text(object? value, string? format) =>
        value is null ? ""
        : string.IsNullOrEmpty(format) ? LanguagePrimitives.ConvertTo<string>(value)
        : string.Format(CultureInfo.CurrentCulture, format, value);
}
