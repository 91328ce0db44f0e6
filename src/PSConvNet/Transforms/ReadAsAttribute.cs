using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>
/// Reads an argument as it looks or refuses it, in place of PowerShell's own conversion, which makes 53 of '5,3', 15 of '1,5', 2 of 1.5, 0 of
/// $null, GELU of ReLU,GELU, and the text System.Collections.Hashtable of a table. Every parameter has it that has no transform of its own
/// and does not take just anything; a test looks.
/// </summary>
/// <typeparam name="T">The parameter's own type.</typeparam>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ReadAsAttribute<T> : ArgumentTransformationAttribute
{
    private static readonly bool s_isText = typeof(T) == typeof(string) || typeof(T) == typeof(string[]);

    /// <summary>Whether $null means what the parameter is by default.</summary>
    public bool IsOptional { get; init; } = Nullable.GetUnderlyingType(typeof(T)) is not null;

    /// <summary>The lowest whole number that can be meant, for the sentence that refuses; whoever uses it looks.</summary>
    public long Least { get; init; } = long.MinValue;

    /// <summary>The highest.</summary>
    public long Most { get; init; } = long.MaxValue;

    /// <summary>What to give, in words that follow <c>give</c>, where the type alone doesn't say.</summary>
    public string? What { get; init; }

    /// <summary>Whether the text is a path: objects of this module aren't, whatever they print as. The pipeline brings anything.</summary>
    public bool IsPath { get; init; }

    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Argument.Plain(inputData);
        if (value is null && (IsOptional || !typeof(T).IsValueType && s_isText))
            return null!;
        // An object that stands for a table, as JSON gives it.
        if (typeof(T) == typeof(IDictionary) && value is PSCustomObject && Argument.Table(inputData) is { } entries)
            value = entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        try
        {
            return s_isText
                ? OfText(inputData)
                : WrittenValue.Convert(value ?? throw new FormatException("It is nothing."), typeof(T));
        }
        catch (Exception e)
            when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw Argument.Refuse(inputData, What ?? Expected(typeof(T)));
        }
    }

    /// <summary>Texts and what PowerShell can write as one, such as numbers and files; it is left to do so.</summary>
    private object OfText(object input)
    {
        var items =
            Argument.Table(input) is not null ? throw new InvalidCastException("It is a table.")
            : Argument.Plain(input) is IEnumerable several and not string ? [.. several.Cast<object?>()]
            : (object?[])[input];
        foreach (var item in items)
        {
            if (Argument.Table(item) is not null || Argument.Plain(item) is bool or IEnumerable and not string)
                throw new InvalidCastException("It isn't text.");
            if (IsPath && Argument.Plain(item)?.GetType().Assembly == typeof(Model).Assembly)
                throw new InvalidCastException("It isn't a path.");
        }
        return typeof(T) == typeof(string[]) ? input
            : items is [{ } one] ? one
            : throw new InvalidCastException("It is not one text.");
    }

    private string Expected(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var plain when plain == typeof(int) => Whole(int.MinValue, int.MaxValue),
            var plain when plain == typeof(long) => Whole(long.MinValue, long.MaxValue),
            var plain when plain == typeof(double) => "one number, with a decimal point",
            var plain when plain == typeof(double[]) =>
                "numbers with decimal points, separated by a comma and a space, such as 0.9, 1.1",
            var plain when plain == typeof(int[]) || plain == typeof(long[]) =>
                "whole numbers separated by commas or x, such as 5,3 or '5x3'",
            var plain when plain == typeof(string) => "one text",
            var plain when plain == typeof(string[]) => "one or more texts, separated by commas",
            var plain when plain == typeof(ScriptBlock) => "a script block, { ... }",
            var plain when typeof(IDictionary).IsAssignableFrom(plain) => "a hashtable, such as @{ Units = 16, 32 }",
            var plain when plain.GetElementType() is { IsEnum: true } name =>
                $"names of {string.Join(", ", Enum.GetNames(name))}",
            var plain => WrittenValue.Expected(plain),
        };

    private string Whole(long least, long most) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"one whole number from {Math.Max(least, Least)} to {Math.Min(most, Most)}"
        );
}
