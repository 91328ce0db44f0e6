namespace PSConvNet.Drawing;

/// <summary>What a curve shows, which decides how it is drawn.</summary>
internal enum CurveKind
{
    /// <summary>The training images, or a smoothed loss: a line.</summary>
    Training,

    /// <summary>The validation images: a dashed line.</summary>
    Validation,

    /// <summary>Single batches: dots without a line.</summary>
    Batches,

    /// <summary>A value on the axis across: an upright line.</summary>
    Mark,
}

/// <summary>The axis across, which the panels of a picture share.</summary>
/// <param name="Name">What it counts.</param>
/// <param name="Logarithmic">Whether it is logarithmic; otherwise it has whole numbers only.</param>
internal sealed record CurveAxis(string Name, bool Logarithmic)
{
    /// <summary>The epochs of a training.</summary>
    public static CurveAxis Epochs { get; } = new("Epoch", Logarithmic: false);

    /// <summary>The rates of a range test.</summary>
    public static CurveAxis Rates { get; } = new("Learning rate", Logarithmic: true);

    /// <summary>A value as it is written at the axis.</summary>
    public string Label(double value) => Logarithmic ? Rate(value) : FormattableString.Invariant($"{value}");

    /// <summary>A learning rate in two digits.</summary>
    public static string Rate(double value) =>
        value is < 1e-3 or >= 1e5
            ? FormattableString.Invariant($"{value:0.#e-0}")
            : FormattableString.Invariant($"{double.Parse(value.ToString("G2", Culture), Culture):0.#####}");

    private static System.Globalization.CultureInfo Culture => System.Globalization.CultureInfo.InvariantCulture;
}

/// <summary>A line or dots through values.</summary>
/// <param name="Run">Which run it is of, from 0: its colour.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="Points">Where they lie across, and the value, in order. Of a mark only the place counts.</param>
internal sealed record CurveSeries(int Run, CurveKind Kind, IReadOnlyList<(double Across, double Value)> Points);

/// <summary>An entry of the legend.</summary>
/// <param name="Run">Which run it is of.</param>
/// <param name="Kind">What it explains.</param>
/// <param name="Meaning">What that is, in a word or two; null where each run has one curve, which its name explains.</param>
internal sealed record CurveMeaning(int Run, CurveKind Kind, string? Meaning);

/// <summary>A panel of curves that share their axes.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Series">The curves.</param>
/// <param name="Logarithmic">Whether the values' axis is logarithmic.</param>
/// <param name="Percent">Whether the values are shares, written in percent.</param>
internal sealed record CurvePanel(string Title, IReadOnlyList<CurveSeries> Series, bool Logarithmic, bool Percent)
{
    /// <summary>The axis across.</summary>
    public CurveAxis Across { get; init; } = CurveAxis.Epochs;

    /// <summary>The highest value that is shown, where not all are.</summary>
    public double Top { get; init; } = double.PositiveInfinity;

    /// <summary>The curves that have values.</summary>
    public IEnumerable<CurveSeries> Curves => Series.Where(series => series.Kind != CurveKind.Mark);

    /// <summary>The values that are shown.</summary>
    public IEnumerable<(double Across, double Value)> Shown =>
        Curves.SelectMany(series => series.Points).Where(point => point.Value <= Top);

    /// <summary>A value that is not round, no longer than it takes to read a chart of characters.</summary>
    public string ShortLabel(double value) =>
        Percent ? Percentage.Of(value, 1) : FormattableString.Invariant($"{value:0.000}");

    /// <summary>A round value as it is written at an axis.</summary>
    public string Label(double value) =>
        Percent
            ? FormattableString.Invariant($"{value * 100:0.###} %")
            : FormattableString.Invariant($"{value:0.####}");
}
