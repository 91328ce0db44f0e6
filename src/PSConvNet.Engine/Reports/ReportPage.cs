using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>The page as a whole: what comes in which order, and what is around it.</summary>
internal sealed class ReportPage
{
    // Nothing is fetched and nothing runs, whatever a name or a picture might hold.
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    private readonly IReadOnlyList<ReportSubject> _subjects;
    private readonly Dataset? _data;
    private readonly ModelReportOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly ReportMarkup _markup = new();

    public ReportPage(
        IReadOnlyList<ReportSubject> subjects,
        Dataset? data,
        ModelReportOptions options,
        CancellationToken cancellation
    )
    {
        (_subjects, _data, _options, _cancellation) = (subjects, data, options, cancellation);
        var names = ReportText.List([.. subjects.Select(subject => subject.Name)]);
        var where = data?.Name ?? subjects.SelectMany(subject => subject.Runs).FirstOrDefault()?.DatasetName;
        Title = options.Title ?? (where is null ? names : $"{names} on {where}");
        Verdict = ResultSection.Verdict(subjects, data);
    }

    /// <summary>The page's title.</summary>
    public string Title { get; }

    /// <summary>The sentence that sums it up.</summary>
    public string Verdict { get; }

    /// <summary>The page's text.</summary>
    public string Write()
    {
        var sections = Sections().ToList();
        var page = Tag(
            "html",
            With("lang", "en"),
            Head(),
            Tag(
                "body",
                Tag("a", With("class", "skip"), With("href", "#main"), "Skip to the report"),
                Header(),
                Contents(sections),
                Tag("main", With("id", "main"), With("tabindex", "-1"), sections),
                Footer()
            )
        );
        ReportText.Clean(page);
        return "<!DOCTYPE html>\n" + Serialize(page) + "\n";
    }

    private IEnumerable<XElement> Sections()
    {
        IEnumerable<Func<XElement>> first =
        [
            () => ResultSection.Write(_markup, _subjects, _data),
            () => DataSection.Write(_markup, _data, _subjects),
        ];
        IEnumerable<Func<XElement>> last =
        [
            () => EnvironmentSection.Write(_markup),
            () => ReproductionSection.Write(_subjects, _data, _options),
        ];
        foreach (var section in first.Concat(OfModels()).Concat(last))
        {
            // Pictures take their time; who stops it is not kept waiting for all of them.
            _cancellation.ThrowIfCancellationRequested();
            yield return section();
        }
    }

    /// <summary>The parts of the one model; of several, what they share and then a part a model.</summary>
    private IEnumerable<Func<XElement>> OfModels()
    {
        if (_subjects is [var only])
        {
            yield return () => NetworkSection.Write(_markup, only, "network", 2);
            yield return () => TrainingSection.Write(_markup, only, "training", 2, withCurves: true);
            yield return () => ConfusionSection.Write(_markup, only, "confusion", 2);
            yield return () => MistakeSection.Write(_markup, only, _options, "mistakes", 2);
            yield break;
        }
        yield return () => TrainingSection.Together(_markup, _subjects);
        for (var i = 0; i < _subjects.Count; i++)
        {
            var (subject, id) = (_subjects[i], string.Create(CultureInfo.InvariantCulture, $"model-{i + 1}"));
            yield return () =>
                Section(
                    id,
                    subject.Name,
                    2,
                    ResultSection.Sentence(subject),
                    NetworkSection.Write(_markup, subject, id + "-network", 3),
                    TrainingSection.Write(_markup, subject, id + "-training", 3, withCurves: false),
                    ConfusionSection.Write(_markup, subject, id + "-confusion", 3),
                    MistakeSection.Write(_markup, subject, _options, id + "-mistakes", 3)
                );
        }
    }

    private XElement Head() =>
        Tag(
            "head",
            Tag("meta", With("charset", "utf-8")),
            Tag("meta", With("http-equiv", "Content-Security-Policy"), With("content", Policy)),
            Tag("meta", With("name", "viewport"), With("content", "width=device-width, initial-scale=1")),
            Tag("meta", With("name", "color-scheme"), With("content", "light dark")),
            Tag("meta", With("name", "referrer"), With("content", "no-referrer")),
            Tag("meta", With("name", "generator"), With("content", $"PSConvNet {EnvironmentSection.Version}")),
            Tag("title", Title),
            // A page without an icon of its own makes browsers ask its server for one.
            Tag("link", With("rel", "icon"), With("href", "data:,")),
            Tag("style", ReportStyle.Text)
        );

    private XElement Header() =>
        Tag(
            "header",
            Tag("h1", Name(Title)),
            Tag("p", With("class", "verdict"), Verdict),
            _options.Note is { } note
                ? Tag(
                    "div",
                    With("class", "note"),
                    Paragraphs(note).Select(text => Tag("p", With("dir", "auto"), text))
                )
                : null
        );

    private static string[] Paragraphs(string note) =>
        note.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static XElement Contents(IEnumerable<XElement> sections) =>
        Tag(
            "nav",
            With("aria-label", "Contents"),
            Tag(
                "ul",
                sections
                    .Select(section => section.Elements().First())
                    .Select(heading =>
                        Tag("li", Tag("a", With("href", "#" + heading.Attribute("id")!.Value), Name(heading.Value)))
                    )
                    .ToArray()
            )
        );

    private XElement Footer()
    {
        var written = _options.WrittenAt ?? DateTimeOffset.Now;
        return Tag(
            "footer",
            Tag(
                "p",
                "Written by PSConvNet ",
                EnvironmentSection.Version,
                " on ",
                Tag(
                    "time",
                    With("datetime", written.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)),
                    ReportText.Moment(written)
                ),
                ". This page holds no scripts and asks nothing of any network."
            )
        );
    }

    private static string Serialize(XElement page)
    {
        Break(page);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None };
        using (var writer = XmlWriter.Create(text, settings))
            page.Save(writer);
        return text.ToString();
    }

    /// <summary>Ends lines where a browser sees no difference, so that people can read the source, and compare two of them.</summary>
    private static void Break(XElement page)
    {
        string[] alone =
        [
            "head",
            "body",
            "header",
            "nav",
            "main",
            "section",
            "figure",
            "table",
            "tbody",
            "ul",
            "dl",
            "details",
            "footer",
        ];
        foreach (var element in page.DescendantsAndSelf().Where(e => alone.Contains(e.Name.LocalName)).ToList())
        {
            foreach (var child in element.Elements().ToList())
                child.AddBeforeSelf("\n");
            element.Add("\n");
        }
    }
}
