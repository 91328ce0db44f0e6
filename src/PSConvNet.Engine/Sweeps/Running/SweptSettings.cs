namespace PSConvNet.Sweeps;

/// <summary>
/// The parameters of a sweep that training knows: they go to it, by the names that Invoke-Training gives them; all others are for the
/// script block alone. So do settings of the trial's optimizer: Momentum, WeightDecay.
/// </summary>
internal static class SweptSettings
{
    private static readonly Dictionary<string, Func<TrainingOptions, object, TrainingOptions>> s_known = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Epochs"] = (options, value) => options with { Epochs = Number(value) },
        ["BatchSize"] = (options, value) => options with { BatchSize = Whole(value) },
        ["Schedule"] = (options, value) => options with { Schedule = LearningRateSchedule.Parse(Text(value)) },
        ["AverageDecay"] = (options, value) => options with { AverageDecay = Number(value) },
        ["Loss"] = (options, value) => options with { Loss = Name<Loss>(value) },
        ["LabelSmoothing"] = (options, value) => options with { LabelSmoothing = Number(value) },
        ["ClassWeight"] = (options, value) => options with { ClassWeight = ClassWeights.Parse(Text(value)) },
        ["Precision"] = (options, value) => options with { Precision = Name<Precision>(value) },
        ["Frozen"] = (options, value) => options with { Frozen = LayerPatterns.Of(Text(value)) },
        ["Unfrozen"] = (options, value) => options with { Unfrozen = LayerPatterns.Of(Text(value)) },
        ["Seed"] = (options, value) => options with { Seed = (long)WrittenValue.Convert(value, typeof(long)) },
    };

    /// <summary>The names that go to training whatever the optimizer.</summary>
    public static IEnumerable<string> Names => s_known.Keys.Append("Optimizer").Append("LearningRate");

    /// <summary>The options of a trial.</summary>
    /// <param name="options">Those that all trials share.</param>
    /// <param name="point">What this one is run with.</param>
    /// <exception cref="ConvNetException">
    /// <c>TrainingOptionInvalid</c>, <c>OptimizerUnknown</c>, <c>OptimizerSettingInvalid</c>, <c>ScheduleUnknown</c>: a value that can't be.
    /// </exception>
    public static TrainingOptions Apply(TrainingOptions options, SweepPoint point)
    {
        foreach (var (name, value) in point)
        {
            if (s_known.TryGetValue(name, out var apply))
                options = Guarded(name, value, () => apply(options, value));
        }
        options = options with { Optimizer = Optimizer(options.Optimizer, point) };
        options.Validate();
        return options;
    }

    private static OptimizerSpec Optimizer(OptimizerSpec shared, SweepPoint point)
    {
        var chosen = point.TryGetValue("Optimizer", out var name)
            ? Guarded("Optimizer", name, () => OptimizerSpec.Parse(Text(name)))
            : shared;
        // Of the same kind: what was set for all trials stays.
        var settings = (chosen.Name == shared.Name ? shared : chosen).Settings.ToDictionary(
            pair => pair.Key,
            pair => pair.Value,
            StringComparer.OrdinalIgnoreCase
        );
        foreach (var (setting, value) in point)
        {
            if (settings.ContainsKey(setting))
                settings[setting] = value;
        }
        return OptimizerSpec.Create(chosen.Name, settings);
    }

    private static T Guarded<T>(string name, object value, Func<T> apply)
    {
        try
        {
            return apply();
        }
        catch (Exception e)
            when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw new ConvNetException(
                ErrorIds.TrainingOptionInvalid,
                ErrorKind.InvalidArgument,
                $"TrainingOptions.{name} can't be {SweepValue.ToText(value)}; give the parameter of the sweep another name, or values that are allowed there.",
                value,
                e
            );
        }
    }

    private static double Number(object value) => (double)WrittenValue.Convert(value, typeof(double));

    private static int Whole(object value) => (int)WrittenValue.Convert(value, typeof(int));

    private static string Text(object value) => value as string ?? throw new FormatException("It isn't text.");

    private static T Name<T>(object value)
        where T : struct, Enum => (T)WrittenValue.Convert(value, typeof(T));
}
