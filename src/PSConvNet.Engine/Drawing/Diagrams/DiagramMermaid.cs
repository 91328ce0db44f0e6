using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PSConvNet.Drawing;

/// <summary>A diagram as a Mermaid flowchart, from top to bottom; a residual block is a subgraph.</summary>
/// <remarks>All edges come after all nodes: a node that an edge within a subgraph names is drawn in that subgraph.</remarks>
internal sealed class DiagramMermaid
{
    // Anything else might mean something to Mermaid, to the Markdown that labels are, or to the HTML that becomes of them.
    private const string Plain = " ,()/";

    private readonly StringBuilder _text = new();
    private readonly List<string> _edges = [];
    private int _count;

    public DiagramMermaid(ModelDiagram diagram)
    {
        // A JSON string is a YAML string, and JsonSerializer leaves no character in it that HTML knows. Mermaid looks for %%{ in it, too.
        var title = JsonSerializer
            .Serialize($"{diagram.Name}: {diagram.Facts}")
            .Replace("%", "\\u0025", StringComparison.Ordinal);
        _text.Append(CultureInfo.InvariantCulture, $"---\ntitle: {title}\n---\nflowchart TB\n");
        var input = Declare("    ", "([\"", "\"])", "Input", diagram.InputShape.ToString());
        Chain("    ", diagram.Nodes, input);
        foreach (var edge in _edges)
            _text.Append(CultureInfo.InvariantCulture, $"    {edge}\n");
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString().TrimEnd('\n');

    /// <summary>A label's text with everything but letters, digits and a few signs as Mermaid's entity codes.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var plain = Rune.IsLetterOrDigit(rune) || (rune.IsAscii && Plain.Contains((char)rune.Value));
            escaped.Append(plain ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"#{rune.Value};"));
        }
        return escaped.ToString();
    }

    /// <summary>Nodes that follow each other, with an edge into each; gives the last one.</summary>
    private string Chain(string indent, IEnumerable<DiagramNode> nodes, string from)
    {
        foreach (var node in nodes)
            from = node.IsBlock ? Block(indent, node, from) : Layer(indent, node, from);
        return from;
    }

    private string Layer(string indent, DiagramNode node, string from)
    {
        var settings = string.Join(", ", new[] { node.Layer.Kind, node.Layer.Settings }.Where(part => part.Length > 0));
        var id = Declare(indent, "[\"", "\"]", node.Name, settings, node.Output.ToString(), node.ParameterWords);
        Edge(from, id);
        return id;
    }

    private string Block(string indent, DiagramNode block, string from)
    {
        var within = indent + "    ";
        _text.Append(CultureInfo.InvariantCulture, $"{indent}subgraph block{++_count}[\"{Escape(block.Name)}\"]\n");
        var last = Chain(within, block.Body, from);
        var around = block.Projection is null ? null : Layer(within, block.Projection, from);
        var sum = block.SumActivation == Activation.None ? "Sum" : $"Sum, {block.SumActivation}";
        var id = Declare(within, "([\"", "\"])", sum, block.Output.ToString());
        Edge(last, id);
        Edge(around ?? from, id, around is null ? "|skip|" : "");
        _text.Append(CultureInfo.InvariantCulture, $"{indent}end\n");
        return id;
    }

    private string Declare(string indent, string open, string close, params ReadOnlySpan<string> lines)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"n{++_count}");
        var label = string.Join("<br/>", lines.ToArray().Where(line => line.Length > 0).Select(Escape));
        _text.Append(CultureInfo.InvariantCulture, $"{indent}{id}{open}{label}{close}\n");
        return id;
    }

    private void Edge(string from, string to, string label = "") => _edges.Add($"{from} -->{label} {to}");
}
