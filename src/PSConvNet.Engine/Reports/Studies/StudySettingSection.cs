using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>How a sweep was run: how points are chosen, how trials are trained and judged, on which images.</summary>
internal static class StudySettingSection
{
    /// <summary>Facts of a training by the parameter that varies them.</summary>
    private static readonly Dictionary<string, string> s_parameterOf = new()
    {
        ["Epochs asked for"] = "Epochs",
        ["Batch size"] = "BatchSize",
        ["Learning rate schedule"] = "Schedule",
        ["Loss"] = "Loss",
        ["Label smoothing"] = "LabelSmoothing",
        ["Class weights"] = "ClassWeight",
        ["Averaged weights"] = "AverageDecay",
        ["Seed"] = "Seed",
        ["Arithmetic"] = "Precision",
    };

    private static readonly TextColumn[] s_settings = [new("Setting"), new("Value")];

    private static readonly TextColumn[] s_parts =
    [
        new("Part"),
        new("Images", RightAligned: true),
        new("What for"),
        new("SHA-256"),
    ];

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, StudyFindings findings)
    {
        var data = findings.Study.Data;
        (string Part, DatasetRecord Record, string Use)[] parts =
        [
            ("training", data.Train, "trials are trained on them"),
            ("validation", data.Validation, "all trials are judged on them"),
            ("test", data.Test, "the best are measured on them, once"),
        ];
        return Section(
            "settings",
            "How it was run",
            2,
            markup.Table(
                "How trials were chosen, trained and stopped",
                s_settings,
                Facts(findings).Select(fact => (IReadOnlyList<object>)[fact.Name, Name(fact.Value)])
            ),
            markup.Table(
                "The images, with the hashes of their shape, labels and pixels",
                s_parts,
                parts.Select(part =>
                    (IReadOnlyList<object>)
                        [
                            part.Part,
                            ReportText.Of($"{part.Record.Images:N0}"),
                            part.Use,
                            Tag("code", part.Record.Sha256),
                        ]
                )
            )
        );
    }

    private static IEnumerable<(string Name, string Value)> Facts(StudyFindings findings)
    {
        var (settings, training) = (findings.Settings, findings.Settings.Training);
        SweepTrial[] all = [.. findings.Trials, .. findings.Repetitions];
        return
        [
            ("Sampler", Sampler(settings)),
            ("Pruner", settings.Pruner.ToString()),
            ("Made good", TrialText.Named(settings.Objective)),
            ("Trials asked for", ReportText.Of($"{settings.Trials:N0}")),
            ("Best trials kept", settings.KeepAllModels ? "all models" : ReportText.Of($"{settings.Best:N0}")),
            (
                "Repetitions of each of the best",
                settings.Replicate == 0 ? "none" : ReportText.Of($"{settings.Replicate:N0}")
            ),
            ("Retries of a trial whose worker died", ReportText.Of($"{settings.Retry:N0}")),
            (
                "Failures that end the sweep",
                settings.MaxFailures is { } most ? ReportText.Of($"more than {most:N0}") : "none"
            ),
            .. TrainingFacts
                .Chosen(training)
                .Append((Name: "Arithmetic", Value: training.Precision.ToString()))
                .Select(fact => (fact.Name, Shared(settings, fact.Name, fact.Value))),
            .. Freezing("Frozen layers", training.Frozen),
            .. Freezing("Layers that are not frozen", training.Unfrozen),
            ("Threads a worker", ReportText.Of($"{training.Threads}")),
            ("Begun", ReportText.Moment(findings.Study.Created)),
            .. all.Max(trial => trial.EndedAt) is { } ended
                ? ((string, string)[])[("Last trial ended", ReportText.Moment(ended))]
                : [],
            ("Work of all workers", ReportText.Duration(all.Sum(trial => trial.Seconds))),
        ];
    }

    private static (string Name, string Value)[] Freezing(string name, LayerPatterns? layers) =>
        layers is null ? [] : [(name, layers.ToString())];

    private static string Sampler(StudySettings settings) =>
        settings.Sampler == SweepSampler.Grid && settings.Space.Parameters.Any(parameter => !parameter.IsCategorical)
            ? ReportText.Of($"Grid (at most {settings.GridPoints} points of a range)")
            : settings.Sampler.ToString();

    /// <summary>A setting that all trials share; where a parameter varies it, that.</summary>
    private static string Shared(StudySettings settings, string fact, string value)
    {
        if (s_parameterOf.TryGetValue(fact, out var name) && settings.Space.Find(name) is not null)
            return "varied";
        if (fact != "Optimizer")
            return value;
        if (settings.Space.Find(fact) is not null)
            return "varied";
        string[] varied =
        [
            .. settings
                .Training.Optimizer.Settings.Select(setting => setting.Key)
                .Where(key => settings.Space.Find(key) is not null),
        ];
        return varied.Length == 0 ? value : $"{value}; {string.Join(", ", varied)} varied";
    }
}
