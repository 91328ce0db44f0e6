namespace PSConvNet.Drawing;

/// <summary>One of several axes beside each other, for a parameter or for what trials came to.</summary>
internal sealed class CoordinateAxis
{
    private const double LabelSize = 10;
    private const double NameSize = 12;
    private const double LineHeight = 15;

    private readonly Func<SweepTrial, double?> _place;
    private readonly IReadOnlyList<(double Place, string Text)> _labels;
    private readonly string _name;
    private readonly bool _canBeMissing;
    private readonly double _nameX;

    private CoordinateAxis(
        string name,
        double nameX,
        double x,
        Func<SweepTrial, double?> place,
        IReadOnlyList<(double, string)> labels,
        bool canBeMissing
    ) => (_name, _nameX, X, _place, _labels, _canBeMissing) = (name, nameX, x, place, labels, canBeMissing);

    /// <summary>Where it stands.</summary>
    public double X { get; }

    /// <summary>An axis for each parameter, by name, and the values' as the last, over a width.</summary>
    public static IReadOnlyList<CoordinateAxis> Of(
        SweepSpace space,
        IReadOnlyList<SweepTrial> trials,
        SweepObjective objective,
        double left,
        double width,
        double height
    )
    {
        var count = space.Parameters.Count + 1;
        var values = ValueAxis.Of([.. trials.Select(t => t.Value!.Value)], objective);
        var all = space
            .Parameters.Select(p =>
                (
                    p.Name,
                    Place: PlaceOf(p),
                    Labels: LabelsOf(p, height),
                    CanBeMissing: space.Conditions.ContainsKey(p.Name)
                )
            )
            .Append(
                (
                    objective == SweepObjective.Accuracy ? "accuracy" : "loss",
                    t => t.Value is { } value ? values.Place(value) : null,
                    Spread(values.Ticks((int)(height / 38)), height),
                    false
                )
            )
            .ToArray();
        // Labels stand at the left of their axis: the first needs room for its own, and each for its name above.
        var room = width / count;
        var first = Math.Min(room * 0.7, all[0].Labels.Select(l => Pen.Measure(l.Text, LabelSize)).Append(0).Max() + 8);
        var step = (width - first - 4) / (count - 1);
        return
        [
            .. all.Select(
                (axis, i) =>
                {
                    var x = left + first + i * step;
                    // Over its axis; the first and the last name stay on the page, and have what is left to the next one's.
                    var most =
                        i == 0 ? first + step * 0.5
                        : i == count - 1 ? step * 0.5 + 4
                        : step * 0.92;
                    var name = Pen.Fit(axis.Name, most, NameSize, bold: true);
                    var wide = Pen.Measure(name, NameSize, bold: true);
                    return new CoordinateAxis(
                        name,
                        Math.Clamp(x - wide / 2, left, left + width - wide),
                        x,
                        axis.Place,
                        [
                            .. axis.Labels.Select(l =>
                                (l.Place, Pen.Fit(l.Text, (i == 0 ? first : step) - 8, LabelSize))
                            ),
                        ],
                        axis.CanBeMissing
                    );
                }
            ),
        ];
    }

    /// <summary>Where a trial crosses it: 0 below, 1 above; null where the trial has no such parameter.</summary>
    public double? Place(SweepTrial trial) => _place(trial);

    /// <summary>Draws it over the lines, so that its labels can be read.</summary>
    public void Draw(Pen pen, double top, double height, double below)
    {
        var theme = pen.Theme;
        pen.Line([(X, top), (X, top + height)], theme.Faint, 1.5);
        pen.Text(_name, _nameX, top - 11, NameSize, theme.Ink, bold: true);
        foreach (var (place, text) in _labels)
            Label(text, top + height * (1 - place));
        if (_canBeMissing)
            Label("none", top + height + below);

        void Label(string text, double y)
        {
            var wide = Pen.Measure(text, LabelSize);
            pen.Fill(X - 7 - wide, y - LabelSize * 0.5, wide + 3, LabelSize, theme.Page.WithAlpha(200));
            pen.Line([(X - 3, y), (X + 3, y)], theme.Faint, 1.5);
            pen.Text(text, X - 5, y + LabelSize * 0.36, LabelSize, theme.Ink, align: 1);
        }
    }

    private static Func<SweepTrial, double?> PlaceOf(SweepParameter parameter) =>
        trial =>
        {
            if (!trial.Parameters.TryGetValue(parameter.Name, out var value))
                return null;
            return parameter.UnitOf(value);
        };

    private static List<(double Place, string Text)> LabelsOf(SweepParameter parameter, double height)
    {
        var most = (int)(height / LineHeight);
        IReadOnlyList<(double, string)> labels = parameter switch
        {
            UniformParameter p => WithEnds(p, ValueAxis.Between(p.Low, p.High, logarithmic: false)),
            LogUniformParameter p => WithEnds(p, ValueAxis.Between(p.Low, p.High, logarithmic: true)),
            ChoiceParameter p => [.. p.Values.Select(v => (p.UnitOf(v), SweepValue.ToShortText(v)))],
            _ => [.. parameter.Grid(Math.Min(most, 6)).Select(v => (parameter.UnitOf(v), SweepValue.ToShortText(v)))],
        };
        return Spread(labels, height);

        IReadOnlyList<(double, string)> WithEnds(SweepParameter p, ValueAxis axis) =>
            [
                (0, SweepValue.ToShortText(p.At(0))),
                .. axis.Ticks(6)
                    .Where(tick => tick.Place * height > LineHeight && (1 - tick.Place) * height > LineHeight),
                (1, SweepValue.ToShortText(p.At(1))),
            ];
    }

    /// <summary>The labels that have room, from below.</summary>
    private static List<(double Place, string Text)> Spread(
        IReadOnlyList<(double Place, string Text)> labels,
        double height
    )
    {
        var kept = new List<(double Place, string Text)>();
        foreach (var label in labels)
        {
            if (kept.Count == 0 || (label.Place - kept[^1].Place) * height >= LineHeight - 0.01)
                kept.Add(label);
        }
        return kept;
    }
}
