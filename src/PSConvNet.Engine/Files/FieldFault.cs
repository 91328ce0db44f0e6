using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PSConvNet.Files;

/// <summary>
/// Says which field of a document is wrong and what belongs there. The serializer's own words name types of this program and repeat whatever the
/// file holds.
/// </summary>
internal static class FieldFault
{
    private const int MostShown = 60;

    // How the serializer ends the messages that are its own, and not a converter's.
    private const string OwnWords = " Path: $";
    private const string UnknownField = "could not be mapped to any .NET member";

    /// <summary>The fault in this program's words.</summary>
    /// <param name="node">What was read.</param>
    /// <param name="type">As what it was read.</param>
    /// <param name="place">What it is called.</param>
    /// <param name="options">How it was read.</param>
    /// <param name="fault">What the serializer said.</param>
    public static JsonException Of(
        JsonNode node,
        Type type,
        string place,
        JsonSerializerOptions options,
        JsonException fault
    )
    {
        var (found, wanted) = ((JsonNode?)node, (Type?)type);
        foreach (var step in Steps(fault.Path ?? "$"))
        {
            (found, wanted, place) = (Inner(found, step), TypeOf(wanted, found, step, options), At(place, step));
        }
        if (fault.Message.Contains(UnknownField, StringComparison.Ordinal))
            return new JsonException($"{place} is a field that this version doesn't know", fault);
        if (!fault.Message.Contains(OwnWords, StringComparison.Ordinal))
            return new JsonException($"{place}: {fault.Message.TrimEnd('.')}", fault);
        if (
            found is JsonObject json
            && wanted is not null
            && options.GetTypeInfo(wanted).PolymorphismOptions is { } kinds
            && Kind(wanted, json, options) is null
        )
        {
            var names = PrintableText.Names(kinds.DerivedTypes.Select(one => $"{one.TypeDiscriminator}"));
            var kind = Found(json[FileJson.Discriminator]);
            return new JsonException($"{place}.{FileJson.Discriminator} is {kind}, but must be one of {names}", fault);
        }
        return new JsonException($"{place} is {Found(found)}, but must be {Wanted(wanted, options)}", fault);
    }

    /// <summary>The steps of a path: <c>$.layers[2]['a b'].units</c>.</summary>
    private static IEnumerable<string> Steps(string path)
    {
        for (var at = 1; at < path.Length; )
        {
            var isQuoted = path.AsSpan(at).StartsWith("['", StringComparison.Ordinal);
            var start = at + (isQuoted ? 2 : 1);
            var end =
                isQuoted ? path.IndexOf("']", start, StringComparison.Ordinal)
                : path[at] == '[' ? path.IndexOf(']', start)
                : path.IndexOfAny(['.', '['], start);
            if (end < 0)
                end = path.Length;
            yield return path[Math.Min(start, end)..end];
            at =
                end
                + (
                    isQuoted ? 2
                    : path[at] == '[' ? 1
                    : 0
                );
        }
    }

    private static string At(string place, string step) =>
        int.TryParse(step, out _) ? $"{place}[{step}]" : $"{place}.{Shown(step)}";

    private static JsonNode? Inner(JsonNode? node, string step) =>
        node switch
        {
            JsonObject json => json[step],
            JsonArray list when int.TryParse(step, out var at) && at < list.Count => list[at],
            _ => null,
        };

    /// <summary>What type a step leads to; null where that can't be told.</summary>
    private static Type? TypeOf(Type? type, JsonNode? node, string step, JsonSerializerOptions options)
    {
        if (type is null)
            return null;
        var info = options.GetTypeInfo(Kind(type, node, options) ?? type);
        return info.Kind == JsonTypeInfoKind.Object
                ? info.Properties.FirstOrDefault(one => one.Name == step)?.PropertyType
            : info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary ? Element(info.Type)
            : null;
    }

    /// <summary>What a list has, or a dictionary's values are.</summary>
    private static Type? Element(Type type)
    {
        var all = type.GetInterfaces().Append(type).Where(one => one.IsGenericType).ToArray();
        return (Find(typeof(IReadOnlyDictionary<,>)) ?? Find(typeof(IDictionary<,>)) ?? Find(typeof(IEnumerable<>)))?[
            ^1
        ];

        Type[]? Find(Type definition) =>
            Array.Find(all, one => one.GetGenericTypeDefinition() == definition)?.GetGenericArguments();
    }

    /// <summary>Which of several kinds an object says it is.</summary>
    private static Type? Kind(Type type, JsonNode? node, JsonSerializerOptions options) =>
        node is JsonObject json
        && json[FileJson.Discriminator] is JsonValue value
        && value.TryGetValue<string>(out var kind)
            ? options
                .GetTypeInfo(type)
                .PolymorphismOptions?.DerivedTypes.FirstOrDefault(one =>
                    one.TypeDiscriminator is string name && name == kind
                )
                .DerivedType
            : null;

    private static string Found(JsonNode? node) =>
        node switch
        {
            null => "missing or null",
            JsonObject => "an object",
            JsonArray => "a list",
            _ when node.GetValueKind() == JsonValueKind.String => $"'{Shown(node.GetValue<string>())}'",
            _ => Shown(node.ToJsonString()),
        };

    private static string Wanted(Type? type, JsonSerializerOptions options)
    {
        if (type is null)
            return "something else";
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return $"one of {PrintableText.Names(Enum.GetNames(type))}";
        var info = options.GetTypeInfo(type);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.String => "a text",
            TypeCode.DateTime => "a time",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            >= TypeCode.SByte and <= TypeCode.UInt64 => "a whole number within its range",
            _ when type == typeof(DateTimeOffset) => "a time",
            _ when type == typeof(TimeSpan) => "a duration",
            _ => info.Kind switch
            {
                JsonTypeInfoKind.Enumerable => "a list",
                JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
                _ => "something else",
            },
        };
    }

    private static string Shown(string text) => PrintableText.Cut(PrintableText.Of(text), MostShown);
}
