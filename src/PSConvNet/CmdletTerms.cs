using System.Collections.Frozen;
using System.Management.Automation.Language;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;

namespace PSConvNet.Commands;

/// <summary>
/// The engine's messages in a cmdlet's terms. The engine names what a C# program would use (<c>TrainingOptions.Epochs</c>, <c>Model.CopyUntrained</c>);
/// here it becomes the parameter or the cmdlet (<c>-Epochs</c>, <c>Copy-Model -Reset</c>). Some errors get a remedy that only cmdlets have.
/// </summary>
internal static partial class CmdletTerms
{
    /// <summary>Terms that don't become a parameter of the same name.</summary>
    private static readonly FrozenDictionary<string, string> s_terms = new Dictionary<string, string>
    {
        ["Checkpoint.Newest"] = "Resume-Training",
        ["CheckpointOptions.Every"] = "-CheckpointEvery",
        ["CheckpointOptions.Folder"] = "-CheckpointPath",
        ["CheckpointOptions.Replace"] = "-Force",
        ["ChoiceParameter"] = "-Choice",
        ["ConvLayer.Groups"] = "-Groups",
        ["ClassWeights.Of"] = "a hashtable such as @{ cat = 2; dog = 1 }",
        ["Dataset.ExpandDimension"] = "Expand-Dimension",
        ["ImageFolder.Read"] = "Import-ImageFolder",
        ["ImageFolderOptions.Height"] = "-Size",
        ["ImageFolderOptions.TestFolder"] = "-TestPath",
        ["InnerException has"] = "$Error[0].Exception.InnerException has",
        ["IntegerParameter"] = "-Integer",
        ["LearningRateFinder.Find"] = "Find-LearningRate",
        ["LogUniformParameter"] = "-LogUniform",
        ["MnistLocations.DataFolder"] = "-Path",
        ["MnistSource.DownloadAsync"] = "Import-Mnist -Force",
        ["MnistSource.Read"] = "Import-Mnist -Path",
        ["Model.Copy(classNames)"] = "Copy-Model -ClassName",
        ["Model.CopyUntrained"] = "Copy-Model -Reset",
        ["Model.InputShape"] = "-InputShape",
        ["Model.Summary"] = "Get-ModelSummary",
        ["ModelFile.Load"] = "Import-Model",
        ["ModelFile.Save"] = "Export-Model",
        ["Padding must be"] = "-Padding must be",
        ["PictureFiles.Prepare"] = "Invoke-Prediction -Path",
        ["PreparedPicture.Steps"] = "Show-Image -Prepared -Steps",
        ["RuntimeInstaller.InstallAsync"] = "Install-ConvNetRuntime",
        ["RuntimeInstaller.InstallAsync installs"] = "Install-ConvNetRuntime -Force installs",
        ["Study.Create"] = "Invoke-Sweep",
        ["Study.Open"] = "-Study alone",
        ["Study.ReadTrials"] = "Invoke-Sweep or Get-SweepTrial",
        ["StudySettings.KeepAllModels"] = "-KeepModel All",
        ["SweepSpace.Conditions"] = "-When",
        ["SweepTrial.Reason"] = "Get-SweepTrial -State Failed",
        ["SyntheticDigits.Generate"] = "-Name Synthetic",
        ["Trainer.Run"] = "Invoke-Training",
        ["TrainingOptions.RenameClasses"] = "Invoke-Training -RenameClass",
        ["UniformParameter"] = "-Uniform",
        ["WeightsFile.Load"] = "Import-Model -Weights",
        ["WeightsReport.Pairs"] = "-Verbose",
        ["fractions of type double"] =
            "fractions such as [double[]]$pixels (PowerShell turns 255/255 into the whole number 1)",
        ["install PSConvNet again"] = "reinstall the module",
        ["packages:"] = "-Path",
        ["partial: true"] = "-Partial",
        ["split: true"] = "-Split",
        ["start the program again"] = "start PowerShell again",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What cmdlets can do about an error, beyond what its message says.</summary>
    private static readonly FrozenDictionary<string, string> s_remedies = new Dictionary<string, string>
    {
        [ErrorIds.ModelEmpty] = "Pipe layers to New-Model, as in New-FlattenLayer | New-DenseLayer 10 | New-Model.",
        [ErrorIds.SweepTooManyFailures] =
            "Get-SweepTrial -State Failed shows all of them; Invoke-Sweep -Study with a higher -MaxFailures resumes the study.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_kinds = typeof(LayerSpec)
        .Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(LayerSpec)) && !type.IsAbstract)
        .Select(type => type.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly Regex s_term = new(
        // Neither within a longer name nor within a path.
        @"(?<![\w.\\/$-])(?:"
            + string.Join(
                '|',
                s_terms.Keys.OrderByDescending(term => term.Length).Select(term => $"(?<term>{Regex.Escape(term)})")
            )
            + @")(?!\w)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    );

    /// <summary>The error for a layer where a model is wanted: what is easily forgotten is New-Model.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="errorId">The error's id.</param>
    public static ConvNetException NotBuilt(LayerSpec layer, string errorId) =>
        new(
            errorId,
            ErrorKind.InvalidArgument,
            $"It is a layer ({layer.Kind}) and not a model: pipe all layers to New-Model first, as in $layers | New-Model 28,28,1.",
            layer
        );

    /// <summary>An error as a cmdlet reports it; the same one where nothing in it is the engine's.</summary>
    /// <param name="error">The engine's error.</param>
    /// <param name="inTable">Whether it is about a setting in a hashtable, which is a name and no parameter.</param>
    public static ConvNetException Of(ConvNetException error, bool inTable = false)
    {
        // An error of the module may name the type of an object that was given: "not FlattenLayer".
        var isOfEngine = error.TargetSite?.Module.Assembly == typeof(ConvNetException).Assembly;
        // The target can be a name, too: a file's path, a class.
        IReadOnlyList<string> names = error.Target is string { Length: > 0 } target
            ? [.. error.Names, target]
            : error.Names;
        Func<string, string> translate = isOfEngine ? Of : Members;
        var text = Translated(
            error.Message,
            names,
            inTable ? message => translate(Option().Replace(message, "${name}")) : translate
        );
        if (s_remedies.TryGetValue(error.ErrorId, out var remedy) && !text.Contains(remedy, StringComparison.Ordinal))
            text = $"{text} {remedy}";
        if (text == error.Message)
            return error;
        var reported = new ConvNetException(error.ErrorId, error.Kind, text, error.Target, error.InnerException);
        if (error.StackTrace is { } trace)
            ExceptionDispatchInfo.SetRemoteStackTrace(reported, trace);
        return reported;
    }

    /// <summary>A message in a cmdlet's terms, whose names stay as they are: a model may be called Loss.MeanSquaredError.</summary>
    private static string Translated(string message, IReadOnlyList<string> names, Func<string, string> translate)
    {
        // Each name that would change is a character of Unicode's private area meanwhile.
        const char first = '\uE000';
        var kept = names
            .Where(name => translate(name) != name)
            .Distinct()
            .OrderByDescending(name => name.Length)
            .Take(100)
            .ToList();
        for (var i = 0; i < kept.Count; i++)
            message = message.Replace(kept[i], ((char)(first + i)).ToString(), StringComparison.Ordinal);
        message = translate(message);
        for (var i = kept.Count - 1; i >= 0; i--)
            message = message.Replace(((char)(first + i)).ToString(), kept[i], StringComparison.Ordinal);
        return message;
    }

    /// <summary>A message in a cmdlet's terms.</summary>
    public static string Of(string message) => Layer().Replace(Members(message), Layer);

    /// <summary>Everything but layers that are named by their type alone.</summary>
    private static string Members(string message)
    {
        var text = LoadCall()
            .Replace(
                message,
                match => $"$model | Import-Model -Weights {Word(match.Groups["file"].Value)}{From(match)}"
            );
        text = s_term.Replace(text, match => s_terms[match.Value]);
        text = Option().Replace(text, "-${name}");
        text = Argument()
            .Replace(
                text,
                match => $"-{(match.Groups["name"].Value == "from" ? "From" : "Match")} {match.Groups["value"]}"
            );
        text = Sampler().Replace(text, "-Sampler ${value}");
        return Choice().Replace(text, "-${name} ${value}");
    }

    /// <summary>A text of C# as PowerShell has to be given it: a word, or in quotes where it would be read as anything else.</summary>
    private static string Word(string text)
    {
        var plain = Escaped().Replace(text, "$1");
        return Bare().IsMatch(plain) ? plain : $"'{CodeGeneration.EscapeSingleQuotedStringContent(plain)}'";
    }

    private static string From(Match call) => call.Groups["from"] is { Success: true } from ? $" -From {from}" : "";

    private static string Layer(Match layer)
    {
        var kind = layer.Groups["kind"].Value;
        if (!s_kinds.Contains(kind))
            return layer.Value;
        return $"New-{kind}"
            + (layer.Groups["size"] is { Success: true } size ? $" {size}" : "")
            + (layer.Groups["setting"] is { Success: true } setting ? $" -{setting}" : "")
            + (layer.Groups["choice"] is { Success: true } choice ? $" -{choice} {layer.Groups["value"]}" : "");
    }

    [GeneratedRegex(
        """WeightsFile\.Load\(model, "(?<file>(?:[^"\\]|\\.)+)"(?:, from: WeightsOrigin\.(?<from>\w+))?\)"""
    )]
    private static partial Regex LoadCall();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"^[\w./\\][\w./\\+-]*$")]
    private static partial Regex Bare();

    [GeneratedRegex(
        @"(?<![\w.\\/$-])(?:TrainingOptions|CheckpointOptions|OptimizerSpec|LearningRateRange|StudySettings|PrunerSpec|ImageFolderOptions|ModelReportOptions|ModelPageOptions|TestTimeAugmentation|LayerSpec|LearningRateSchedule|SgdOptimizer|Augmentation)\.(?<name>\w+)"
    )]
    private static partial Regex Option();

    [GeneratedRegex(@"\b(?<name>match|from): Weight(?:Match|sOrigin)\.(?<value>\w+)")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(?<![\w.\\/$-])SweepSampler\.(?<value>\w+)")]
    private static partial Regex Sampler();

    // FlattenLayer, BatchNormLayer.Epsilon, DenseLayer(10) with -Activation Softmax.
    [GeneratedRegex(
        @"(?<![\w.\\/$-])(?<kind>[A-Z]\w+(?:Layer|Block))(?!\w)(?:\((?<size>\d+)\)(?: with -(?<choice>Activation|Padding) (?<value>\w+))?|\.(?<setting>\w+))?"
    )]
    private static partial Regex Layer();

    [GeneratedRegex(@"(?<![\w.\\/$-])(?<name>Activation|Loss|Padding)\.(?<value>\w+)")]
    private static partial Regex Choice();
}
