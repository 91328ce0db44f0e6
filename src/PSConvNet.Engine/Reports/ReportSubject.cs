namespace PSConvNet.Reports;

/// <summary>A model as a report sees it.</summary>
/// <param name="Name">The name it goes by in the report; a number is put behind it where an earlier one has the same.</param>
/// <param name="Model">The model.</param>
/// <param name="Runs">All its trainings, first to last.</param>
/// <param name="Metrics">Its measurement on the test images, or null where there are none.</param>
/// <param name="Mistakes">The answers that were wrong, the most confident first, as many as are shown.</param>
internal sealed record ReportSubject(
    string Name,
    Model Model,
    IReadOnlyList<TrainingRun> Runs,
    ModelMetrics? Metrics,
    IReadOnlyList<Prediction> Mistakes
)
{
    /// <summary>What the comparison of models wants of it; only where it was measured.</summary>
    public ComparisonEntry Entry =>
        new(
            Name,
            Model.ParameterCount,
            Metrics!,
            Runs.Count == 0 ? null : Runs.Sum(run => run.Seconds),
            Runs.Count == 0 ? null : Runs[^1].ImagesPerSecond
        );

    /// <summary>The models, each once, measured where there are test images.</summary>
    public static IReadOnlyList<ReportSubject> Measure(
        IEnumerable<(Model Model, IReadOnlyList<TrainingRun> Runs)> models,
        Dataset? data,
        ModelReportOptions options,
        Func<string, PredictionOptions>? measuring,
        CancellationToken cancellation
    )
    {
        var subjects = new List<ReportSubject>();
        var names = new DistinctNames();
        foreach (var group in models.GroupBy(entry => entry.Model))
        {
            cancellation.ThrowIfCancellationRequested();
            var model = group.Key;
            var name = names.Take(model.Name);
            // What is measured is the model as it is now, and all its trainings made it so.
            TrainingRun[] runs =
            [
                .. model.Runs.Union(group.SelectMany(entry => entry.Runs)).OrderBy(run => run.StartedAt),
            ];
            var (metrics, mistakes) = data is { Test.Count: > 0 }
                ? Measure(name, model, data, options.MistakeCount, measuring?.Invoke(name), cancellation)
                : (null, []);
            subjects.Add(new ReportSubject(name, model, runs, metrics, mistakes));
        }
        return subjects;
    }

    /// <summary>Metrics and mistakes from one pass over the images.</summary>
    private static (ModelMetrics Metrics, IReadOnlyList<Prediction> Mistakes) Measure(
        string name,
        Model model,
        Dataset data,
        int most,
        PredictionOptions? options,
        CancellationToken cancellation
    )
    {
        var measurement = Evaluator.Answer(model, data.Test, options, cancellation);
        return (measurement.Metrics with { Name = name }, Mistaken(measurement, most));
    }

    /// <summary>The answers of a measurement that were wrong, the most confident first, so many at most.</summary>
    public static IReadOnlyList<Prediction> Mistaken(Measurement measurement, int most)
    {
        var (metrics, images, outputs) = measurement;
        return
        [
            .. Enumerable
                .Range(0, images.Count)
                .Where(i => metrics.Predictions[i] != metrics.Labels[i])
                .OrderByDescending(i => outputs.Values[i * outputs.Width + metrics.Predictions[i]])
                .Take(most)
                .Select(i => Answer(outputs, images, i, metrics)),
        ];
    }

    private static Prediction Answer(NetworkOutputs outputs, ImageSet images, int image, ModelMetrics metrics)
    {
        var row = outputs.Values[(image * outputs.Width)..((image + 1) * outputs.Width)];
        if (outputs.AreLogits)
            row = Array.ConvertAll(row, MathF.Exp);
        var (guess, truth) = (metrics.Predictions[image], metrics.Labels[image]);
        var names = images.ClassNames;
        return new Prediction(image, guess, names[guess], row[guess], row)
        {
            Truth = truth,
            TruthName = names[truth],
            Image = new ImageSample(images.GetImage(image), images.Shape),
        };
    }
}
