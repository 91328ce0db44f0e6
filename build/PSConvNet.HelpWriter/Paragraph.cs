using System.Text;

namespace PSConvNet.HelpWriter;

/// <summary>A run of prose or of code.</summary>
internal readonly record struct Span(string Text, bool IsCode);

/// <summary>A paragraph of prose in which some words are code.</summary>
internal sealed record Paragraph(IReadOnlyList<Span> Spans)
{
    public Paragraph(string text)
        : this([new Span(text, false)]) { }

    /// <summary>As a terminal shows it: code is not marked.</summary>
    public string ToPlain() => string.Concat(Spans.Select(s => s.Text));

    /// <summary>As Markdown: code between backticks, and nothing else that Markdown would take for a mark.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var span in Spans)
            text.Append(span.IsCode ? Fence(span.Text) : Escape(span.Text));
        return text.ToString();
    }

    // Code that holds backticks needs a longer fence (CommonMark, "Code spans").
    private static string Fence(string code) => code.Contains('`') ? $"`` {code} ``" : $"`{code}`";

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal);
}
