namespace PSConvNet.Drawing;

/// <summary>A panel with values upwards: its heading, lines and labels at the left, and where things in it lie.</summary>
/// <param name="Left">Where the values' axis stands.</param>
/// <param name="Top">The upper end of the axis.</param>
/// <param name="Width">The panel's width.</param>
/// <param name="Height">The axis' length.</param>
/// <param name="Axis">The values.</param>
internal sealed record ChartFrame(double Left, double Top, double Width, double Height, ValueAxis Axis)
{
    /// <summary>The size of labels.</summary>
    public const double LabelSize = 11;

    private const int TickRoom = 38;

    private static readonly int[] s_digits = [1, 2, 5];

    /// <summary>The room that labels of an axis need at its left.</summary>
    public static double LabelWidth(ValueAxis axis, double height) =>
        Ticks(axis, height).Select(tick => Pen.Measure(tick.Text, LabelSize)).Append(0).Max() + 8;

    /// <summary>The place of a value.</summary>
    public double Y(double value) => Top + Height * (1 - Axis.Place(value));

    /// <summary>Draws axis, lines and labels.</summary>
    public void Draw(Pen pen)
    {
        foreach (var (place, text) in Ticks(Axis, Height))
        {
            var y = Top + Height * (1 - place);
            pen.Line([(Left, y), (Left + Width, y)], pen.Theme.Rule);
            pen.Text(text, Left - 6, y + LabelSize * 0.36, LabelSize, pen.Theme.Faint, align: 1);
        }
        pen.Line([(Left, Top), (Left, Top + Height), (Left + Width, Top + Height)], pen.Theme.Faint);
    }

    /// <summary>Draws whole numbers along the lower side, as many as there is room for, and what they count.</summary>
    /// <param name="pen">What draws.</param>
    /// <param name="first">The number at the left end.</param>
    /// <param name="last">The number at the right end.</param>
    /// <param name="x">The place of a number.</param>
    /// <param name="name">What is counted.</param>
    public void DrawNumbers(Pen pen, int first, int last, Func<double, double> x, string name)
    {
        var widest = Pen.Measure(FormattableString.Invariant($"{last}"), LabelSize) + 14;
        var step = s_digits
            .SelectMany(digit => Enumerable.Range(0, 8).Select(power => digit * (int)Math.Pow(10, power)))
            .Order()
            .First(step => step >= last - first || x(first + step) - x(first) >= widest);
        var begin = step == 1 ? first : (int)Math.Ceiling(first / (double)step) * step;
        for (var number = begin; number <= last; number += step)
        {
            pen.Text(
                FormattableString.Invariant($"{number}"),
                x(number),
                Top + Height + LabelSize * 1.45,
                LabelSize,
                pen.Theme.Faint,
                align: 0.5
            );
        }
        pen.Text(name, Left + Width / 2, Top + Height + LabelSize * 3, LabelSize, pen.Theme.Faint, align: 0.5);
    }

    private static IReadOnlyList<(double Place, string Text)> Ticks(ValueAxis axis, double height) =>
        axis.Ticks(Math.Max(2, (int)(height / TickRoom)));
}
