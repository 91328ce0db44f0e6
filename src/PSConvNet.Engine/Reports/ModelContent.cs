using System.Globalization;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>A page about models: what comes in which order.</summary>
internal sealed class ModelContent : IReportContent
{
    private readonly IReadOnlyList<ReportSubject> _subjects;
    private readonly Dataset? _data;
    private readonly ModelReportOptions _options;

    public ModelContent(IReadOnlyList<ReportSubject> subjects, Dataset? data, ModelReportOptions options)
    {
        (_subjects, _data, _options) = (subjects, data, options);
        var names = ReportText.List([.. subjects.Select(subject => subject.Name)]);
        var where = data?.Name ?? subjects.SelectMany(subject => subject.Runs).FirstOrDefault()?.DatasetName;
        Title = options.Title ?? (where is null ? names : $"{names} on {where}");
        Verdict = ResultSection.Verdict(subjects, data);
    }

    /// <inheritdoc />
    public string Title { get; }

    /// <inheritdoc />
    public string Verdict { get; }

    /// <inheritdoc />
    public IEnumerable<Func<XElement>> Sections(ReportMarkup markup)
    {
        yield return () => ResultSection.Write(markup, _subjects, _data);
        yield return () => DataSection.Write(markup, _data, _subjects);
        if (_subjects is [var only])
        {
            foreach (var part in Parts(markup, only, _options, "", 2, withCurves: true))
                yield return part;
        }
        else
        {
            yield return () => TrainingSection.Together(markup, _subjects);
            for (var i = 0; i < _subjects.Count; i++)
            {
                var (subject, id) = (_subjects[i], string.Create(CultureInfo.InvariantCulture, $"model-{i + 1}"));
                yield return () => Whole(markup, subject, _options, id, subject.Name, withCurves: false);
            }
        }
        yield return () => EnvironmentSection.Write(markup);
        yield return () => ReproductionSection.Write(_subjects, _data, _options);
    }

    /// <summary>A model among others: all there is to say of it under one heading.</summary>
    public static XElement Whole(
        ReportMarkup markup,
        ReportSubject subject,
        ModelReportOptions options,
        string id,
        string title,
        bool withCurves
    ) =>
        Section(
            id,
            title,
            2,
            ResultSection.Sentence(subject),
            Parts(markup, subject, options, id + "-", 3, withCurves).Select(part => part()).ToArray()
        );

    private static IEnumerable<Func<XElement>> Parts(
        ReportMarkup markup,
        ReportSubject subject,
        ModelReportOptions options,
        string prefix,
        int level,
        bool withCurves
    )
    {
        yield return () => NetworkSection.Write(markup, subject, prefix + "network", level);
        yield return () => TrainingSection.Write(markup, subject, prefix + "training", level, withCurves);
        yield return () => ConfusionSection.Write(markup, subject, prefix + "confusion", level);
        yield return () => MistakeSection.Write(markup, subject, options, prefix + "mistakes", level);
    }
}
