using System.Globalization;
using System.Text;

namespace PSConvNet.HelpWriter;

/// <summary>Writes one page a cmdlet, for docs/commands, and an index of them.</summary>
internal static class MarkdownWriter
{
    public static void Write(string folder, IReadOnlyList<CommandHelp> commands)
    {
        Directory.CreateDirectory(folder);
        foreach (var stale in Directory.EnumerateFiles(folder, "*.md"))
            File.Delete(stale);
        foreach (var command in commands)
            File.WriteAllText(Path.Combine(folder, command.Name + ".md"), Page(command));
        File.WriteAllText(Path.Combine(folder, "README.md"), Index(commands));
    }

    private static string Index(IReadOnlyList<CommandHelp> commands)
    {
        var page = new StringBuilder(
            "# Commands\n\nWritten by `./build.ps1 Docs` from the cmdlets' comments; `Get-Help` says the same.\n\n"
        );
        page.Append("| command | what it does |\n|---|---|\n");
        foreach (var command in commands)
            page.Append(
                CultureInfo.InvariantCulture,
                $"| [{command.Name}]({command.Name}.md) | {command.Synopsis.ToMarkdown()} |\n"
            );
        return page.ToString();
    }

    private static string Page(CommandHelp help)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {help.Name}\n\n{help.Synopsis.ToMarkdown()}\n");
        Prose(page, help.Description);

        page.Append("\n## Syntax\n\n```\n");
        page.AppendJoin("\n\n", help.Syntax.Select(s => s.Line));
        page.Append("\n```\n");

        page.Append("\n## Examples\n");
        foreach (var example in help.Examples)
        {
            Prose(page, example.Explanation);
            page.Append(CultureInfo.InvariantCulture, $"\n```powershell\n{example.Code}\n```\n");
        }

        if (help.Parameters.Count > 0)
            page.Append("\n## Parameters\n");
        foreach (var parameter in help.Parameters)
            Parameter(page, parameter);

        Types(page, "Inputs", help.Inputs);
        Types(page, "Outputs", help.Outputs);
        Links(page, help.Related);
        return page.ToString();
    }

    private static void Parameter(StringBuilder page, ParameterHelp help)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### -{help.Name}\n");
        Prose(page, help.Description);
        List<string> facts = [$"`{help.TypeName}`"];
        if (help.AcceptedValues.Count > 0)
            facts.Add($"one of {string.Join(", ", help.AcceptedValues.Select(v => $"`{v}`"))}");
        facts.Add(
            help.IsRequired ? "required"
            : help.Default is null ? "optional"
            : $"default `{help.Default}`"
        );
        facts.Add(
            help.Position is { } position
                ? string.Create(CultureInfo.InvariantCulture, $"position {position}")
                : "named"
        );
        if (help.PipelineInput != "False")
            facts.Add($"from the pipeline {help.PipelineInput["True ".Length..]}");
        if (help.AcceptsWildcards)
            facts.Add("wildcards");
        if (help.Aliases.Count > 0)
            facts.Add($"alias {string.Join(", ", help.Aliases.Select(a => $"`-{a}`"))}");
        page.Append(CultureInfo.InvariantCulture, $"\n{string.Join("; ", facts)}\n");
    }

    private static void Types(StringBuilder page, string title, IReadOnlyList<TypeHelp> types)
    {
        if (types.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        foreach (var type in types)
        {
            var about = string.Join(" ", type.Description.Select(p => p.ToMarkdown()));
            page.Append(CultureInfo.InvariantCulture, $"- `{type.Name}`{(about.Length == 0 ? "" : ": " + about)}\n");
        }
    }

    private static void Links(StringBuilder page, IReadOnlyList<string> related)
    {
        page.Append("\n## Related links\n\n");
        foreach (var name in related)
            page.Append(CultureInfo.InvariantCulture, $"- [{name}]({name}.md)\n");
        page.Append(
            CultureInfo.InvariantCulture,
            $"- [{CommandHelp.Topic}](../../module/en-US/{CommandHelp.Topic}.help.txt)\n"
        );
    }

    // Items of a list are paragraphs that begin with a dash; they stay together.
    private static void Prose(StringBuilder page, IReadOnlyList<Paragraph> paragraphs)
    {
        var inList = false;
        foreach (var paragraph in paragraphs.Select(p => p.ToMarkdown()))
        {
            var isItem = paragraph.StartsWith("- ", StringComparison.Ordinal);
            page.Append(isItem && inList ? "" : "\n").Append(paragraph).Append('\n');
            inList = isItem;
        }
    }
}
