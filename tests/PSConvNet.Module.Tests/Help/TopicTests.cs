using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Help;

/// <summary>The about topics: found by Get-Help, readable in a terminal, true.</summary>
public sealed partial class TopicTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "module", "en-US");

    public static TheoryData<string> Topics =>
        new(
            Directory
                .EnumerateFiles(s_folder, "about_*.help.txt")
                .Select(file => Path.GetFileName(file)[..^".help.txt".Length])
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("about_PSConvNet")]
    [InlineData("about_PSConvNet_Layers")]
    [InlineData("about_PSConvNet_Training")]
    [InlineData("about_PSConvNet_Sweeps")]
    [InlineData("about_PSConvNet_Notebooks")]
    public void Get_Help_gives_the_topic(string topic) =>
        Assert.Equal(
            File.ReadAllText(FileOf(topic)).ReplaceLineEndings("\n").Trim(),
            shared.Session.Run($"Get-Help {topic}").Output.Single().ToString().ReplaceLineEndings("\n").Trim()
        );

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_fits_a_terminal_and_has_the_parts_that_PowerShell_looks_for(string topic)
    {
        var lines = File.ReadAllLines(FileOf(topic));

        Assert.All(lines, line => Assert.True(line.Length < 80 && line.All(c => c is >= ' ' and <= '~'), line));
        Assert.Equal(["TOPIC", $"    {topic}"], lines[..2]);
        Assert.Contains("SHORT DESCRIPTION", lines);
        Assert.Contains("LONG DESCRIPTION", lines);
        Assert.Contains("SEE ALSO", lines);
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void What_a_topic_names_exists(string topic)
    {
        var named = Name().Matches(File.ReadAllText(FileOf(topic))).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(
            named,
            name =>
                Assert.True(
                    File.Exists(FileOf(name)) || shared.Session.Run($"Get-Command {name}").Errors.Count == 0,
                    name
                )
        );
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Parameters_that_a_topic_names_exist(string topic)
    {
        var known = shared
            .Session.Run("(Get-Command -Module PSConvNet, Microsoft.PowerShell.* -CommandType Cmdlet).Parameters.Keys")
            .Output.Select(name => name.ToString())
            .ToHashSet();

        Assert.All(
            Parameter().Matches(File.ReadAllText(FileOf(topic))).Select(match => match.Groups[1].Value),
            name => Assert.Contains(name, known)
        );
    }

    [SkippableTheory]
    [MemberData(nameof(Topics))]
    public void The_commands_of_a_topic_run_from_top_to_bottom(string topic)
    {
        using var session = new PowerShellSession();
        using var run = new ExampleRun(session);

        var failures = Examples(topic).Select(run.Try).OfType<string>().ToList();

        Assert.True(failures.Count == 0, $"{topic}\n{string.Join("\n\n", failures)}");
        Skip.If(run.Unavailable.Count > 0, $"{topic}: {string.Join("; ", run.Unavailable)}");
    }

    private static string FileOf(string topic) => Path.Combine(s_folder, $"{topic}.help.txt");

    // Text is indented by four spaces and commands by eight; an empty line between two commands doesn't separate them.
    private static IEnumerable<HelpExample> Examples(string topic)
    {
        var blocks = Commands().Matches(File.ReadAllText(FileOf(topic)).ReplaceLineEndings("\n"));
        Assert.NotEmpty(blocks);
        return blocks.Select((block, i) => new HelpExample(i + 1, block.Value.Trim()));
    }

    [GeneratedRegex(@"(?<=\n\n)( {8}[^\n]*\n|\n(?= {8}))+")]
    private static partial Regex Commands();

    [GeneratedRegex(@"(?<=[\s(])-([A-Z][A-Za-z]+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"(?<![\w-])(?:[A-Z][a-z]+-[A-Z][A-Za-z]+|about_\w+)(?![\w-])")]
    private static partial Regex Name();
}
