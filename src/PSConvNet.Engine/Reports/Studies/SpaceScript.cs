namespace PSConvNet.Reports;

/// <summary>What a sweep varies as the command that says so, and script blocks as they are written.</summary>
internal static class SpaceScript
{
    /// <summary>The command.</summary>
    public static string Write(SweepSpace space) =>
        "New-SweepSpace"
        + Table("Choice", space.Parameters.OfType<ChoiceParameter>().Select(p => (p.Name, Values(p.Values))))
        + Table(
            "Integer",
            space
                .Parameters.OfType<IntegerParameter>()
                .Select(p => (p.Name, Values(p.Step == 1 ? [p.Low, p.High] : [p.Low, p.High, p.Step])))
        )
        + Table("Uniform", space.Parameters.OfType<UniformParameter>().Select(p => (p.Name, Values([p.Low, p.High]))))
        + Table(
            "LogUniform",
            space.Parameters.OfType<LogUniformParameter>().Select(p => (p.Name, Values([p.Low, p.High])))
        )
        + Table("When", space.Conditions.Select(pair => (pair.Key, Block(pair.Value.Text))));

    /// <summary>
    /// A script block of that text. What people can see stands as it is; a text that can't be seen whole is quoted, so that the command
    /// does what it looks like.
    /// </summary>
    public static string Block(string text)
    {
        var lines = text.ReplaceLineEndings("\n");
        if (
            !lines.Split('\n').Select(line => line.Replace('\t', ' ')).All(line => PowerShellText.Comment(line) == line)
        )
            return $"([scriptblock]::Create({PowerShellText.Quote(lines)}))";
        // A line of its own for the brace where the text may end in a comment.
        return lines.Contains('\n') || lines.Contains('#') ? $"{{{lines.TrimEnd('\n')}\n}}" : $"{{ {lines.Trim()} }}";
    }

    private static string Table(string parameter, IEnumerable<(string Name, string Value)> entries)
    {
        var written = entries.Select(entry => $"{Key(entry.Name)} = {entry.Value}").ToList();
        return written.Count == 0 ? "" : $" `\n    -{parameter} @{{ {string.Join("; ", written)} }}";
    }

    private static string Key(string name) =>
        char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : PowerShellText.Quote(name);

    private static string Values(IEnumerable<object> values) => string.Join(", ", values.Select(Value));

    private static string Value(object value) =>
        value switch
        {
            bool yes => yes ? "$true" : "$false",
            string text => PowerShellText.Quote(text),
            _ => SweepValue.ToText(value),
        };
}
