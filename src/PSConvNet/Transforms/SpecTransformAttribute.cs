using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>
/// Lets a parameter that takes a description of several kinds also take a kind's name, or a table of its name and settings:
/// <c>@{ Name = 'SGD'; Momentum = 0.9 }</c>.
/// </summary>
public abstract class SpecTransformAttribute : TableTransformAttribute
{
    private const string NameKey = "Name";

    /// <summary>What a kind is called, such as optimizer.</summary>
    protected abstract string Noun { get; }

    /// <summary>The names of the kinds.</summary>
    protected abstract IReadOnlyList<string> Names { get; }

    /// <summary>The description of that name with these settings, the others as they are by default.</summary>
    /// <exception cref="ConvNetException">There is none, or a setting can't be.</exception>
    protected abstract object Create(
        string name,
        IEnumerable<KeyValuePair<string, object>> settings,
        EngineIntrinsics engine
    );

    /// <summary>The cmdlet that gives such descriptions, where there is one.</summary>
    private protected virtual string? Cmdlet => null;

    /// <inheritdoc />
    protected sealed override string Expected =>
        $"one {Noun}: a name ({string.Join(", ", Names)}), {(Cmdlet is null ? "" : $"the output of {Cmdlet}, ")}or a hashtable of a name and settings, such as @{{ Name = '{Names[0]}' }}";

    /// <inheritdoc />
    protected override object OfText(string text, EngineIntrinsics engine) => Create(text, [], engine);

    /// <inheritdoc />
    protected override object OfTable(IReadOnlyList<KeyValuePair<string, object>> settings, EngineIntrinsics engine)
    {
        var names = settings.Where(IsName).ToList();
        return names is [{ Value: string name }]
            ? Create(name, settings.Where(setting => !IsName(setting)), engine)
            : throw Invalid(
                $"The hashtable has no name of the {Noun}: give it a Name, one of {string.Join(", ", Names)}, as in @{{ Name = '{Names[0]}' }}.",
                settings
            );
    }

    private static bool IsName(KeyValuePair<string, object> setting) =>
        setting.Key.Equals(NameKey, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Lets an <see cref="OptimizerSpec"/> parameter take a name, <c>-Optimizer adam</c>, or a table of name and settings.</summary>
public sealed class OptimizerTransformAttribute : SpecTransformAttribute
{
    /// <inheritdoc />
    protected override Type Described => typeof(OptimizerSpec);

    private protected override string Cmdlet => "New-Optimizer";

    /// <inheritdoc />
    protected override string Noun => "optimizer";

    /// <inheritdoc />
    protected override IReadOnlyList<string> Names => OptimizerSpec.Names;

    /// <inheritdoc />
    protected override object Create(
        string name,
        IEnumerable<KeyValuePair<string, object>> settings,
        EngineIntrinsics engine
    ) => OptimizerSpec.Create(name, settings);
}

/// <summary>Lets a <see cref="LearningRateSchedule"/> parameter take a name, <c>-Schedule one-cycle</c>, or a table of name and settings.</summary>
public sealed class ScheduleTransformAttribute : SpecTransformAttribute
{
    /// <inheritdoc />
    protected override Type Described => typeof(LearningRateSchedule);

    private protected override string Cmdlet => "New-LearningRateSchedule";

    /// <inheritdoc />
    protected override string Noun => "schedule";

    /// <inheritdoc />
    protected override IReadOnlyList<string> Names => LearningRateSchedule.Names;

    /// <inheritdoc />
    protected override object Create(
        string name,
        IEnumerable<KeyValuePair<string, object>> settings,
        EngineIntrinsics engine
    ) => LearningRateSchedule.Create(name, settings);
}
