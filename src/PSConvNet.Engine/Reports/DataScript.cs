using System.Text.RegularExpressions;

namespace PSConvNet.Reports;

/// <summary>The commands that get the data sets of a report, as far as what is known of them tells.</summary>
internal sealed partial class DataScript
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly List<string> _lines = [];
    private readonly DataOrigin? _data;

    /// <param name="data">The data set that was measured on, or null.</param>
    /// <param name="runs">The trainings; what they were trained on may be another one.</param>
    public DataScript(DataOrigin? data, IReadOnlyList<TrainingRun> runs)
    {
        if (data is not null)
            Add(Key(data.Name, data.Train), variable => Known(data, variable));
        foreach (var run in runs)
            Add(Key(run.DatasetName, TrainingImages(run, data)), variable => Remembered(run, variable));
        _data = data;
    }

    /// <summary>The commands.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The variable that holds the data set that was measured on.</summary>
    public string Measured => _variables[Key(_data!.Name, _data.Train)];

    /// <summary>The variable that holds what a model was trained on.</summary>
    public string Of(TrainingRun run) => _variables[Key(run.DatasetName, TrainingImages(run, _data))];

    /// <summary>Sets of one name and different sizes are different sets.</summary>
    private static string Key(string name, int images) => ReportText.Of($"{images} {name}");

    /// <summary>The images that a training had, those included that it held out to validate on.</summary>
    private static int TrainingImages(TrainingRun run, DataOrigin? data)
    {
        var split = run.Options.ValidationSplit;
        // The share was rounded: only a set that is known tells the number for certain.
        return data is { Train: var known } && known - (int)Math.Round(known * split) == run.TrainingImages
            ? known
            : (int)Math.Round(run.TrainingImages / (1 - split));
    }

    private void Add(string dataset, Func<string, IEnumerable<string>> write)
    {
        if (_variables.ContainsKey(dataset))
            return;
        var variable = _variables.Count == 0 ? "$data" : ReportText.Of($"$data{_variables.Count + 1}");
        _variables.Add(dataset, variable);
        _lines.AddRange(write(variable));
    }

    private static IEnumerable<string> Known(DataOrigin data, string variable)
    {
        if (Mnist(data) is { } mnist)
            return Steps(data, variable, mnist);
        return data.Shape.Rank == 3 && Path.IsPathRooted(data.Source)
            ? Folder(data, variable)
            : Missing(data.Name, data.ToString(), variable);
    }

    /// <summary>The name that Import-Mnist knows a data set by, or null: a folder of pictures may be called Digits too.</summary>
    private static MnistName? Mnist(DataOrigin data)
    {
        if (
            !Enum.TryParse<MnistName>(data.Name, out var name)
            || data.Shape.Size != MnistCatalog.Side * MnistCatalog.Side
        )
            return null;
        var classes = name == MnistName.Synthetic ? MnistCatalog.DigitNames : MnistCatalog.Get(name).ClassNames;
        return data.ClassNames.SequenceEqual(classes) ? name : null;
    }

    /// <summary>Import, dimension, and what was held out since.</summary>
    private static IEnumerable<string> Steps(DataOrigin data, string variable, MnistName name)
    {
        var (whole, splits) = (data, new Stack<DataSplit>());
        while (whole.LastSplit() is { } split)
        {
            splits.Push(split);
            whole = split.Before;
        }
        var seed = Seed().Match(whole.Source) is { Success: true } drawn ? drawn.Groups["seed"].Value : "1";
        yield return Import(variable, name, whole.Train, seed, data.Shape);
        foreach (var split in splits)
            yield return split.Command(variable);
        // Both parts are cut alike; where they were not, somebody else did it.
        if (data.Test != Math.Min(whole.Train, MnistCatalog.TestCount))
            yield return ReportText.Of($"# The report was measured on {data.Test:N0} test images.");
    }

    private static string Import(string variable, MnistName name, int count, string seed, Shape? shape)
    {
        var first = count < MnistCatalog.TrainCount ? ReportText.Of($" -First {count}") : "";
        var drawn = name == MnistName.Synthetic && seed != "1" ? $" -Seed {seed}" : "";
        var expand = shape is null or { Rank: 3 } ? " | Expand-Dimension" : "";
        return $"{variable} = Import-Mnist {name}{first}{drawn}{expand}";
    }

    private static IEnumerable<string> Folder(DataOrigin data, string variable)
    {
        yield return "# The data set doesn't keep -Invert and -First; add them if they were given.";
        var source = data.Source;
        var size =
            data.Shape[0] == data.Shape[1]
                ? ReportText.Of($"{data.Shape[0]}")
                : ReportText.Of($"{data.Shape[0]},{data.Shape[1]}");
        var color = data.Shape[2] == 3 ? " -Color" : "";
        var test = " -TestSplit 0";
        if (data.LastSplit() is { } held)
        {
            source = held.Before.Source;
            var fraction = DataSplit.Likely(data.Test, data.Train + data.Test, usual: 0.2);
            test = $" -TestSplit {PowerShellText.Number(fraction)} -Seed {held.Seed}";
        }
        else if (TestedOn().Match(source) is { Success: true } tested)
        {
            source = tested.Groups["before"].Value;
            test = $" -TestPath {PowerShellText.Quote(tested.Groups["folder"].Value)}";
        }
        var prepared = data.Preparation is { } preparation ? $" -Preparation ({Command(preparation)})" : "";
        yield return $"{variable} = Import-ImageFolder -LiteralPath {PowerShellText.Quote(source)} -Size {size}{color}{prepared}{test}";
    }

    /// <summary>The command that makes a preparation.</summary>
    private static string Command(ImagePreparation preparation)
    {
        var usual = new ImagePreparation();
        IEnumerable<string> words =
        [
            "New-ImagePreparation",
            preparation.Fit is { } fit ? ReportText.Of($"-Fit {fit}") : "",
            preparation.Centre == usual.Centre ? "" : $"-Centre {preparation.Centre}",
            preparation.Polarity == usual.Polarity ? "" : $"-Polarity {preparation.Polarity}",
            preparation.KeepBackground ? "-KeepBackground" : "",
            preparation.KeepLines ? "-KeepLines" : "",
            preparation.KeepContrast ? "-KeepContrast" : "",
            preparation.KeepStrokes ? "-KeepStrokes" : "",
        ];
        return string.Join(' ', words.Where(word => word.Length > 0));
    }

    private static IEnumerable<string> Remembered(TrainingRun run, string variable)
    {
        if (!Enum.TryParse<MnistName>(run.DatasetName, out var name) || $"{name}" != run.DatasetName)
            return Missing(
                run.DatasetName,
                ReportText.Of($"{run.DatasetName}, {run.TrainingImages:N0} training images"),
                variable
            );
        var total = TrainingImages(run, data: null);
        return
        [
            "# Guessed from its name and its number of images; New-ModelReport -Data gives the exact command.",
            Import(variable, name, total, seed: "1", run.Model.InputShape.Rank == 2 ? run.Model.InputShape : null),
        ];
    }

    private static IEnumerable<string> Missing(string name, string what, string variable) =>
        [
            $"# {PowerShellText.Comment(what)}: put it into {variable} first; it isn't known how it was made.",
            $"if (-not {variable}) {{ throw {PowerShellText.Quote($"Put the data set {name} into {variable} first.")} }}",
        ];

    [GeneratedRegex(
        @"^(?<before>.*), tested on (?<folder>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    )]
    private static partial Regex TestedOn();

    [GeneratedRegex(@"^synthetic, seed (?<seed>-?\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Seed();
}
