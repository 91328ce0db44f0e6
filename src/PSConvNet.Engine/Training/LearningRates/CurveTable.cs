using System.Globalization;

namespace PSConvNet.Training;

/// <summary>Prints a range test's curve.</summary>
internal static class CurveTable
{
    private const int Rows = 20;
    private const int BarWidth = 36;

    private static readonly TextColumn[] s_columns =
    [
        new("LearningRate", RightAligned: true),
        new("SmoothedLoss", RightAligned: true),
        new(""),
    ];

    /// <summary>A heading, a row for about every twentieth of the rates, what follows from them, and how it ended.</summary>
    public static string Format(LearningRateCurve curve)
    {
        var (steepest, lowest) = (curve.Steepest, curve.Lowest);
        var every = Math.Max(1, (curve.Points.Count + Rows - 1) / Rows);
        // The leap that many tests end in would leave nothing of the other bars, so they are drawn for the fall.
        var whole = curve
            .Points.Take(lowest?.Step ?? curve.Points.Count)
            .Select(point => point.SmoothedLoss)
            .Append(double.Epsilon)
            .Max();
        var rows = curve
            .Points.Where(IsShown)
            .Select(point =>
                (IReadOnlyList<string>)
                    [
                        Number($"{point.LearningRate:G2}"),
                        Loss(point.SmoothedLoss),
                        Bar(point.SmoothedLoss / whole) + Mark(point),
                    ]
            );
        return new TitledTable(
            $"{curve.ModelName} on {curve.DatasetName}: {Number($"rates from {curve.Range.MinimumRate:G4} to {curve.Range.MaximumRate:G4}")}, {Optimizer(curve.Options.Optimizer)}, batches of {curve.Options.BatchSize}, {curve.Precision}",
            s_columns,
            [.. rows],
            $"{curve.Conclusion}\n{End(curve)}"
        ).ToText();

        bool IsShown(LearningRatePoint point) =>
            (point.Step - 1) % every == 0 || point.Step == curve.Points.Count || point == steepest || point == lowest;

        string Mark(LearningRatePoint point) =>
            point == steepest ? " < falls fastest"
            : point == lowest ? " < lowest"
            : "";
    }

    private static string End(LearningRateCurve curve)
    {
        var steps = curve.Points.Count == curve.Range.Steps ? "" : $" of {curve.Range.Steps}";
        var why = curve.StopReason switch
        {
            LearningRateStopReason.LossRose => Number(
                $": the smoothed loss rose above {RangeTest.Rise} times its minimum"
            ),
            LearningRateStopReason.LossNotFinite => ": then the loss was no longer a number",
            LearningRateStopReason.Stopped => ": stopped",
            _ => "",
        };
        // Of 1 of 100 batches the noun goes with the 100.
        var noun = curve.Points.Count == 1 && steps.Length == 0 ? "batch" : "batches";
        return Number($"{curve.Points.Count}{steps} {noun} in {curve.Seconds:F1} s{why}.");
    }

    /// <summary>The optimizer without its own rate, which played no part.</summary>
    private static string Optimizer(OptimizerSpec optimizer)
    {
        var usual = OptimizerSpec.Parse(optimizer.Name);
        var settings = SpecSettings.Print(optimizer with { LearningRate = usual.LearningRate }, usual);
        return settings.Length == 0 ? optimizer.Name : $"{optimizer.Name} ({settings})";
    }

    private static string Loss(double loss) => loss < 1e4 ? Number($"{loss:F4}") : Number($"{loss:E2}");

    /// <summary>A bar, cut off with an arrow where it would be too long.</summary>
    private static string Bar(double share) =>
        share > 1 ? new string('#', BarWidth) + ">" : new string('#', (int)Math.Round(BarWidth * share));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.CurrentCulture);
}
