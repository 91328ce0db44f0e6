using System.Reflection;
using System.Text.RegularExpressions;

namespace PSConvNet.Tests;

/// <summary>Error ids are constants of <see cref="ErrorIds"/>, and of nothing else. Looks at the sources of all projects.</summary>
public sealed partial class ErrorIdTests
{
    private static readonly string[] s_ids =
    [
        .. typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name),
    ];

    [Fact]
    public void An_id_is_the_name_of_its_constant()
    {
        Assert.InRange(s_ids.Length, 100, 1000);
        Assert.All(s_ids, id => Assert.Equal(id, typeof(ErrorIds).GetField(id)!.GetValue(null)));
    }

    [Fact]
    public void No_source_writes_an_id_as_a_literal()
    {
        var ids = s_ids.ToHashSet();

        Assert.Empty(
            Sources()
                .SelectMany(source =>
                    Literal()
                        .Matches(source.Text)
                        .Where(match => ids.Contains(match.Groups["text"].Value))
                        .Select(match => $"{source.File}: {match.Value}")
                )
        );
    }

    [Fact]
    public void No_error_is_made_with_a_literal()
    {
        var sources = Sources().ToList();

        Assert.InRange(sources.Sum(source => Made().Count(source.Text)), 100, 1000);
        Assert.Empty(
            sources.SelectMany(source =>
                MadeWithLiteral().Matches(source.Text).Select(match => $"{source.File}: {match.Value}")
            )
        );
    }

    [Fact]
    public void Every_id_is_used()
    {
        var used = Sources()
            .SelectMany(source => Use().Matches(source.Text))
            .Select(match => match.Groups["id"].Value)
            .ToHashSet();

        Assert.Equal(s_ids.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_that_comments_and_help_announce_exist()
    {
        var ids = s_ids.ToHashSet();
        var announced = Sources()
            .SelectMany(source =>
                Announcement()
                    .Matches(source.Text)
                    .SelectMany(match => (match.Value[0] == '<' ? CommentedId() : ListedId()).Matches(match.Value))
                    .Select(match => (source.File, Id: match.Groups["id"].Value))
            )
            .ToList();

        Assert.InRange(announced.Count, 200, 5000);
        Assert.DoesNotContain(announced, one => !ids.Contains(one.Id));
    }

    private static IEnumerable<(string File, string Text)> Sources()
    {
        var root = typeof(ErrorIdTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot")
            .Value!;
        var separator = Path.DirectorySeparatorChar;
        return Directory
            .EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains($"{separator}obj{separator}", StringComparison.Ordinal)
                && Path.GetFileName(file) != $"{nameof(ErrorIds)}.cs"
            )
            .Select(file => (Path.GetRelativePath(root, file), File.ReadAllText(file)));
    }

    [GeneratedRegex("\"(?<text>[A-Za-z]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\bErrorKind\.")]
    private static partial Regex Made();

    // "new ConvNetException(" or a "new(" whose second argument is a kind.
    [GeneratedRegex("""new ConvNetException\(\s*\$?"[^"]*"|\(\s*\$?"[^"]*",\s*ErrorKind\.""")]
    private static partial Regex MadeWithLiteral();

    [GeneratedRegex(@"\bErrorIds\.(?<id>\w+)")]
    private static partial Regex Use();

    // An exception's comment, and the list of errors in a cmdlet's remarks.
    [GeneratedRegex(
        """<exception cref="ConvNetException">(?:(?!</exception>).)*</exception>|///[ ](?:<para>)?\s*Errors:(?:(?!</para>).)*</para>""",
        RegexOptions.Singleline
    )]
    private static partial Regex Announcement();

    [GeneratedRegex(@"<c>(?<id>[A-Z][a-z]\w+)</c>")]
    private static partial Regex CommentedId();

    // "Errors: FileExists (give -Force), PathInvalid"; what stands in brackets is prose.
    [GeneratedRegex(@"(?:Errors:|,|;)\s(?:///\s)?(?<id>[A-Z][a-z]+(?:[A-Z][a-z]+)+)(?=[ ,.;(])")]
    private static partial Regex ListedId();
}
