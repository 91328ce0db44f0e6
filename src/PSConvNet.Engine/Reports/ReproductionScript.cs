namespace PSConvNet.Reports;

/// <summary>The PowerShell commands that make the models of a report, train them as they were trained, and write the report again.</summary>
internal static class ReproductionScript
{
    /// <summary>The commands, as lines.</summary>
    public static string Write(IReadOnlyList<ReportSubject> subjects, Dataset? data, ModelReportOptions options)
    {
        var sets = new DataScript(
            data is null ? null : DataOrigin.Of(data),
            [.. subjects.SelectMany(subject => subject.Runs)]
        );
        string[] variables =
        [
            .. subjects.Select((_, i) => subjects.Count == 1 ? "$model" : ReportText.Of($"$model{i + 1}")),
        ];
        return string.Join(
            '\n',
            [
                .. sets.Lines,
                .. subjects.Zip(variables).SelectMany(pair => Model(pair.First, pair.Second, sets)),
                Report(variables, data is null ? null : sets.Measured, options),
            ]
        );
    }

    /// <summary>The commands of one model: its network and its trainings.</summary>
    private static IEnumerable<string> Model(ReportSubject subject, string variable, DataScript sets)
    {
        var model = subject.Model;
        var name = model.Name.Length > 0 ? $" -Name {PowerShellText.Argument(model.Name)}" : "";
        yield return "";
        yield return $"{variable} = {LayerScript.Write(model.Layers)} |";
        yield return ReportText.Of(
            $"    New-Model {LayerScript.Dimensions(model.InputShape)}{name} -Seed {model.Seed}"
        );
        foreach (var run in subject.Runs)
        {
            foreach (var remark in TrainingScript.Remarks(run))
                yield return $"# {PowerShellText.Comment(remark)}";
            yield return TrainingScript.Write(run, variable, sets.Of(run));
        }
    }

    private static string Report(string[] variables, string? data, ModelReportOptions options)
    {
        var text =
            $"{string.Join(", ", variables)} | New-ModelReport -Path {PowerShellText.Argument(options.FileName)}"
            + (data is null ? "" : $" -Data {data}");
        return "\n" + text + Words(options);
    }

    /// <summary>What the author of a report says and asks for, as arguments of New-ModelReport.</summary>
    public static string Words(ModelReportOptions options) =>
        (options.Title is { } title ? $" -Title {PowerShellText.Quote(title)}" : "")
        + (options.Note is { } note ? $" -Note {PowerShellText.Quote(note)}" : "")
        + (
            options.MistakeCount == new ModelReportOptions().MistakeCount
                ? ""
                : ReportText.Of($" -MistakeCount {options.MistakeCount}")
        );
}
