using System.Text;

namespace PSConvNet.Reports;

/// <summary>
/// What there is to know of one model or several, as one HTML page that needs nothing but itself: no scripts, no network, light and
/// dark, for people with and without eyes.
/// </summary>
public sealed class ModelReport
{
    private readonly string _html;

    private ModelReport(string title, string summary, string html) => (Title, Summary, _html) = (title, summary, html);

    /// <summary>The page's title.</summary>
    public string Title { get; }

    /// <summary>The sentence that sums it up: how good the model is, or which of several is the best.</summary>
    public string Summary { get; }

    /// <summary>Measures the models where there are data, and writes the page.</summary>
    /// <param name="models">
    /// The models, each with those of its trainings that it does not hold itself. A model that comes more than once is one model.
    /// </param>
    /// <param name="data">
    /// The data set; its test part is measured on. Null leaves out what needs images, and the page says so.
    /// </param>
    /// <param name="options">Title, notes, how much is shown; or null for the usual.</param>
    /// <param name="measuring">How a model is measured, its name given; or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// <c>ReportEmpty</c>: there are no models. <c>ReportOptionInvalid</c>. <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>,
    /// <c>ModelBusy</c>, <c>PredictionsInvalid</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public static ModelReport Create(
        IEnumerable<(Model Model, IReadOnlyList<TrainingRun> Runs)> models,
        Dataset? data = null,
        ModelReportOptions? options = null,
        Func<string, PredictionOptions>? measuring = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new ModelReportOptions();
        options.Validate();
        var subjects = ReportSubject.Measure(models, data, options, measuring, cancellation);
        if (subjects.Count == 0)
        {
            throw new ConvNetException(
                ErrorIds.ReportEmpty,
                ErrorKind.InvalidArgument,
                "There is nothing to report on: give at least one model or training run."
            );
        }
        return Write(new ModelContent(subjects, data, options), options, cancellation);
    }

    /// <summary>Writes a page about a study, as it stands now; the models of its best trials are measured on its test images.</summary>
    /// <param name="study">The study; nothing of it is run.</param>
    /// <param name="options">Title, notes, how much is shown; or null for the usual.</param>
    /// <param name="measuring">How a model is measured, its name given; or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// <c>ReportOptionInvalid</c>; <c>StudyInvalid</c>: a trial's record is damaged. <c>FileNotReadable</c>, <c>DataShapeMismatch</c>,
    /// <c>ClassCountMismatch</c>, <c>PredictionsInvalid</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public static ModelReport Create(
        Study study,
        ModelReportOptions? options = null,
        Func<string, PredictionOptions>? measuring = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new ModelReportOptions();
        options.Validate();
        var findings = StudyFindings.Of(study, options, measuring, cancellation);
        return Write(new StudyContent(findings, options), options, cancellation);
    }

    /// <summary>The whole page. It is well-formed XML too.</summary>
    public string ToHtml() => _html;

    /// <summary>Writes the page to a file; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Save(string path) => WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(_html)));

    /// <summary>Title and summary.</summary>
    public override string ToString() => $"{Title}: {Summary}";

    private static ModelReport Write(
        IReportContent content,
        ModelReportOptions options,
        CancellationToken cancellation
    ) => new(content.Title, content.Verdict, new ReportPage(content, options, cancellation).Write());
}
