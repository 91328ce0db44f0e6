using System.Management.Automation.Language;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PSConvNet.Notebook;

/// <summary>Which cells are PowerShell. Polyglot notebooks may hold other languages, which nothing here can run.</summary>
internal static partial class CellLanguage
{
    /// <summary>Refuses a notebook with code of another language, before anything is run.</summary>
    /// <exception cref="ConvNetException"><c>NotebookLanguageUnsupported</c>.</exception>
    public static void Check(NotebookFile notebook, string path)
    {
        var otherwise = LanguageOf(notebook);
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
        {
            var magics = Magics(cell.Source).ToList();
            if (magics.Find(name => !IsPowerShell(name)) is { } other)
                throw Unsupported(path, cell, $"has the line #!{other}");
            var language = magics.FirstOrDefault() ?? cell.Language ?? otherwise;
            if (language is not null && !IsPowerShell(language))
                throw Unsupported(path, cell, $"is {language}");
        }
    }

    private static string? LanguageOf(NotebookFile notebook)
    {
        var metadata = notebook.Metadata;
        return Text(Inner(metadata["polyglot_notebook"], "kernelInfo"), "defaultKernelName")
            ?? Text(metadata["kernelspec"], "language")
            ?? Text(metadata["language_info"], "name");
    }

    // Metadata are others' own: what should be an object may be anything.
    private static JsonNode? Inner(JsonNode? node, string field) => node is JsonObject json ? json[field] : null;

    private static string? Text(JsonNode? node, string field) =>
        node is JsonObject json ? WireMessage.Text(json, field) : null;

    /// <summary>The words after #! at the start of lines: to PowerShell they are comments, to Polyglot its own commands.</summary>
    private static IEnumerable<string> Magics(string source)
    {
        if (!source.Contains("#!", StringComparison.Ordinal))
            return [];
        Parser.ParseInput(source, out var tokens, out _);
        return tokens
            .Where(token => token.Kind == TokenKind.Comment && token.Extent.StartColumnNumber == 1)
            .Select(token => MagicPattern().Match(token.Text))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value);
    }

    private static bool IsPowerShell(string language) =>
        language.Equals("powershell", StringComparison.OrdinalIgnoreCase)
        || language.Equals("pwsh", StringComparison.OrdinalIgnoreCase);

    private static ConvNetException Unsupported(string path, NotebookCell cell, string what) =>
        new(
            ErrorIds.NotebookLanguageUnsupported,
            ErrorKind.InvalidData,
            $"Cell {cell.Number} of {path} (\"{cell.FirstLine}\") {what:text}, and only PowerShell can be run here; remove the cell, or run the notebook where it was written.",
            path
        );

    // A shebang of Unix goes on with a slash.
    [GeneratedRegex(@"\A#!([A-Za-z][\w-]*)")]
    private static partial Regex MagicPattern();
}
