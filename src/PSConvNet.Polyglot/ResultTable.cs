namespace PSConvNet.Polyglot;

/// <summary>Rows that belong together, as the one table that is shown of them.</summary>
internal sealed class ResultTable(
    string heading,
    IReadOnlyList<TextColumn> columns,
    IReadOnlyList<IReadOnlyList<string>> rows
)
{
    /// <summary>The table as an HTML element.</summary>
    public string ToHtml() => HtmlTable.Format(heading.Length > 0 ? heading : null, columns, rows);

    /// <summary>The table as lines of text.</summary>
    public string ToText() =>
        heading.Length > 0 ? $"{heading}\n\n{TextTable.Format(columns, rows)}" : TextTable.Format(columns, rows);

    /// <inheritdoc />
    public override string ToString() => ToText();
}
