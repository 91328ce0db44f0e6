namespace PSConvNet;

/// <summary>A table with what is said above and below it: what summaries and runs print as, in a terminal and on a page.</summary>
/// <param name="Heading">The lines above.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">A text a column.</param>
/// <param name="Note">The lines below.</param>
internal sealed record TitledTable(
    string Heading,
    IReadOnlyList<TextColumn> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    string Note
)
{
    /// <summary>The table as lines, each ending in a line feed but the last; none is wider than a usual terminal.</summary>
    public string ToText() =>
        $"{TextTable.Lines(Heading)}\n\n{TextTable.Format(Columns, Rows)}\n\n{TextTable.Lines(Note)}".TrimEnd('\n');

    /// <summary>The table as an HTML element, with its note below.</summary>
    public string ToHtml() => HtmlTable.Format(Heading, Columns, Rows, Note);
}
