namespace PSConvNet.Drawing;

/// <summary>What range tests found: the loss against the learning rate on a logarithmic axis, and the rate that is suggested.</summary>
public sealed class RangeTestCurve : CurvePicture
{
    /// <summary>How far above the losses before the fall the axis goes: the leap that a test ends in would leave nothing of the fall.</summary>
    private const double Headroom = 1.25;

    /// <summary>Draws one curve, or several over each other.</summary>
    /// <param name="curves">The curves; each needs at least one batch.</param>
    /// <param name="logarithmic">A logarithmic axis for the loss, too.</param>
    /// <exception cref="ConvNetException">
    /// <c>CurveEmpty</c>: there is no curve, or one without a batch. <c>NativeLibraryMissing</c>.
    /// </exception>
    public RangeTestCurve(IReadOnlyList<LearningRateCurve> curves, bool logarithmic = false)
        : base(TitleOf(curves), DescriptionOf(curves), NamesOf(curves), [Panel(curves, logarithmic)], Legend(curves))
    { }

    private static CurvePanel Panel(IReadOnlyList<LearningRateCurve> curves, bool logarithmic)
    {
        var series = new List<CurveSeries>();
        for (var i = 0; i < curves.Count; i++)
        {
            series.Add(new(i, CurveKind.Batches, Points(curves[i], point => point.Loss)));
            series.Add(new(i, CurveKind.Training, Points(curves[i], point => point.SmoothedLoss)));
            if (curves[i].Steepest is { } steepest)
                series.Add(new(i, CurveKind.Mark, [(steepest.LearningRate, steepest.SmoothedLoss)]));
        }
        return new CurvePanel("Loss", series, logarithmic, Percent: false)
        {
            Across = CurveAxis.Rates,
            Top = curves.Max(TopOf),
        };

        // On a logarithmic axis there is no zero.
        List<(double, double)> Points(LearningRateCurve curve, Func<LearningRatePoint, double> value) =>
            [
                .. curve
                    .Points.Where(point => !logarithmic || value(point) > 0)
                    .Select(point => (point.LearningRate, value(point))),
            ];
    }

    private static double TopOf(LearningRateCurve curve) =>
        Headroom
        * curve.Points.Take(curve.Lowest?.Step ?? curve.Points.Count).Max(point => Math.Max(point.SmoothedLoss, 1e-30));

    private static CurveMeaning[] Legend(IReadOnlyList<LearningRateCurve> curves) =>
        [
            .. curves.SelectMany(
                (curve, i) =>
                    new[]
                    {
                        new CurveMeaning(i, CurveKind.Training, "smoothed loss"),
                        new CurveMeaning(i, CurveKind.Batches, "single batches"),
                        curve.Suggestion is { } rate
                            ? new CurveMeaning(i, CurveKind.Mark, $"suggestion {CurveAxis.Rate(rate)}")
                            : null,
                    }.OfType<CurveMeaning>()
            ),
        ];

    private static string[] NamesOf(IReadOnlyList<LearningRateCurve> curves) =>
        Distinct(curves.Select(curve => curve.ModelName));

    private static string TitleOf(IReadOnlyList<LearningRateCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count == 0 || curves.Any(curve => curve.Points.Count == 0))
        {
            throw new ConvNetException(
                ErrorIds.CurveEmpty,
                ErrorKind.InvalidArgument,
                curves.FirstOrDefault(curve => curve.Points.Count == 0) is { } empty
                    ? MessageText.Of(
                        $"The range test of {empty.ModelName} was stopped before its first batch: it has no curve. Run LearningRateFinder.Find again."
                    )
                    : "There is no curve to draw: give what LearningRateFinder.Find returned.",
                curves
            );
        }
        var data = curves.Select(curve => curve.DatasetName).Distinct().ToArray();
        var on = data.Length == 1 ? $" on {data[0]}" : "";
        return curves.Count == 1
            ? $"Learning rates of {curves[0].ModelName}{on}"
            : $"{curves.Count} learning rate range tests{on}";
    }

    private static string DescriptionOf(IReadOnlyList<LearningRateCurve> curves) =>
        "A line chart of the loss against the learning rate, which is on a logarithmic axis. "
        + string.Join(
            " ",
            NamesOf(curves)
                .Zip(
                    curves,
                    (name, curve) =>
                        $"{name}: {Counted.Of(curve.Points.Count, "batch", "batches")} with rates from {CurveAxis.Rate(curve.Points[0].LearningRate)} to {CurveAxis.Rate(curve.Points[^1].LearningRate)}. {curve.Conclusion}"
                )
        );
}
