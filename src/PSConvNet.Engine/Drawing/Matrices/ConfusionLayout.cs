using System.Globalization;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Where cells and labels of a confusion matrix lie: from 2 classes to 100 and more, and no label meets another.</summary>
internal sealed class ConfusionLayout
{
    private const int MostWithCounts = 30;
    private const double Margin = 16;
    private const double TitleSize = 15;
    private const double AxisSize = 12;
    private const double LabelMost = 150;
    private const double LabelGap = 6;

    private readonly IReadOnlyList<string> _titleLines;
    private readonly IReadOnlyList<string> _labels;
    private readonly int[,] _counts;
    private readonly double _cell;
    private readonly double _labelSize;
    private readonly bool _upright;
    private readonly double _left;
    private readonly double _top;
    private readonly double _mostWrong;

    public ConfusionLayout(string title, IReadOnlyList<string> names, int[,] counts)
    {
        _counts = counts;
        var classes = names.Count;
        var showsCounts = classes <= MostWithCounts;
        _labelSize =
            classes <= 15 ? 12
            : classes <= MostWithCounts ? 11
            : 9;
        // A cell holds its count, and is no lower than a label's line.
        var widest = showsCounts ? counts.Cast<int>().Max(count => Pen.Measure(Text(count), CountSize(classes))) : 0;
        _cell = Math.Ceiling(
            Math.Max(
                widest + 8,
                classes <= 12 ? 40
                    : classes <= MostWithCounts ? 26
                    : _labelSize * 1.35
            )
        );
        _labels = [.. names.Select(name => Pen.Fit(name, LabelMost, _labelSize))];
        var longest = _labels.Max(label => Pen.Measure(label, _labelSize));
        // Beside each other where all fit; else turned.
        _upright = longest + 4 > _cell;
        _left = Margin + AxisSize * 1.6 + longest + LabelGap;
        var width = Math.Max(_left + classes * _cell + Margin, 320);
        _titleLines = TextWrap.Lines(title, width - 2 * Margin, line => Pen.Measure(line, TitleSize, bold: true));
        _top =
            Margin
            + _titleLines.Count * TitleSize * 1.3
            + 6
            + AxisSize * 1.6
            + (_upright ? longest : _labelSize)
            + LabelGap;
        Width = (int)Math.Ceiling(width);
        Height = (int)Math.Ceiling(_top + classes * _cell + Margin + AxisSize * 1.8);
        _mostWrong = Shares().Where(cell => cell.Row != cell.Column).Select(cell => cell.Share).Append(0).Max();
    }

    /// <summary>The picture's width.</summary>
    public int Width { get; }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    private int Classes => _labels.Count;

    /// <summary>Draws everything.</summary>
    public void Draw(Pen pen)
    {
        var theme = pen.Theme;
        for (var i = 0; i < _titleLines.Count; i++)
            pen.Text(
                _titleLines[i],
                Margin,
                Margin + TitleSize + i * TitleSize * 1.3,
                TitleSize,
                theme.Ink,
                bold: true
            );
        foreach (var (row, column, share) in Shares())
            Cell(pen, row, column, share);
        var side = Classes * _cell;
        pen.Frame(_left, _top, side, side, theme.Rule);
        for (var i = 0; i < Classes; i++)
        {
            var middle = (i + 0.5) * _cell;
            pen.Text(_labels[i], _left - LabelGap, _top + middle + _labelSize * 0.36, _labelSize, theme.Ink, align: 1);
            if (_upright)
                pen.TextUp(_labels[i], _left + middle + _labelSize * 0.36, _top - LabelGap, _labelSize, theme.Ink);
            else
                pen.Text(_labels[i], _left + middle, _top - LabelGap, _labelSize, theme.Ink, align: 0.5);
        }
        var above =
            _top - LabelGap - (_upright ? _labels.Max(label => Pen.Measure(label, _labelSize)) : _labelSize) - 6;
        pen.Text("Answer", _left + side / 2, above, AxisSize, theme.Faint, align: 0.5);
        pen.TextUp("Truth", Margin + AxisSize * 0.8, _top + side / 2, AxisSize, theme.Faint, align: 0.5);
        Legend(pen, _top + side + Margin);
    }

    private static double CountSize(int classes) =>
        classes <= 12 ? 12
        : classes <= 20 ? 10
        : 9;

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<(int Row, int Column, double Share)> Shares()
    {
        for (var row = 0; row < Classes; row++)
        {
            var total = 0;
            for (var column = 0; column < Classes; column++)
                total += _counts[row, column];
            for (var column = 0; column < Classes; column++)
                yield return (row, column, total == 0 ? 0 : (double)_counts[row, column] / total);
        }
    }

    private void Cell(Pen pen, int row, int column, double share)
    {
        var colour = Colour(pen.Theme, row == column, share);
        var (x, y) = (_left + column * _cell, _top + row * _cell);
        // A hair wider than its place: else the page shines through between two cells.
        pen.Fill(x, y, _cell + 0.25, _cell + 0.25, colour);
        var count = _counts[row, column];
        if (Classes > MostWithCounts || count == 0)
            return;
        var size = CountSize(Classes);
        pen.Text(Text(count), x + _cell / 2, y + _cell / 2 + size * 0.36, size, Theme.TextOn(colour), align: 0.5);
    }

    private SKColor Colour(Theme theme, bool right, double share)
    {
        var depth =
            right ? share
            : _mostWrong > 0 ? Math.Sqrt(share / _mostWrong) * 0.85
            : 0;
        // The faintest mistake still differs from none.
        return share == 0
            ? theme.Page
            : Theme.Mix(theme.Page, right ? theme.Right : theme.Wrong, Math.Max(0.08, depth));
    }

    private static void Legend(Pen pen, double y)
    {
        var x = Margin;
        foreach (var (text, colour) in new[] { ("right", pen.Theme.Right), ("wrong", pen.Theme.Wrong) })
        {
            pen.Fill(x, y, AxisSize, AxisSize, colour);
            pen.Text(text, x + AxisSize + 5, y + AxisSize * 0.88, AxisSize, pen.Theme.Faint);
            x += AxisSize + 5 + Pen.Measure(text, AxisSize) + 16;
        }
    }
}
