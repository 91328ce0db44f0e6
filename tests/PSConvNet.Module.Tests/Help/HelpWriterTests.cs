using System.Diagnostics;
using System.Xml.Linq;

namespace PSConvNet.Module.Tests.Help;

/// <summary>The help writer itself, on a cmdlet of this assembly with comments made here.</summary>
public sealed class HelpWriterTests : IDisposable
{
    private const string Cmdlet = "T:PSConvNet.Module.Tests.Help.GetHelpFixtureCommand";
    private const string Property = "P:PSConvNet.Module.Tests.Help.GetHelpFixtureCommand.";
    private const string BaseProperty = "P:PSConvNet.Module.Tests.Help.HelpFixtureBase.";

    // Each run of the writer is a process of its own; what only reads its output shares one.
    private static readonly Lazy<XElement> s_complete = new(() =>
    {
        using var tests = new HelpWriterTests();
        return tests.WriteMaml(Complete());
    });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psconvnet-help-");

    private static Dictionary<string, string> Complete() =>
        new()
        {
            [Cmdlet] = $"""
                <summary>Gets the <c>fixture</c>.</summary>
                <remarks><para>See <see cref="{Property}Size"/> and <see cref="{Cmdlet}"/>.</para><para>Never <see langword="null"/>.</para></remarks>
                <example><para>The first.</para><code>
                    Get-HelpFixture Small |
                        Get-HelpFixture
                </code></example>
                <example><para>The second.</para><code>Get-HelpFixture Large |
                    Get-HelpFixture
                Get-HelpFixture Small</code></example>
                <seealso>Get-Item</seealso>
                """,
            [BaseProperty + "Label"] = "<summary>A label.</summary>",
            [BaseProperty + "Count"] = "<summary>How many, 1 to 9 (default 3).</summary>",
            [Property + "Label"] = "<inheritdoc/>",
            [Property + "Size"] = "<summary>A size.</summary>",
            [Property + "InputObject"] = $"<inheritdoc cref=\"{BaseProperty}Count\"/>",
            [Property + "Choice"] = "<summary>A choice.</summary>",
            [Property + "Threads"] = "<summary>Threads. Default: as many as there are cores.</summary>",
            [Property + "Rate"] = "<summary>A rate. Default: 0.5, and 0.9 for the large.</summary>",
            [Property + "Word"] = "<summary>A word. Default: yours.</summary>",
            [Property + "Optimizer"] = "<summary>How. Default: Adam.</summary>",
        };

    [Fact]
    public void Text_is_resolved_to_words_a_user_knows()
    {
        var help = s_complete.Value;

        Assert.Equal("Gets the fixture.", help.ValueAt("details", "description", "para"));
        Assert.Equal("See -Size and Get-HelpFixture.", help.ValueAt("description", "para"));
        Assert.Equal("Get-HelpFixture Small |\n    Get-HelpFixture", help.ValueAt("examples", "example", "code"));
        Assert.Contains("Never $null.", help.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_begins_on_the_line_of_its_tag_keeps_only_its_own_indentation()
    {
        var codes = s_complete.Value.Descendants().Where(e => e.Name.LocalName == "code").Select(e => e.Value);

        Assert.Equal("Get-HelpFixture Large |\n    Get-HelpFixture\nGet-HelpFixture Small", codes.Last());
    }

    [Fact]
    public void Comments_are_inherited_from_base_classes_and_from_where_cref_points()
    {
        var help = s_complete.Value;

        Assert.Equal("A label.", Parameter(help, "Label").ValueAt("description", "para"));
        Assert.Equal("How many, 1 to 9 (default 3).", Parameter(help, "Count").ValueAt("description", "para"));
        Assert.Equal("How many, 1 to 9 (default 3).", Parameter(help, "InputObject").ValueAt("description", "para"));
    }

    [Theory]
    [InlineData("Choice", "b")]
    [InlineData("Count", "3")]
    [InlineData("Threads", "4")]
    [InlineData("Size", "None")]
    [InlineData("Rate", "None")]
    [InlineData("Word", "None")]
    [InlineData("Optimizer", "Adam")]
    [InlineData("WhatIf", "False")]
    public void Defaults_come_from_the_attribute_the_property_or_the_text(string parameter, string expected)
    {
        var help = s_complete.Value;

        Assert.Equal(expected, Parameter(help, parameter).ValueAt("defaultValue"));
    }

    [Fact]
    public void Syntax_is_per_parameter_set_with_the_default_first()
    {
        var sets = s_complete
            .Value.Descendants()
            .Where(e => e.Name.LocalName == "syntaxItem")
            .Select(s =>
                s.Elements().Where(e => e.Name.LocalName == "parameter").Select(p => p.ValueAt("name")).ToList()
            )
            .ToList();

        Assert.Equal(2, sets.Count);
        Assert.Equal("Size", sets[0][0]);
        Assert.Equal("InputObject", sets[1][0]);
        Assert.DoesNotContain("Size", sets[1]);
        Assert.DoesNotContain("Verbose", sets[0]);
    }

    [Fact]
    public void Accepted_values_aliases_and_pipeline_input_are_told()
    {
        var help = s_complete.Value;

        Assert.Contains("Small, Large", Parameter(help, "Size").ToString(), StringComparison.Ordinal);
        Assert.Contains("a, b", Parameter(help, "Choice").ToString(), StringComparison.Ordinal);
        Assert.Equal("Cnt", Parameter(help, "Count").Attribute("aliases")!.Value);
        Assert.Equal("True (ByValue)", Parameter(help, "InputObject").Attribute("pipelineInput")!.Value);
        Assert.Equal("0", Parameter(help, "Size").Attribute("position")!.Value);
    }

    [Theory]
    [InlineData(Property + "Choice", "Get-HelpFixture -Choice: the property has no <summary>")]
    [InlineData(BaseProperty + "Label", "Get-HelpFixture -Label: the property has no <summary>")]
    [InlineData(Cmdlet, "Get-HelpFixture: the class has no <summary>")]
    [InlineData(Cmdlet, "Get-HelpFixture: the class needs two <example> elements with <code>, and has 0")]
    public void What_is_missing_is_a_build_error_that_names_it(string member, string expected)
    {
        var comments = Complete();
        comments.Remove(member);

        var (exitCode, output) = Run(comments, "--maml", Path.Combine(_folder.FullName, "help.xml"));

        Assert.Equal(1, exitCode);
        Assert.Contains("error HELP001: " + expected, output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "help.xml")));
    }

    [Fact]
    public void A_command_that_leads_to_no_other_is_an_error()
    {
        var comments = Complete();
        comments[Cmdlet] = comments[Cmdlet].Replace("<seealso>Get-Item</seealso>", "", StringComparison.Ordinal);

        var (exitCode, output) = Run(comments, "--maml", Path.Combine(_folder.FullName, "help.xml"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Get-HelpFixture: nothing leads on to another command", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Related_links_begin_with_the_page_in_the_web()
    {
        var links = s_complete
            .Value.Elements()
            .Single(e => e.Name.LocalName == "relatedLinks")
            .Elements()
            .Select(link => (link.ValueAt("linkText"), link.ValueAt("uri")));

        Assert.Equal(
            [
                ("Online version:", "https://psconvnet.example/commands/Get-HelpFixture.md"),
                ("Get-Item", ""),
                ("about_PSConvNet", ""),
            ],
            links
        );
    }

    [Fact]
    public void One_example_is_not_enough()
    {
        var comments = Complete();
        var text = comments[Cmdlet];
        comments[Cmdlet] = text[..text.LastIndexOf("<example>", StringComparison.Ordinal)];

        var (exitCode, output) = Run(comments, "--maml", Path.Combine(_folder.FullName, "help.xml"));

        Assert.Equal(1, exitCode);
        Assert.Contains("and has 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_committed_command_pages_say_what_the_comments_say()
    {
        var written = Path.Combine(_folder.FullName, "pages");
        var bin = Path.Combine(Repository.Root, "module", "bin");

        var (exitCode, output) = Start(
            Path.Combine(bin, "PSConvNet.dll"),
            Path.Combine(bin, "PSConvNet.Notebook.dll"),
            "--markdown",
            written
        );

        Assert.True(exitCode == 0, output);
        Assert.Equal(Pages(written), Pages(Path.Combine(Repository.Root, "docs", "commands")));
    }

    // Name and text of each page; a difference means: ./build.ps1 Docs, or dotnet build src/PSConvNet -t:CommandPages.
    private static IEnumerable<string> Pages(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateFiles("*.md")
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => $"{f.Name}\n{File.ReadAllText(f.FullName).ReplaceLineEndings("\n")}");

    private XElement WriteMaml(Dictionary<string, string> comments)
    {
        var file = Path.Combine(_folder.FullName, "help.xml");
        var (exitCode, output) = Run(comments, "--maml", file);
        Assert.True(exitCode == 0, output);
        return XDocument.Load(file).Root!.Elements().Single();
    }

    private static XElement Parameter(XElement help, string name) =>
        help.Elements().Single(e => e.Name.LocalName == "parameters").Elements().Single(p => p.ValueAt("name") == name);

    private (int ExitCode, string Output) Run(Dictionary<string, string> comments, params string[] arguments)
    {
        var docs = Path.Combine(_folder.FullName, "comments.xml");
        var members = comments.Select(c => $"<member name=\"{c.Key}\">{Indented(c.Value)}\n</member>");
        File.WriteAllText(docs, $"<doc><members>{string.Concat(members)}</members></doc>");
        return Start([typeof(HelpWriterTests).Assembly.Location, "--docs", docs, .. arguments]);
    }

    // As the compiler writes comments: every line twelve spaces in.
    private static string Indented(string comment) =>
        string.Concat(comment.ReplaceLineEndings("\n").Split('\n').Select(line => $"\n            {line}"));

    private static (int ExitCode, string Output) Start(params string[] arguments)
    {
        // .../bin/<configuration>/net10.0/, here as there.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var tool = Path.Combine([
            Repository.Root,
            "build",
            "PSConvNet.HelpWriter",
            "bin",
            configuration,
            "net10.0",
            "PSConvNet.HelpWriter.dll",
        ]);
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && IsDotnet(host) ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["exec", tool, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";

    public void Dispose() => _folder.Delete(recursive: true);
}

file static class MamlExtensions
{
    /// <summary>The text of the first element on a path of local names.</summary>
    public static string? ValueAt(this XElement from, params string[] path)
    {
        var current = from;
        foreach (var name in path)
        {
            current = current.Elements().FirstOrDefault(e => e.Name.LocalName == name);
            if (current is null)
                return null;
        }
        return current.Value;
    }
}
