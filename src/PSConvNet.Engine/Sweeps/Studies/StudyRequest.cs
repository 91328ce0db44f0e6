namespace PSConvNet.Sweeps;

/// <summary>A study as somebody asks for it: created where its folder holds none, resumed where the one there is about the same.</summary>
internal sealed record StudyRequest
{
    /// <summary>The share of the training images that is held out to judge trials by where nothing else is said.</summary>
    public const double UsualSplit = 0.1;

    /// <summary>What decides the results; how trials are validated is up to the properties below.</summary>
    public required StudySettings Settings { get; init; }

    /// <summary>What may differ each time the study is resumed, where it was given.</summary>
    public StudyChanges Changes { get; init; } = new();

    /// <summary>What trials are trained on, less what is held out; its test part is kept for the best at the end.</summary>
    public required Dataset Data { get; init; }

    /// <summary>The share of the training images to hold out; null for <see cref="UsualSplit"/>.</summary>
    public double? ValidationSplit { get; init; }

    /// <summary>Images of their own to judge trials by; null to hold some out.</summary>
    public ImageSet? ValidationData { get; init; }

    /// <summary>Training options that somebody gave for all trials, by name: a space that varies one of them contradicts it.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    /// <summary>Is told which classes have no image that trials are judged by; or null.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Creates or resumes the study.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="conditions">Makes a judge of a condition's text.</param>
    /// <exception cref="ConvNetException">
    /// <c>SweepOptionInvalid</c> and what settings refuse; <c>StudyMismatch</c>; <c>FractionOutOfRange</c>, <c>DatasetTooSmall</c>, <c>ClassUnknown</c>; what
    /// <see cref="Study.Create"/> and <see cref="Study.Open(string, Func{string, Func{SweepPoint, bool}})"/> throw.
    /// </exception>
    public Study Open(string folder, Func<string, Func<SweepPoint, bool>> conditions)
    {
        if (ValidationSplit is { } split && ValidationData is not null)
            throw SweepFault.Option("Use either a part of the data or separate data to judge trials, not both.", split);
        RequireOneChoice();
        var settings = Settings with
        {
            Training = Settings.Training with { ValidationSplit = 0, ValidationData = null },
        };
        settings.Validate();
        var study = Study.Exists(folder) ? Study.Open(folder, conditions) : null;
        var (data, validation) = Divide(study?.Data.InOrder(Data) ?? Data);
        if (study is not null)
        {
            study.RequireSame(settings, data, validation);
            return study.With(Changes.Apply(study.Settings));
        }
        if (settings.Sampler == SweepSampler.Grid)
            settings = settings with { Trials = SweepWatch.PointsOf(settings) };
        return Study.Create(folder, Changes.Apply(settings), data, validation);
    }

    /// <summary>A parameter that is there in some trials only leaves the others what was given for all.</summary>
    private void RequireOneChoice()
    {
        var optimizer = Settings.Training.Optimizer;
        var usual = OptimizerSpec
            .Parse(optimizer.Name)
            .Settings.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var own = Chosen.Contains("Optimizer")
            ? optimizer.Settings.Where(pair => !pair.Value.Equals(usual[pair.Key])).Select(pair => pair.Key)
            : [];
        var chosen = Chosen.Intersect(SweptSettings.Names).Where(name => name != "Seed").Concat(own).ToList();
        foreach (
            var name in Settings
                .Space.Parameters.Select(p => p.Name)
                .Where(p => !Settings.Space.Conditions.ContainsKey(p))
        )
        {
            if (chosen.Find(option => option.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } option)
            {
                throw SweepFault.Option(
                    $"{option} is given for all trials{(Chosen.Contains(option) ? "" : " by TrainingOptions.Optimizer")}, and the space varies it: leave one of them out.",
                    option
                );
            }
        }
    }

    private (Dataset Data, ImageSet Validation) Divide(Dataset data)
    {
        if (ValidationData is { } separate)
        {
            var judged = data.Classes.Label(separate);
            if (ClassList.Unvalidated(data.Train, judged) is { } warning)
                Warn?.Invoke(warning);
            return (data, judged);
        }
        var (kept, heldOut) = data.Split(ValidationSplit ?? UsualSplit, Settings.Seed, Warn);
        return (kept, heldOut.Test);
    }
}
