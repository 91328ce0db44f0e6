using System.Management.Automation;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>PowerShell's own tab completion, and with it the completers of every cmdlet.</summary>
internal static class CodeCompleter
{
    /// <summary>The content of a <c>complete_reply</c>.</summary>
    /// <param name="runner">The session.</param>
    /// <param name="code">The cell.</param>
    /// <param name="position">Where the cursor is, in characters.</param>
    public static JsonObject Complete(CellRunner runner, string code, int position)
    {
        var cursor = CodePoints.ToIndex(code, position);
        var found = Ask(runner, code, cursor);
        var start = found?.ReplacementIndex ?? cursor;
        var end = start + (found?.ReplacementLength ?? 0);
        var (from, to) = (CodePoints.ToPosition(code, start), CodePoints.ToPosition(code, end));
        var matches = new JsonArray();
        var kinds = new JsonArray();
        foreach (var match in found?.CompletionMatches ?? [])
        {
            matches.Add(match.CompletionText);
            kinds.Add(
                new JsonObject
                {
                    ["start"] = from,
                    ["end"] = to,
                    ["text"] = match.CompletionText,
                    ["type"] = Kind(match.ResultType),
                    // A cmdlet's syntax, a parameter's type; lists of frontends have one line for it.
                    ["signature"] = match.ToolTip.Split('\n')[0].Trim(),
                }
            );
        }
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = matches,
            ["cursor_start"] = from,
            ["cursor_end"] = to,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = kinds },
        };
    }

    private static CommandCompletion? Ask(CellRunner runner, string code, int cursor)
    {
        using var shell = runner.CreateShell();
        try
        {
            var found = CommandCompletion.CompleteInput(code, cursor, null, shell);
            return found is { ReplacementIndex: >= 0, CompletionMatches.Count: > 0 } ? found : null;
        }
        catch (RuntimeException)
        {
            // A completer that fails completes nothing.
            return null;
        }
    }

    private static string Kind(CompletionResultType type) =>
        type switch
        {
            CompletionResultType.Command => "function",
            CompletionResultType.Method => "method",
            CompletionResultType.Property => "property",
            CompletionResultType.ParameterName => "param",
            CompletionResultType.Variable => "variable",
            CompletionResultType.Type => "class",
            CompletionResultType.Namespace => "module",
            CompletionResultType.Keyword or CompletionResultType.DynamicKeyword => "keyword",
            CompletionResultType.ProviderItem or CompletionResultType.ProviderContainer => "path",
            _ => "text",
        };
}
