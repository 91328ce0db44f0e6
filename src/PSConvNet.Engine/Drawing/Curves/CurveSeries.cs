namespace PSConvNet.Drawing;

/// <summary>A line through values by epoch.</summary>
/// <param name="Run">Which run it is of, from 0: its colour.</param>
/// <param name="Validation">Whether it is of the validation images: a dashed line.</param>
/// <param name="Points">Epoch and value, in order.</param>
internal sealed record CurveSeries(int Run, bool Validation, IReadOnlyList<(double Epoch, double Value)> Points);

/// <summary>A panel of curves that share their axes.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Series">The curves.</param>
/// <param name="Logarithmic">Whether the values' axis is logarithmic.</param>
/// <param name="Percent">Whether the values are shares, written in percent.</param>
internal sealed record CurvePanel(string Title, IReadOnlyList<CurveSeries> Series, bool Logarithmic, bool Percent)
{
    /// <summary>A value that is not round, no longer than it takes to read a chart of characters.</summary>
    public string ShortLabel(double value) =>
        Percent ? FormattableString.Invariant($"{value * 100:0.0} %") : FormattableString.Invariant($"{value:0.000}");

    /// <summary>A round value as it is written at an axis.</summary>
    public string Label(double value) =>
        Percent
            ? FormattableString.Invariant($"{value * 100:0.###} %")
            : FormattableString.Invariant($"{value:0.####}");
}
