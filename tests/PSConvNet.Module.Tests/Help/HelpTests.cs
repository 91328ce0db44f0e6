using System.Management.Automation;
using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Help;

/// <summary>What Get-Help says in a bare runspace, for every cmdlet the module exports.</summary>
public sealed partial class HelpTests(HelpSession shared) : IClassFixture<HelpSession>
{
    private readonly PowerShellSession _session = shared.Session;

    /// <summary>A theory without cases fails by itself: a module that exports nothing does not pass.</summary>
    public static TheoryData<string> Cmdlets { get; } = ExportedCmdlets();

    [Fact]
    public void The_module_exports_what_its_manifest_lists()
    {
        var listed = _session.Run($"(Test-ModuleManifest '{Repository.Manifest}').ExportedCmdlets.Keys").Output;

        Assert.Equal(
            listed.Select(n => n.ToString()).Order(StringComparer.Ordinal),
            Cmdlets.Cast<object[]>().Select(row => (string)row[0]).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_has_a_synopsis_a_description_and_two_examples(string cmdlet)
    {
        var help = shared.Of(cmdlet);

        // Without a help file PowerShell makes one up, whose synopsis is the syntax.
        var synopsis = Text(help, "Synopsis");
        Assert.True(synopsis.Length > 0 && !synopsis.StartsWith(cmdlet, StringComparison.Ordinal), synopsis);
        Assert.NotEmpty(Texts(help, "description"));
        Assert.True(HelpExample.Of(help).Count >= 2);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_describes_every_parameter_the_cmdlet_has(string cmdlet)
    {
        var help = shared.Of(cmdlet);

        var described = Items(help, "parameters", "parameter")
            .Where(p => Texts(p, "description").Any(t => t.Length > 0))
            .Select(p => Text(p, "name"));
        var parameters = _session
            .Run(
                $"$common = [System.Management.Automation.Cmdlet]::CommonParameters; "
                    + $"(Get-Command {cmdlet}).Parameters.Keys | Where-Object {{ $_ -notin $common }}"
            )
            .Output.Select(p => p.ToString());

        Assert.Equal(parameters.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_shows_each_parameter_set_the_cmdlet_has(string cmdlet)
    {
        var help = shared.Of(cmdlet);

        var sets = _session.Run($"(Get-Command {cmdlet}).ParameterSets.Count").Output.Single();

        Assert.Equal(sets.BaseObject, Items(help, "syntax", "syntaxItem").Count());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_is_said_of_a_parameter_names_only_parameters_of_its_cmdlet_or_says_of_which(string cmdlet)
    {
        var known = _session
            .Run($"(Get-Command {cmdlet}).Parameters.Values | ForEach-Object {{ $_.Name; $_.Aliases }}")
            .Output.Select(name => name.ToString())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var sentences = Items(shared.Of(cmdlet), "parameters", "parameter")
            .SelectMany(parameter => Texts(parameter, "description"))
            .SelectMany(text => text.Split(". "));

        var foreign = sentences
            .Where(sentence => !CmdletName().IsMatch(sentence))
            .SelectMany(
                sentence => ParameterName().Matches(sentence),
                (sentence, name) => (sentence, name.Groups[1].Value)
            )
            .Where(named => !known.Contains(named.Value));

        Assert.Empty(foreign);
    }

    [SkippableTheory]
    [MemberData(nameof(Cmdlets))]
    public void Every_example_runs(string cmdlet)
    {
        var examples = HelpExample.Of(shared.Of(cmdlet));
        using var run = new ExampleRun(_session);

        var failures = examples.Select(run.Try).OfType<string>().ToList();

        Assert.True(failures.Count == 0, $"{cmdlet}\n{string.Join("\n\n", failures)}");
        Skip.If(run.Unavailable.Count > 0, $"{cmdlet}: {string.Join("; ", run.Unavailable)}");
    }

    private static TheoryData<string> ExportedCmdlets()
    {
        using var session = new PowerShellSession();
        return [.. session.Run("Get-Command -Module PSConvNet | ForEach-Object Name").Output.Select(n => n.ToString())];
    }

    internal static IEnumerable<PSObject> Items(PSObject from, string group, string item) =>
        from.Properties[group]?.Value is { } inner && PSObject.AsPSObject(inner).Properties[item]?.Value is { } items
            ? LanguagePrimitives.GetEnumerable(items)?.Cast<object>().Select(PSObject.AsPSObject)
                ?? [PSObject.AsPSObject(items)]
            : [];

    internal static string Text(PSObject from, string property) =>
        from.Properties[property]?.Value?.ToString()?.Trim() ?? "";

    /// <summary>The paragraphs of a MAML description.</summary>
    internal static IReadOnlyList<string> Texts(PSObject from, string property) =>
        from.Properties[property]?.Value is { } value
            ?
            [
                .. (LanguagePrimitives.GetEnumerable(value)?.Cast<object>() ?? [value]).Select(p =>
                    Text(PSObject.AsPSObject(p), "Text")
                ),
            ]
            : [];

    [GeneratedRegex(@"(?<![\w-])[A-Z][A-Za-z]+-[A-Z][A-Za-z]+")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"(?<![\w-])-([A-Z]\w+)")]
    private static partial Regex ParameterName();
}
