using System.Collections.ObjectModel;
using System.Management.Automation.Host;

namespace PSConvNet.Notebook;

/// <summary>PowerShell's choices as text, and the answers to them.</summary>
internal static class ChoiceMenu
{
    /// <summary>The choice that an answer means, by its key or its whole label; null for none.</summary>
    public static int? Choose(Collection<ChoiceDescription> choices, string answer)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            var (hotKey, label) = Labels(choices[i]);
            if (
                answer.Equals(label, StringComparison.OrdinalIgnoreCase)
                || (hotKey.Length > 0 && answer.Equals(hotKey, StringComparison.OrdinalIgnoreCase))
            )
                return i;
        }
        return null;
    }

    /// <summary>What each choice means, a line each, for who answers with a question mark.</summary>
    public static IEnumerable<string> Help(Collection<ChoiceDescription> choices) =>
        choices.Select(choice => $"{Short(choice)} - {choice.HelpMessage}");

    /// <summary>All choices on one line, with the default ones.</summary>
    public static string Line(Collection<ChoiceDescription> choices, int[] defaults)
    {
        var items = choices.Select(choice =>
            Labels(choice) is var (hotKey, label) && hotKey.Length > 0 ? $"[{hotKey}] {label}" : label
        );
        var names = string.Join(',', defaults.Select(i => Short(choices[i])));
        var end = defaults.Length > 0 ? $" (default is \"{names}\"): " : ": ";
        return string.Join("  ", items) + "  [?] Help" + end;
    }

    private static string Short(ChoiceDescription choice) =>
        Labels(choice) is var (hotKey, label) && hotKey.Length > 0 ? hotKey : label;

    // "&Yes" is shown as "[Y] Yes" and answered by either.
    private static (string HotKey, string Label) Labels(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        var hotKey =
            mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : "";
        return (hotKey, choice.Label.Replace("&", "", StringComparison.Ordinal));
    }
}
