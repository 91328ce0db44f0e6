namespace PSConvNet.Reports;

/// <summary>The PowerShell commands that make the models of a report, train them as they were trained, and write the report again.</summary>
internal static class ReproductionScript
{
    /// <summary>The commands, as lines.</summary>
    public static string Write(IReadOnlyList<ReportSubject> subjects, Dataset? data, ModelReportOptions options)
    {
        var sets = new DataScript(data, [.. subjects.SelectMany(subject => subject.Runs)]);
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
        string?[] parts =
        [
            $"{string.Join(", ", variables)} | New-ModelReport -Path {PowerShellText.Argument(options.FileName)}",
            data is null ? null : $"-Data {data}",
            options.Title is { } title ? $"-Title {PowerShellText.Quote(title)}" : null,
            options.Note is { } note ? $"-Note {PowerShellText.Quote(note)}" : null,
            options.MistakeCount == new ModelReportOptions().MistakeCount
                ? null
                : ReportText.Of($"-MistakeCount {options.MistakeCount}"),
        ];
        return "\n" + string.Join(' ', parts.OfType<string>());
    }
}
