using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace PSConvNet.Transforms;

/// <summary>Arguments without what PowerShell wraps them in.</summary>
internal static class Argument
{
    /// <summary>The value itself; null for nothing at all; names for what were names in another session.</summary>
    public static object? Plain(object? value) =>
        value switch
        {
            PSObject nothing when ReferenceEquals(nothing, AutomationNull.Value) => null,
            PSObject wrapped when wrapped.TypeNames.Contains("Deserialized.System.Enum") => wrapped.ToString(),
            PSObject wrapped => Plain(wrapped.BaseObject),
            object[] items => items.Select(Plain).ToArray(),
            _ => value,
        };

    /// <summary>The entries of a table, or the properties of an object that stands for one, as files in JSON give it; else null.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? Table(object? value) =>
        value is PSObject { BaseObject: PSCustomObject } custom
            ? [.. custom.Properties.Select(property => KeyValuePair.Create(property.Name, Plain(property.Value)))]
        : Plain(value) is IDictionary table
            ?
            [
                .. table
                    .Cast<DictionaryEntry>()
                    .Select(entry => KeyValuePair.Create($"{entry.Key}", Plain(entry.Value))),
            ]
        : null;
}
