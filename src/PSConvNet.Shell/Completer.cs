using System.Management.Automation;

namespace PSConvNet.Shell;

/// <summary>What could stand at the cursor.</summary>
/// <param name="Start">Where the part to replace begins.</param>
/// <param name="Length">Its length.</param>
/// <param name="Common">What all candidates begin with; the candidate itself where there is one.</param>
/// <param name="Names">The candidates as they are listed.</param>
internal sealed record CompletionResults(int Start, int Length, string Common, IReadOnlyList<string> Names);

/// <summary>Asks the engine's own tab completion, and with it the completers of every cmdlet.</summary>
internal sealed class Completer(ShellSession session)
{
    /// <summary>The candidates at a place in a text, or null where there are none.</summary>
    public CompletionResults? Complete(string text, int cursor)
    {
        using var shell = session.CreateShell();
        CommandCompletion completion;
        try
        {
            completion = CommandCompletion.CompleteInput(text, cursor, null, shell);
        }
        catch (RuntimeException)
        {
            // A completer that fails completes nothing; the prompt goes on.
            return null;
        }
        if (completion.CompletionMatches.Count == 0 || completion.ReplacementIndex < 0)
            return null;
        var common = completion.CompletionMatches.Select(m => m.CompletionText).Aggregate(CommonStart);
        return new(
            completion.ReplacementIndex,
            completion.ReplacementLength,
            common,
            [.. completion.CompletionMatches.Select(m => m.ListItemText)]
        );
    }

    private static string CommonStart(string one, string other)
    {
        var length = 0;
        while (
            length < Math.Min(one.Length, other.Length)
            && char.ToUpperInvariant(one[length]) == char.ToUpperInvariant(other[length])
        )
            length++;
        return one[..length];
    }
}
