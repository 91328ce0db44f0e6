using System.Globalization;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>How a model was trained: curves, settings, epochs.</summary>
internal static class TrainingSection
{
    private const string CurveCaption = "Loss and accuracy, epoch by epoch.";

    /// <summary>The curves of all models in one picture.</summary>
    public static XElement Together(ReportMarkup markup, IReadOnlyList<ReportSubject> subjects)
    {
        var runs = Drawable(subjects);
        return Section(
            "training",
            "Training",
            2,
            runs.Count == 0 ? Paragraph("None of the models has been trained.") : Curves(markup, runs)
        );
    }

    /// <summary>A model's section.</summary>
    /// <param name="markup">Makes its pieces.</param>
    /// <param name="subject">The model.</param>
    /// <param name="id">The section's id.</param>
    /// <param name="level">Its heading's level.</param>
    /// <param name="withCurves">Whether its curves are not shown elsewhere.</param>
    public static XElement Write(ReportMarkup markup, ReportSubject subject, string id, int level, bool withCurves)
    {
        if (subject.Runs.Count == 0)
            return Section(id, "Training", level, Paragraph($"{subject.Name} has not been trained."));
        var drawable = Drawable([subject]);
        return Section(
            id,
            "Training",
            level,
            withCurves && drawable.Count > 0 ? Curves(markup, drawable) : null,
            Settings(markup, subject),
            subject.Runs.Where(run => run.History.Count > 0).Select(run => Epochs(markup, subject, run)).ToArray()
        );
    }

    private static XElement Curves(ReportMarkup markup, IReadOnlyList<TrainingRun> runs) =>
        markup.Figure(ReportPictures.Curves(runs), CurveCaption);

    private static IReadOnlyList<TrainingRun> Drawable(IEnumerable<ReportSubject> subjects) =>
        [.. subjects.SelectMany(subject => subject.Runs).Where(run => run.History.Count > 0)];

    /// <summary>A row a setting, a column a training.</summary>
    private static XElement Settings(ReportMarkup markup, ReportSubject subject)
    {
        var runs = subject.Runs.Select(TrainingFacts.Of).ToList();
        var names = runs.SelectMany(facts => facts.Select(fact => fact.Name)).Distinct().ToList();
        // Those that only some have stand where their own training has them: names come in one order.
        TextColumn[] columns =
        [
            new("Setting"),
            .. runs.Count == 1
                ? (TextColumn[])[new("Value")]
                : [.. Enumerable.Range(1, runs.Count).Select(i => new TextColumn(Header(i)))],
        ];
        return markup.Table(
            $"How {subject.Name} was trained" + (runs.Count == 1 ? "" : ReportText.Of($", {runs.Count} times")),
            columns,
            names.Select(name =>
                (IReadOnlyList<object>)
                    [name, .. runs.Select(facts => facts.FirstOrDefault(fact => fact.Name == name).Value ?? "")]
            )
        );
    }

    private static string Header(int number) => string.Create(CultureInfo.InvariantCulture, $"Training {number}");

    private static XElement Epochs(ReportMarkup markup, ReportSubject subject, TrainingRun run)
    {
        var table = run.TableIn(CultureInfo.InvariantCulture);
        var which =
            subject.Runs.Count == 1 ? "" : ReportText.Of($" of training {subject.Runs.ToList().IndexOf(run) + 1}");
        return Details(
            $"The epochs{which} as a table",
            markup.Table($"The epochs{which}: {subject.Name} on {run.DatasetName}", table.Columns, table.Rows)
        );
    }
}
