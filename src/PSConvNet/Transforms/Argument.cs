using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using PSConvNet.Commands;

namespace PSConvNet.Transforms;

/// <summary>Arguments without what PowerShell wraps them in.</summary>
internal static class Argument
{
    private const int MostShown = 6;

    /// <summary>The value itself; null for nothing at all; names for what were names in another session.</summary>
    public static object? Plain(object? value) =>
        value switch
        {
            PSObject nothing when ReferenceEquals(nothing, AutomationNull.Value) => null,
            PSObject wrapped when wrapped.TypeNames.Contains("Deserialized.System.Enum") => wrapped.ToString(),
            PSObject wrapped => Plain(wrapped.BaseObject),
            object[] items => items.Select(Plain).ToArray(),
            IList list and not Array => list.Cast<object?>().Select(Plain).ToArray(),
            _ => value,
        };

    /// <summary>The one item of a list of one, as pipelines and files give it; else the value itself.</summary>
    public static object? Single(object? value) => Plain(value) is object[] and [{ } only] ? only : value;

    /// <summary>The entries of a table, or the properties of an object that stands for one, as files in JSON give it; else null.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>>? Table(object? value) =>
        value is PSObject { BaseObject: PSCustomObject } custom
            ? [.. custom.Properties.Select(property => KeyValuePair.Create(property.Name, Plain(property.Value)))]
        : Plain(value) is IDictionary table
            ?
            [
                // By key: what a dictionary enumerates depends on its type.
                .. table.Keys.Cast<object>().Select(key => KeyValuePair.Create($"{key}", Plain(table[key]))),
            ]
        : null;

    /// <summary>The error for an argument that a parameter can't be.</summary>
    /// <param name="value">What was given.</param>
    /// <param name="expected">What to give, in words that follow <c>give</c>.</param>
    public static ArgumentTransformationMetadataException Refuse(object? value, string expected) =>
        Refuse(
            new ConvNetException(
                ErrorIds.ArgumentInvalid,
                ErrorKind.InvalidArgument,
                $"It can't be {Text(value)}: give {expected:text}.",
                Plain(value)
            )
        );

    /// <summary>
    /// The same for the engine's own error. Its cause is a failed cast: where an object comes by the pipeline, PowerShell passes over those and
    /// tries the next parameter, as it does for conversions of its own.
    /// </summary>
    /// <param name="reason">The error.</param>
    /// <param name="inTable">Whether it is about a setting in a hashtable, which is a name and no parameter.</param>
    public static ArgumentTransformationMetadataException Refuse(ConvNetException reason, bool inTable = false)
    {
        var error = CmdletTerms.Of(reason, inTable);
        return new(error.Message, new PSInvalidCastException(error.Message, error));
    }

    /// <summary>
    /// The error for a layer where a model is wanted. Its cause isn't a failed cast, since no other parameter takes layers: PowerShell then reports
    /// this error, for pipeline input, too.
    /// </summary>
    public static ArgumentTransformationMetadataException RefuseLayer(LayerSpec layer)
    {
        var error = CmdletTerms.NotBuilt(layer, ErrorIds.ArgumentInvalid);
        return new(error.Message, error);
    }

    private static string Text(object? value) =>
        Copied(value) is { } kind ? $"a copy of a {kind} from a file or another session"
        : Table(value) is { } table
            ? $"a hashtable of {(table.Count == 0 ? "nothing" : Shown(table.Select(e => e.Key)))}"
        : Plain(value) switch
        {
            null => "nothing",
            string text => $"'{text}'",
            bool truth => truth ? "True" : "False",
            ScriptBlock => "a script block",
            IEnumerable several => several.Cast<object?>().Any()
                ? Shown(several.Cast<object?>().Select(Text))
                : "an empty list",
            var number and (IFormattable or Enum) => Convert.ToString(number, CultureInfo.InvariantCulture)!,
            var other => $"a {other.GetType().Name}",
        };

    /// <summary>The type of which an object is only a copy, without methods, as jobs, files and sessions elsewhere give it; else null.</summary>
    public static string? Copied(object? value)
    {
        const string prefix = "Deserialized.";
        return value is PSObject { TypeNames: [var name, ..] } && name.StartsWith(prefix, StringComparison.Ordinal)
            ? name[(name.LastIndexOf('.') + 1)..]
            : null;
    }

    private static string Shown(IEnumerable<string> items)
    {
        var first = items.Take(MostShown + 1).ToList();
        return first.Count <= MostShown ? string.Join(", ", first) : string.Join(", ", first.Take(MostShown)) + ", ...";
    }
}
