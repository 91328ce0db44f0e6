using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace PSConvNet.Settings;

/// <summary>
/// A closed set of immutable descriptions, such as the optimizers: found by name, and made from settings given by name, so that
/// a cmdlet, a sweep and a saved file all go the same way. A setting is a public property with an initializer.
/// </summary>
/// <typeparam name="TSpec">The descriptions' base type.</typeparam>
/// <param name="terms">What messages and errors call them.</param>
/// <param name="name">Gives a description's name.</param>
/// <param name="kinds">One factory a kind, giving it with its defaults.</param>
internal sealed class SpecCatalog<TSpec>(SpecTerms terms, Func<TSpec, string> name, params Func<TSpec>[] kinds)
    where TSpec : class
{
    /// <summary>The names, as they are written.</summary>
    public ImmutableArray<string> Names { get; } = [.. kinds.Select(kind => name(kind()))];

    /// <summary>The kind of that name with its defaults. Case, spaces and dashes don't matter: <c>one-cycle</c> is OneCycle.</summary>
    public TSpec Find(string? text)
    {
        var wanted = Plain(text ?? "");
        for (var i = 0; i < kinds.Length; i++)
        {
            if (Plain(Names[i]).Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return kinds[i]();
        }
        throw new ConvNetException(
            terms.Unknown,
            ErrorKind.NotFound,
            $"There is no {terms.Noun} '{text}'; use one of {Names}.",
            text
        );
    }

    /// <summary>The kind of that name with settings of its own; the others keep their defaults.</summary>
    public TSpec Create(string? text, IEnumerable<KeyValuePair<string, object>> settings) =>
        Apply(Find(text), settings);

    /// <summary>Changes settings of a description that nobody else has yet.</summary>
    public TSpec Apply(TSpec spec, IEnumerable<KeyValuePair<string, object>> settings)
    {
        var known = SpecSettings.Properties(spec);
        foreach (var (key, value) in settings)
        {
            var property =
                Array.Find(known, p => p.Name.Equals(key, StringComparison.OrdinalIgnoreCase))
                ?? throw new ConvNetException(
                    terms.SettingUnknown,
                    ErrorKind.InvalidArgument,
                    known.Length == 0
                        ? $"{name(spec)} has no {terms.Setting} {key}; it takes none."
                        : MessageText.Of(
                            $"{name(spec)} has no {terms.Setting} {key}; it takes {known.Select(p => p.Name)}."
                        ),
                    key
                );
            if (value is null)
                continue;
            property.SetMethod!.Invoke(
                spec,
                BindingFlags.DoNotWrapExceptions,
                null,
                [Converted(spec, property, value)],
                CultureInfo.InvariantCulture
            );
        }
        return spec;
    }

    private object Converted(TSpec spec, PropertyInfo property, object value)
    {
        try
        {
            return WrittenValue.Convert(value, property.PropertyType);
        }
        catch (Exception e)
            when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            var wanted = WrittenValue.Expected(property.PropertyType);
            throw SpecSettings.Invalid(terms, name(spec), property.Name, value, wanted);
        }
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}

/// <summary>What every description with settings shares: reading them by name, printing them, refusing bad ones.</summary>
internal static class SpecSettings
{
    /// <summary>The settings of a description, its kind's own after those all kinds have.</summary>
    public static PropertyInfo[] Properties(object spec) =>
        [
            .. spec.GetType()
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.CanWrite)
                .OrderBy(p => p.DeclaringType == spec.GetType()),
        ];

    /// <summary>The settings' names and values.</summary>
    public static ImmutableArray<KeyValuePair<string, object>> Read(object spec) =>
        [.. Properties(spec).Select(p => KeyValuePair.Create(p.Name, p.GetValue(spec)!))];

    /// <summary><c>LearningRate 0.01, Momentum 0.9</c>: the settings that differ from <paramref name="defaults"/>.</summary>
    /// <param name="spec">What is printed.</param>
    /// <param name="defaults">The same kind as it is by default, or null to print every setting.</param>
    /// <param name="always">A setting that is printed in any case.</param>
    public static string Print(object spec, object? defaults, string? always = null) =>
        string.Join(
            ", ",
            Properties(spec)
                .Where(p => defaults is null || p.Name == always || !Equals(p.GetValue(spec), p.GetValue(defaults)))
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} {p.GetValue(spec)}"))
        );

    /// <summary>The error for a setting out of its range.</summary>
    public static ConvNetException Invalid(SpecTerms terms, string owner, string setting, object? value, string range)
    {
        // Where there is one kind, its type says whose setting it is.
        var member =
            terms.Type is null ? $"{setting} of {owner}"
            : terms.Type == owner ? $"{owner}.{setting}"
            : $"{terms.Type}.{setting} of {owner}";
        return new(
            terms.SettingInvalid,
            ErrorKind.InvalidArgument,
            value is null
                ? $"{owner} needs the {terms.Setting} {setting}: give {range:text}."
                : string.Create(CultureInfo.InvariantCulture, $"{member} can't be {Text(value)}: give {range:text}."),
            value
        );
    }

    private static object Text(object value) =>
        value switch
        {
            "" => "empty",
            string => value,
            System.Collections.IEnumerable several => string.Join(", ", several.Cast<object>()),
            _ => value,
        };
}
