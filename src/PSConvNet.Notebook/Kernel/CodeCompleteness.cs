using System.Management.Automation.Language;

namespace PSConvNet.Notebook;

/// <summary>Whether a text is a whole command, as PowerShell's parser sees it.</summary>
/// <param name="Status"><c>complete</c>, <c>incomplete</c> or <c>invalid</c>.</param>
/// <param name="Indent">What the next line begins with, where the text is not complete.</param>
internal sealed record CodeCompleteness(string Status, string Indent)
{
    private const string Step = "    ";

    /// <summary>Looks at a text.</summary>
    public static CodeCompleteness Of(string code)
    {
        Parser.ParseInput(code, out _, out var errors);
        if (errors.Length == 0)
            return new("complete", "");
        // One that more text can't mend is an error, whatever else is missing.
        return errors.All(error => error.IncompleteInput) ? new("incomplete", IndentAfter(code)) : new("invalid", "");
    }

    private static string IndentAfter(string code)
    {
        var last = code.TrimEnd().ReplaceLineEndings("\n").Split('\n')[^1];
        var indent = last[..(last.Length - last.TrimStart().Length)];
        return last.EndsWith('{') || last.EndsWith('(') || last.EndsWith('|') ? indent + Step : indent;
    }
}
