using System.Globalization;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>A diagram in lines of text.</summary>
/// <remarks>
/// The flow runs down on the left. A residual block forks it: the way around stays where it was, the layers within are a step to
/// the right, and both meet in a sum.
/// </remarks>
internal sealed class DiagramText
{
    private const int Margin = 1;
    private const int Gap = 2;
    private const int LeastForSettings = 16;

    private readonly ModelDiagram _diagram;
    private readonly List<Row> _rows = [];
    private readonly int _width;

    public DiagramText(ModelDiagram diagram, int width)
    {
        (_diagram, _width) = (diagram, width);
        _rows.Add(new Row("○", "│", "Input", "", diagram.InputShape.ToString(), ""));
        Add(diagram.Nodes, "");
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder($"{_diagram.Name}: {_diagram.Facts}\n\n");
        var flow = _rows.Max(row => row.Flow.Length);
        var kind = _rows.Max(row => row.Kind.Length);
        var shape = _rows.Max(row => row.Shape.Length);
        var parameters = _rows.Max(row => row.Parameters.Length);
        var settings = Math.Max(
            LeastForSettings,
            Math.Min(
                _rows.Max(row => row.Settings.Length),
                _width - Margin - flow - kind - shape - parameters - 4 * Gap
            )
        );
        foreach (var row in _rows)
        {
            var lines = TextWrap.Lines(row.Settings, settings, line => line.Length);
            Append(row.Flow, row.Kind, lines[0], row.Shape, row.Parameters);
            foreach (var more in lines.Skip(1))
                Append(row.FlowOn, "", more, "", "");
        }
        return text.ToString().TrimEnd('\n');

        void Append(string lanes, string what, string how, string output, string count)
        {
            var line =
                $"{new string(' ', Margin)}{lanes.PadRight(flow + Gap)}{what.PadRight(kind + Gap)}{how.PadRight(settings + Gap)}{output.PadLeft(shape)}{count.PadLeft(parameters + Gap)}";
            text.Append(line.TrimEnd()).Append('\n');
        }
    }

    /// <param name="nodes">Layers that follow each other.</param>
    /// <param name="around">The lanes of the blocks they are in.</param>
    private void Add(IEnumerable<DiagramNode> nodes, string around)
    {
        foreach (var node in nodes)
        {
            if (node.IsBlock)
                AddBlock(node, around);
            else
                Add(node, $"{around}●", $"{around}│");
        }
    }

    private void Add(DiagramNode node, string flow, string flowOn, string? role = null)
    {
        var number = node.Parameters == 0 ? "" : node.Parameters.ToString("N0", CultureInfo.InvariantCulture);
        var before = role ?? node.GivenName;
        var settings = string.Join(
            ": ",
            new[] { before, TextWrap.Phrases(node.Layer.Settings) }.Where(part => !string.IsNullOrEmpty(part))
        );
        _rows.Add(new Row(flow, flowOn, node.Layer.Kind, settings, node.Output.ToString(), number));
    }

    private void AddBlock(DiagramNode block, string around)
    {
        _rows.Add(new Row($"{around}├─╮", $"{around}│ │", block.Layer.Kind, block.GivenName ?? "", "", ""));
        Add(block.Body, $"{around}│ ");
        if (block.Projection is { } projection)
            Add(projection, $"{around}● │", $"{around}│ │", "skip");
        var activation = block.SumActivation == Activation.None ? "" : block.SumActivation.ToString();
        _rows.Add(new Row($"{around}⊕─╯", $"{around}│", "Sum", activation, block.Output.ToString(), ""));
    }

    /// <param name="Flow">The lanes at the row's first line.</param>
    /// <param name="FlowOn">The lanes at the lines after it.</param>
    /// <param name="Kind">The kind of layer.</param>
    /// <param name="Settings">Its settings; may take several lines.</param>
    /// <param name="Shape">The output's shape.</param>
    /// <param name="Parameters">The number of parameters.</param>
    private sealed record Row(
        string Flow,
        string FlowOn,
        string Kind,
        string Settings,
        string Shape,
        string Parameters
    );
}
