using System.Reflection;
using System.Text.RegularExpressions;

namespace PSConvNet.Tests;

/// <summary>
/// The engine's messages speak of the engine: of its types and their members, and not of cmdlets and parameters, which the module puts in their
/// place. Looks at the sources. Reports are left out, since they are about commands.
/// </summary>
public sealed partial class MessageTermTests
{
    /// <summary>What a sweep's worker is called with.</summary>
    private static readonly string[] s_workerArguments = ["Leash", "MostTrials"];

    private static readonly Lazy<IReadOnlyList<(string Place, string Text)>> s_texts = new(() => [.. Texts()]);

    [Fact]
    public void No_message_names_a_cmdlet()
    {
        Assert.InRange(s_texts.Value.Count, 1000, 100_000);
        Assert.DoesNotContain(s_texts.Value, one => Cmdlet().IsMatch(one.Text));
    }

    [Fact]
    public void No_message_names_a_parameter() =>
        Assert.DoesNotContain(
            s_texts.Value,
            one => Parameter().Matches(one.Text).Any(match => !s_workerArguments.Contains(match.Groups["name"].Value))
        );

    [Fact]
    public void Members_that_messages_name_exist()
    {
        var types = typeof(Model)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsNested)
            .ToLookup(type => type.Name, StringComparer.Ordinal);
        var named = s_texts
            .Value.SelectMany(one => Member().Matches(one.Text), (one, match) => (one.Place, Match: match))
            .Where(one => types.Contains(one.Match.Groups["type"].Value))
            .ToList();

        Assert.InRange(named.Count, 50, 1000);
        Assert.DoesNotContain(
            named,
            one =>
                !types[one.Match.Groups["type"].Value]
                    .Any(type => type.GetMember(one.Match.Groups["member"].Value).Length > 0)
        );
    }

    /// <summary>The literals of sources, with their holes; one word is no message.</summary>
    private static IEnumerable<(string Place, string Text)> Texts()
    {
        var root = typeof(MessageTermTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot")
            .Value!;
        var engine = Path.Combine(root, "src", "PSConvNet.Engine");
        return from file in Directory.EnumerateFiles(engine, "*.cs", SearchOption.AllDirectories)
            let place = Path.GetRelativePath(engine, file)
            where place.Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin" or "Reports")
            from line in File.ReadLines(file).Select((text, i) => (Text: text.Trim(), Number: i + 1))
            where !line.Text.StartsWith("//", StringComparison.Ordinal)
            let start = line.Text.IndexOf('"', StringComparison.Ordinal)
            where start >= 0 && line.Text.IndexOf(' ', start) >= 0
            select ($"{place}:{line.Number}", line.Text[start..]);
    }

    [GeneratedRegex(
        @"(?<![\w-])(?:Add|Compare|Convert|ConvertTo|ConvertFrom|Copy|Expand|Export|Find|Get|Import|Install|Invoke|Measure|New|Out|Register|Remove|Resume|Select|Set|Show|Split|Start|Stop|Test|Update|Where|Write)-[A-Z][A-Za-z]+"
    )]
    private static partial Regex Cmdlet();

    // Written out, or the hole of a name.
    [GeneratedRegex(@"(?<=[\s(""'])-(?:(?<name>[A-Z][A-Za-z]+)(?![\w-])|\{(?<name>[a-z]\w*)\})")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"(?<![\w.{])(?<type>[A-Z]\w+)\.(?<member>[A-Z]\w*)")]
    private static partial Regex Member();
}
