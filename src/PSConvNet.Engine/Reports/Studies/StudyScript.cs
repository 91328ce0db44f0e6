using System.Xml.Linq;

namespace PSConvNet.Reports;

/// <summary>The PowerShell commands that do a sweep again, and write its report.</summary>
internal static class StudyScript
{
    private const string Code =
        "The script blocks are code from the study: read them before you run them. If the folder already contains a study of that name, the commands continue it.";

    /// <summary>Long commands go on in a line of their own, before the next argument's blank.</summary>
    private const string NextLine = " `\n   ";

    /// <summary>The commands, with what there is to say of them.</summary>
    public static XElement Section(StudyFindings findings, ModelReportOptions options) =>
        ReproductionSection.Write(
            "These commands import the data, run the sweep and write this report again",
            Write(findings, options),
            [Code, .. Order(findings.Settings)]
        );

    /// <summary>The commands, as lines.</summary>
    public static string Write(StudyFindings findings, ModelReportOptions options)
    {
        var folder = Folder(findings.Name);
        var (lines, data, judges) = Data(findings.Study);
        return string.Join(
            '\n',
            [
                .. lines,
                "",
                $"$space = {SpaceScript.Write(findings.Settings.Space)}",
                $"Invoke-Sweep -Space $space -Data {data}{judges} -Study {folder}{NextLine}{Training(findings.Settings)}{NextLine}{Choosing(findings.Settings)} {SpaceScript.Block(findings.Settings.Script)}",
                "",
                $"New-ModelReport -Study {folder} -Path {PowerShellText.Argument(options.FileName)}{ReproductionScript.Words(options)}",
            ]
        );
    }

    /// <summary>A folder beside, whatever its name looks like.</summary>
    private static string Folder(string name) =>
        PowerShellText.Argument(name) == name ? "./" + name : PowerShellText.Quote("./" + name);

    /// <summary>The data set before images were held out to judge by, and how they are held out again.</summary>
    private static (IEnumerable<string> Lines, string Variable, string Judges) Data(Study study)
    {
        var record = study.Data;
        var origin = new DataOrigin(
            record.Name,
            record.Source,
            record.Train.Shape,
            record.ClassNames,
            record.Train.Images,
            record.Test.Images
        );
        if (origin.LastSplit() is { } split && split.Picked == record.Validation.Images)
        {
            var before = new DataScript(split.Before, []);
            var variable = before.Measured;
            // What Invoke-Sweep holds out by itself, by its own seed; all else somebody held out before.
            return split.Seed == ReportText.Of($"{study.Settings.Seed}")
                ? (before.Lines, variable, $" -ValidationSplit {PowerShellText.Number(split.Fraction)}")
                : ([.. before.Lines, split.Command(variable)], variable, " -ValidationData $heldOut.Test");
        }
        var script = new DataScript(origin, []);
        return (
            [
                .. script.Lines,
                $"# {Counted.Of(record.Validation.Images, "image")} to judge trials by: put them into $validation first; it isn't known where they came from.",
                "if (-not $validation) { throw 'Put the images to judge trials by into $validation first.' }",
            ],
            script.Measured,
            " -ValidationData $validation"
        );
    }

    /// <summary>How trials are trained, as arguments.</summary>
    private static string Training(StudySettings settings) =>
        TrainingScript.Settings(
            settings.Training with
            {
                Seed = settings.Seed,
            },
            new TrainingOptions(),
            name => settings.Space.Find(name) is not null && !settings.Space.Conditions.ContainsKey(name)
        )
        + Unless("Precision", settings.Training.Precision, Precision.Auto)
        + ReportText.Of($" -Threads {settings.Training.Threads}");

    /// <summary>How trials are chosen, stopped early and repeated, as arguments.</summary>
    private static string Choosing(StudySettings settings)
    {
        var (pruner, usual) = (settings.Pruner, PrunerSpec.None);
        return ReportText.Of($" -Sampler {settings.Sampler} -Trials {settings.Trials}")
            + (settings.Sampler == SweepSampler.Grid ? Unless("GridPoints", settings.GridPoints, 5) : "")
            + Unless("Objective", settings.Objective, SweepObjective.Accuracy)
            + Unless("Pruner", pruner.Kind, usual.Kind)
            + (pruner.Kind == usual.Kind ? "" : Unless("GraceEpochs", pruner.GraceEpochs, usual.GraceEpochs))
            + (
                pruner.Kind == SweepPruner.Asha
                    ? Unless("ReductionFactor", pruner.ReductionFactor, usual.ReductionFactor)
                    : ""
            )
            + ReportText.Of($" -Best {settings.Best} -Replicate {settings.Replicate}")
            + Unless("Retry", settings.Retry, 2)
            + Unless("MaxFailures", settings.MaxFailures, null)
            + (settings.KeepAllModels ? " -KeepModel All" : "");
    }

    private static string Unless<T>(string parameter, T value, T usual) =>
        Equals(value, usual) ? "" : ReportText.Of($" -{parameter} {value}");

    /// <summary>What a repetition of the sweep depends on beside its seed.</summary>
    private static string[] Order(StudySettings settings)
    {
        string[] names =
        [
            .. settings.Sampler == SweepSampler.Tpe ? (string[])["Tpe"] : [],
            .. settings.Pruner.Kind != SweepPruner.None ? (string[])[settings.Pruner.Kind.ToString()] : [],
        ];
        return names.Length == 0
            ? []
            :
            [
                $"{string.Join(" and ", names)} {(names.Length == 1 ? "goes" : "go")} by what other trials have come to at that moment: the same trials come of it only with -Parallel 1, where the study was run so too.",
            ];
    }
}
