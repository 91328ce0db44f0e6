using System.Net;
using System.Text.RegularExpressions;

namespace PSConvNet.Tests.Drawing;

public partial class MermaidDiagramTests
{
    public static TheoryData<string> Names => DrawnNetworks.Names;

    [Fact]
    public void A_flowchart_declares_nodes_and_joins_them()
    {
        var model = new Model(
            [new ResidualBlock([new DenseLayer(2) { Activation = Activation.ReLU }]), new DropoutLayer(0.5)],
            new Shape(2),
            "tiny"
        );

        Assert.Equal(
            """
            ---
            title: "tiny: 2 -\u003E 2, 2 layers, 6 parameters"
            ---
            flowchart TB
                n1(["Input<br/>2"])
                subgraph block2["residual#95;1"]
                    n3["dense#95;1<br/>Dense, 2 units, ReLU<br/>2<br/>6 parameters"]
                    n4(["Sum<br/>2"])
                end
                n5["dropout#95;1<br/>Dropout, 0#46;5<br/>2"]
                n1 --> n3
                n3 --> n4
                n1 -->|skip| n4
                n4 --> n5
            """.ReplaceLineEndings("\n"),
            new ModelDiagram(model).ToMermaid()
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_line_is_one_of_those_that_are_known(string name)
    {
        var lines = Body(name);

        Assert.All(
            lines,
            line =>
                Assert.True(
                    Node().IsMatch(line) || Edge().IsMatch(line) || Subgraph().IsMatch(line) || line.Trim() == "end",
                    line
                )
        );
        Assert.Equal(lines.Count(l => Subgraph().IsMatch(l)), lines.Count(l => l.Trim() == "end"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Edges_come_after_all_subgraphs_for_within_one_they_would_pull_their_nodes_in(string name)
    {
        var lines = Body(name);

        var first = lines.FindIndex(l => Edge().IsMatch(l));
        Assert.All(lines.Skip(first), line => Assert.Matches(Edge(), line));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_node_is_declared_once_before_the_edges_that_name_it(string name)
    {
        var declared = new HashSet<string>();
        foreach (var line in Body(name))
        {
            if (Node().Match(line) is { Success: true } node)
                Assert.True(declared.Add(node.Groups["id"].Value), line);
            if (Subgraph().Match(line) is { Success: true } block)
                Assert.True(declared.Add(block.Groups["id"].Value), line);
            if (Edge().Match(line) is { Success: true } edge)
                Assert.True(
                    declared.Contains(edge.Groups["from"].Value) && declared.Contains(edge.Groups["to"].Value),
                    line
                );
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_a_node_a_layer_and_two_ways_into_each_sum(string name)
    {
        var model = DrawnNetworks.Of(name);
        var (blocks, projections) = DrawnNetworks.Blocks(model);
        var lines = Body(name);
        var nodes = lines.Select(l => Node().Match(l)).Where(m => m.Success).ToList();
        var edges = lines.Select(l => Edge().Match(l)).Where(m => m.Success).ToList();

        var shown = nodes
            .Concat(lines.Select(l => Subgraph().Match(l)).Where(m => m.Success))
            .Select(m => Seen(m.Groups["label"].Value.Split("<br/>")[0]));
        var expected = DrawnNetworks
            .LayerNames(model)
            .Concat(Enumerable.Repeat("projection", projections))
            .Append("Input");
        Assert.Equal(
            expected.Select(SvgPicture.Visible).Order(StringComparer.Ordinal),
            shown
                .Select(SvgPicture.Visible)
                .Where(s => s != "Sum" && !s.StartsWith("Sum, ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        var into = nodes.ToDictionary(
            n => n.Groups["id"].Value,
            n => edges.Count(e => e.Groups["to"].Value == n.Groups["id"].Value)
        );
        Assert.Equal(blocks, into.Values.Count(n => n == 2));
        Assert.Equal(1, into.Values.Count(n => n == 0));
        Assert.All(into.Values, n => Assert.InRange(n, 0, 2));
        Assert.Equal(blocks - projections, edges.Count(e => e.Groups["skip"].Success));
        // The output is the only node that nothing leaves.
        var last = Assert.Single(into.Keys, id => edges.All(e => e.Groups["from"].Value != id));
        Assert.Contains(
            model.OutputShape.ToString(),
            nodes.Single(n => n.Groups["id"].Value == last).Value,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_skip_leaves_where_the_block_begins()
    {
        var edges = Body("nested").Select(l => Edge().Match(l)).Where(m => m.Success).ToList();

        // The inner block without a projection goes around its one activation: from the convolution before it.
        var skip = Assert.Single(edges, e => e.Groups["skip"].Success);
        var (from, to) = (skip.Groups["from"].Value, skip.Groups["to"].Value);
        var within = Assert.Single(
            edges,
            e =>
                e.Groups["from"].Value == from
                && !e.Groups["skip"].Success
                && edges.Any(f => f.Groups["from"].Value == e.Groups["to"].Value && f.Groups["to"].Value == to)
        );
        Assert.Contains(
            "Activation, ReLU",
            Body("nested")
                .Single(l => l.TrimStart().StartsWith(within.Groups["to"].Value + "[", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("plain name 1", "plain name 1")]
    [InlineData("\"quoted\"", "#34;quoted#34;")]
    [InlineData("<b>#1; a:b", "#60;b#62;#35;1#59; a#58;b")]
    [InlineData("`end` %%{x}", "#96;end#96; #37;#37;#123;x#125;")]
    [InlineData("1. a list_of *things*", "1#46; a list#95;of #42;things#42;")]
    [InlineData("- item +1", "#45; item #43;1")]
    [InlineData("Größe 猫 😀", "Größe 猫 #128512;")]
    public void Signs_that_mean_something_are_codes(string text, string escaped)
    {
        Assert.Equal(escaped, DiagramMermaid.Escape(text));
        Assert.Equal(text, Seen(escaped));
    }

    [Fact]
    public void The_title_is_one_line_of_YAML_whatever_the_name()
    {
        var lines = new ModelDiagram(DrawnNetworks.Of("hostile")).ToMermaid().Split('\n');

        Assert.Equal(("---", "---", "flowchart TB"), (lines[0], lines[2], lines[3]));
        Assert.StartsWith("title: \"", lines[1], StringComparison.Ordinal);
        var title = System.Text.Json.JsonSerializer.Deserialize<string>(lines[1]["title: ".Length..])!;
        Assert.StartsWith("a<b>&\"'`;#quot; ]])}\\n%%{init: {}}%%", title, StringComparison.Ordinal);
        Assert.DoesNotContain("%%{", string.Join('\n', lines), StringComparison.Ordinal);
    }

    private static List<string> Body(string name) =>
        [.. new ModelDiagram(DrawnNetworks.Of(name)).ToMermaid().Split('\n').Skip(4)];

    /// <summary>What Mermaid makes of its codes: <c>#60;</c> is HTML's <c>&amp;#60;</c>.</summary>
    private static string Seen(string label) => WebUtility.HtmlDecode(Code().Replace(label, "&#$1;"));

    [GeneratedRegex(@"#(\d+);")]
    private static partial Regex Code();

    // Between the quotes letters and digits of any script, spaces, a few signs, codes, and the one tag for a line break.
    private const string Label = @"""(?<label>([\p{L}\p{Nd} ,()/]|#\d+;|<br/>)*)""";

    [GeneratedRegex(@"^ +(?<id>n\d+)(\[" + Label + @"\]|\(\[" + Label + @"\]\))$")]
    private static partial Regex Node();

    [GeneratedRegex(@"^ +(?<from>n\d+) -->(?<skip>\|skip\|)? (?<to>n\d+)$")]
    private static partial Regex Edge();

    [GeneratedRegex(@"^ +subgraph (?<id>block\d+)\[" + Label + @"\]$")]
    private static partial Regex Subgraph();
}
