namespace PSConvNet.Reports;

/// <summary>The pictures of a report, as they suit a page.</summary>
internal static class ReportPictures
{
    private const int SampleCount = 40;

    // As many as the text is wide.
    private const int Columns = 8;

    /// <summary>
    /// The first training images of each class in turn: data that lie class after class would else show but one of them.
    /// </summary>
    public static Picture Sample(Dataset data)
    {
        var seen = new int[data.ClassNames.Count];
        var labels = data.Train.Labels.ToArray();
        var turn = labels.Select(label => seen[label]++).ToArray();
        int[] chosen =
        [
            .. Enumerable.Range(0, labels.Length).OrderBy(i => turn[i]).ThenBy(i => labels[i]).Take(SampleCount),
        ];
        var title = ReportText.Of($"{chosen.Length} training images of {data.Name}");
        return ImageGrid.Of(
            data.Train.Select(data.Train.Name, chosen),
            data.ClassNames,
            // Few classes stand in columns of their own.
            new ImageGridOptions(seen.Length is > 3 and <= 10 ? seen.Length : Columns, title)
        );
    }

    /// <summary>How the trainings went.</summary>
    public static Picture Curves(IReadOnlyList<TrainingRun> runs) => new TrainingCurve(runs);

    /// <summary>The confusion matrix.</summary>
    public static Picture Confusion(ModelMetrics metrics) => new ConfusionPicture(metrics);

    /// <summary>A model's mistakes.</summary>
    public static Picture Mistakes(ReportSubject subject) =>
        ImageGrid.Of(
            subject.Mistakes,
            new ImageGridOptions(Columns, $"{Counted.Of(subject.Mistakes.Count, "mistake")} of {subject.Name}")
        );
}
