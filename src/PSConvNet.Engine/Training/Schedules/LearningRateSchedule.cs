using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace PSConvNet.Training;

/// <summary>
/// How the learning rate changes over a training: a multiplier of the base rate for every step. Immutable and equal by value.
/// A training follows it with a <see cref="ScheduleRunner"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantSchedule), "Constant")]
[JsonDerivedType(typeof(StepSchedule), "Step")]
[JsonDerivedType(typeof(ExponentialSchedule), "Exponential")]
[JsonDerivedType(typeof(CosineSchedule), "Cosine")]
[JsonDerivedType(typeof(OneCycleSchedule), "OneCycle")]
[JsonDerivedType(typeof(ReduceOnPlateauSchedule), "ReduceOnPlateau")]
public abstract record LearningRateSchedule
{
    private static readonly SpecTerms s_terms = new(
        "schedule",
        ErrorIds.ScheduleUnknown,
        ErrorIds.ScheduleSettingUnknown,
        ErrorIds.ScheduleSettingInvalid,
        Type: nameof(LearningRateSchedule)
    );

    private static readonly SpecCatalog<LearningRateSchedule> s_catalog = new(
        s_terms,
        schedule => schedule.Name,
        () => new ConstantSchedule(),
        () => new StepSchedule(),
        () => new ExponentialSchedule(),
        () => new CosineSchedule(),
        () => new OneCycleSchedule(),
        () => new ReduceOnPlateauSchedule()
    );

    private protected LearningRateSchedule() { }

    /// <summary>The names <see cref="Parse"/> knows: Constant, Step, Exponential, Cosine, OneCycle, ReduceOnPlateau.</summary>
    public static IReadOnlyList<string> Names => s_catalog.Names;

    /// <summary>The schedule's name, as in <see cref="Names"/>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The settings by name.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, object>> Settings => SpecSettings.Read(this);

    /// <summary>Every setting with its value, as one line: <c>Every 5, Factor 0.5</c></summary>
    [JsonIgnore]
    public string SettingsText => SpecSettings.Print(this, null);

    /// <summary>The schedule of that name with its defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>; case and dashes don't matter: <c>one-cycle</c> is OneCycle.</param>
    /// <exception cref="ConvNetException"><c>ScheduleUnknown</c>: no such name.</exception>
    public static LearningRateSchedule Parse(string name) => s_catalog.Find(name);

    /// <summary>The schedule of that name with settings by name; those left out keep their defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>; case and dashes don't matter.</param>
    /// <param name="settings">Pairs such as <c>Factor</c>, 0.5.</param>
    /// <exception cref="ConvNetException">
    /// <c>ScheduleUnknown</c>: no such name. <c>ScheduleSettingUnknown</c>: that schedule has no such setting.
    /// <c>ScheduleSettingInvalid</c>: a value outside its range.
    /// </exception>
    public static LearningRateSchedule Create(string name, IEnumerable<KeyValuePair<string, object>> settings) =>
        s_catalog.Create(name, settings);

    /// <summary>
    /// The multiplier of the base rate at a step, as far as it depends on the step alone. A pure function; steps past the end
    /// are answered like the end.
    /// </summary>
    /// <param name="stepIndex">The step, from 0.</param>
    /// <param name="totalSteps">The steps of the whole training; at least 1.</param>
    /// <param name="stepsPerEpoch">The steps of one epoch; at least 1.</param>
    public abstract double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch);

    /// <summary>What the schedule makes of an epoch's loss; most make nothing of it. A pure function.</summary>
    /// <param name="state">What it knows so far.</param>
    /// <param name="monitoredLoss">The validation loss, or the training loss where nothing validates.</param>
    public virtual ScheduleState Observe(ScheduleState state, double monitoredLoss) => state;

    /// <summary>The name and every setting: <c>Step (Every 5, Factor 0.5)</c>.</summary>
    public sealed override string ToString() =>
        SettingsText is { Length: > 0 } settings ? $"{Name} ({settings})" : Name;

    /// <summary>The way from 1 down to 0 along half a cosine, as <paramref name="progress"/> goes from 0 to 1.</summary>
    private protected static double CosineFall(double progress) =>
        (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1))) / 2;

    private protected T Check<T>(T value, bool valid, string range, [CallerMemberName] string setting = "")
        where T : notnull => valid ? value : throw SpecSettings.Invalid(s_terms, Name, setting, value, range);

    private protected double CheckShare(double value, [CallerMemberName] string setting = "") =>
        Check(value, value is >= 0 and < 1, "a number from 0 to below 1", setting);

    private protected double CheckFactor(double value, [CallerMemberName] string setting = "") =>
        Check(value, value is > 0 and <= 1, "a number above 0, at most 1", setting);
}
