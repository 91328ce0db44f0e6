using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>
/// Lets a parameter that takes a description also take a table of its settings, <c>@{ Shift = 2 }</c>, or a text where that can be one;
/// anything else is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class TableTransformAttribute : ArgumentTransformationAttribute
{
    /// <summary>The description's type.</summary>
    protected abstract Type Described { get; }

    /// <summary>What to give, in words that follow <c>give</c>.</summary>
    protected abstract string Expected { get; }

    /// <summary>The description of a table.</summary>
    /// <exception cref="ConvNetException">It can't be.</exception>
    protected abstract object OfTable(IReadOnlyList<KeyValuePair<string, object>> settings, EngineIntrinsics engine);

    /// <summary>The description of a text; null where no text is one.</summary>
    /// <exception cref="ConvNetException">It can't be.</exception>
    protected virtual object? OfText(string text, EngineIntrinsics engine) => null;

    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var given = Argument.Single(inputData);
        var plain = Argument.Plain(given);
        // Nothing at all is up to the parameter: it may mean the default.
        if (plain is null || Described.IsInstanceOfType(plain))
            return plain!;
        var isTable = Argument.Table(given) is not null;
        try
        {
            var described =
                Argument.Table(given) is { } table ? OfTable([.. table.Select(Given)], engineIntrinsics)
                : plain is string text ? OfText(text, engineIntrinsics)
                : null;
            return described ?? throw Argument.Refuse(inputData, Expected);
        }
        catch (ConvNetException e)
        {
            throw Argument.Refuse(e, isTable);
        }
    }

    /// <summary>An entry of the table, which has a value.</summary>
    /// <exception cref="ConvNetException"><c>ArgumentInvalid</c>.</exception>
    private protected virtual KeyValuePair<string, object> Given(KeyValuePair<string, object?> setting) =>
        setting.Value is { } value
            ? KeyValuePair.Create(setting.Key, value)
            : throw Invalid($"{setting.Key} in the hashtable has no value; give it one, or leave it out.", setting.Key);

    private protected static ConvNetException Invalid(string message, object? target) =>
        new(ErrorIds.ArgumentInvalid, ErrorKind.InvalidArgument, message, target);
}

/// <summary>Lets a <see cref="ClassWeights"/> parameter take a word or a table of classes: <c>-ClassWeight @{ cat = 2 }</c>.</summary>
public sealed class ClassWeightsTransformAttribute : TableTransformAttribute
{
    /// <inheritdoc />
    protected override Type Described => typeof(ClassWeights);

    /// <inheritdoc />
    protected override string Expected =>
        "Balanced, or a hashtable of classes and weights, such as @{ cat = 2; dog = 1 }";

    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        // A word for what leaving the parameter out means.
        Argument.Plain(inputData)
            is string text
        && text.Trim().Equals("None", StringComparison.OrdinalIgnoreCase)
            ? null!
            : base.Transform(engineIntrinsics, inputData);

    /// <inheritdoc />
    protected override object OfTable(IReadOnlyList<KeyValuePair<string, object>> settings, EngineIntrinsics engine) =>
        ClassWeights.Of(settings.Select(setting => KeyValuePair.Create(setting.Key, Number(setting))));

    /// <inheritdoc />
    protected override object? OfText(string text, EngineIntrinsics engine) => ClassWeights.Parse(text);

    private static double Number(KeyValuePair<string, object> setting)
    {
        try
        {
            return (double)WrittenValue.Convert(setting.Value, typeof(double));
        }
        catch (Exception e)
            when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw Invalid(
                $"The weight of the class '{setting.Key}' can't be {setting.Value}: give one number.",
                setting.Value
            );
        }
    }
}

/// <summary>Lets an <see cref="PSConvNet.Data.Augmentation"/> parameter take a table of settings: <c>-Augmentation @{ Shift = 2 }</c>.</summary>
public sealed class AugmentationTransformAttribute : TableTransformAttribute
{
    /// <inheritdoc />
    protected override Type Described => typeof(Augmentation);

    /// <inheritdoc />
    protected override string Expected =>
        "the output of New-Augmentation, or a hashtable of its settings, such as @{ Shift = 2 }";

    /// <inheritdoc />
    protected override object OfTable(IReadOnlyList<KeyValuePair<string, object>> settings, EngineIntrinsics engine) =>
        PSConvNet.Data.Augmentation.Create(settings);
}
