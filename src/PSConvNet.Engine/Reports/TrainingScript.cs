namespace PSConvNet.Reports;

/// <summary>A training as the command that does it.</summary>
internal static class TrainingScript
{
    /// <summary>The command. Arithmetic and threads are those that were used: the same bits come of no others.</summary>
    /// <param name="run">The training.</param>
    /// <param name="model">The variable that holds the model.</param>
    /// <param name="data">The variable that holds the data set.</param>
    public static string Write(TrainingRun run, string model, string data)
    {
        var options = run.Options;
        var usual = options.Recipe == Recipe.Fast ? FastRecipe.For(run.Model, options.Epochs) : new TrainingOptions();
        var text = $"$run = {model} | Invoke-Training -Data {data}";
        if (options.Recipe != usual.Recipe || options.Recipe != Recipe.Tutorial)
            text += $" -Recipe {options.Recipe}";
        if (options.RenameClasses)
            text += " -RenameClass";
        return text + Settings(options, usual) + $" -Precision {run.Precision} -Threads {Number(run.Threads)}";
    }

    /// <summary>What a training is told, as arguments of Invoke-Training and of Invoke-Sweep.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="usual">Those that need not be named.</param>
    /// <param name="isVaried">Which options, by name, a sweep's space gives to each trial; they are not given for all.</param>
    public static string Settings(TrainingOptions options, TrainingOptions usual, Func<string, bool>? isVaried = null)
    {
        var text = isVaried?.Invoke(nameof(options.Epochs)) == true ? "" : $" -Epochs {Number(options.Epochs)}";
        if (isVaried?.Invoke(nameof(options.BatchSize)) != true)
            text += $" -BatchSize {Number(options.BatchSize)}";
        if (!options.Optimizer.Equals(usual.Optimizer))
            text += $" -Optimizer {Spec("New-Optimizer", options.Optimizer.Name, options.Optimizer.Settings)}";
        if (!options.Schedule.Equals(usual.Schedule))
            text += $" -Schedule {Spec("New-LearningRateSchedule", options.Schedule.Name, options.Schedule.Settings)}";
        if (options.Augmentation is { } augmentation)
            text += $" -Augmentation ({Augmented(augmentation)})";
        if (!options.AverageDecay.Equals(usual.AverageDecay))
            text += $" -AverageDecay {Number(options.AverageDecay)}";
        if (options.Loss != usual.Loss)
            text += $" -Loss {options.Loss}";
        if (!options.LabelSmoothing.Equals(usual.LabelSmoothing))
            text += $" -LabelSmoothing {Number(options.LabelSmoothing)}";
        if (options.ClassWeight is { } weights)
            text += $" -ClassWeight {Weights(weights)}";
        if (options.ValidationSplit > 0)
            text += $" -ValidationSplit {Number(options.ValidationSplit)}";
        if (options.Patience is { } patience)
            text += $" -EarlyStopping -Patience {Number(patience)}";
        if (options.RestoreBest)
            text += " -RestoreBest";
        text += Layers("Frozen", options.Frozen) + Layers("Unfrozen", options.Unfrozen);
        text += ReportText.Of($" -Seed {options.Seed}");
        return text;
    }

    /// <summary>What the command can't say of how it went.</summary>
    public static IEnumerable<string> Remarks(TrainingRun run)
    {
        if (run.Status == TrainingStatus.Stopped)
            yield return $"This training run was stopped by hand, after {Counted.Of(run.History.Count, "whole epoch")}; the command continues to the end.";
        var validated = run.Options.ValidationSplit == 0 && run.History.Any(epoch => epoch.ValidationLoss is not null);
        if (validated)
            yield return "It was validated on separate images, which aren't stored here: give them again with -ValidationData.";
    }

    /// <summary>A description by its name, and by its settings where they are not those it has by itself.</summary>
    private static string Spec(string command, string name, IEnumerable<KeyValuePair<string, object>> settings)
    {
        object usual = command == "New-Optimizer" ? OptimizerSpec.Parse(name) : LearningRateSchedule.Parse(name);
        var defaults = (
            usual is OptimizerSpec optimizer ? optimizer.Settings : ((LearningRateSchedule)usual).Settings
        ).ToDictionary();
        var given = settings.Where(setting => !Equals(setting.Value, defaults[setting.Key])).Select(Setting).ToList();
        return given.Count == 0 ? name : $"({command} {name} {string.Join(' ', given)})";
    }

    private static string Weights(ClassWeights weights) =>
        weights.Weights is { } given
            ? $"@{{ {string.Join("; ", given.Select(pair => $"{PowerShellText.Quote(pair.Key)} = {Number(pair.Value)}"))} }}"
            : weights.ToString();

    /// <summary>What is on; without a word New-Augmentation would give what suits digits.</summary>
    private static string Augmented(Augmentation augmentation)
    {
        var usual = new Augmentation();
        var text =
            $"New-Augmentation -Shift {Number(augmentation.Shift)}"
            + Unless("Rotate", augmentation.Rotate, usual.Rotate)
            + Unless("Scale", augmentation.Scale, usual.Scale)
            + Unless("Shear", augmentation.Shear, usual.Shear)
            + Both(
                Unless("Elastic", augmentation.Elastic, usual.Elastic),
                Unless("ElasticSigma", augmentation.ElasticSigma, usual.ElasticSigma),
                "Elastic"
            )
            + Unless("Noise", augmentation.Noise, usual.Noise)
            + Both(
                Unless("Erase", augmentation.Erase, usual.Erase),
                Unless("EraseArea", augmentation.EraseArea, usual.EraseArea),
                "Erase"
            );
        if (augmentation.FlipHorizontal)
            text += " -FlipHorizontal";
        return augmentation.Fill == usual.Fill ? text : $"{text} -Fill {augmentation.Fill}";
    }

    /// <summary>A setting and one that is refused without it.</summary>
    private static string Both(string partner, string setting, string parameter) =>
        partner.Length == 0 && setting.Length > 0 ? $" -{parameter} 0{setting}" : partner + setting;

    private static string Unless(string parameter, double value, double usual) =>
        value.Equals(usual) ? "" : $" -{parameter} {Number(value)}";

    private static string Unless(string parameter, NumberRange value, NumberRange usual) =>
        value == usual ? "" : $" -{parameter} {Number(value.Low)},{Number(value.High)}";

    private static string Setting(KeyValuePair<string, object> setting) =>
        setting.Value switch
        {
            bool on => $"-{setting.Key}:${(on ? "true" : "false")}",
            IFormattable number =>
                $"-{setting.Key} {number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}",
            var other => $"-{setting.Key} {other}",
        };

    private static string Layers(string parameter, LayerPatterns? layers) =>
        layers is null ? "" : $" -{parameter} {string.Join(',', layers.Patterns.Select(PowerShellText.Argument))}";

    private static string Number(double value) => PowerShellText.Number(value);
}
