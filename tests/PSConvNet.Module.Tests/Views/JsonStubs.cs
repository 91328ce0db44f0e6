using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;

namespace PSConvNet.Module.Tests.Views;

/// <summary>Finds what ConvertTo-Json could not read, in what it wrote.</summary>
internal static class JsonStubs
{
    /// <summary>The first of them with its place, or null.</summary>
    /// <param name="json">What was written.</param>
    /// <param name="value">What it was written of.</param>
    public static string? First(string json, object value) => First(JsonNode.Parse(json), value, "$");

    private static string? First(JsonNode? node, object? value, string path) =>
        node switch
        {
            // An empty table of names is truly empty.
            JsonObject { Count: 0 } when value is not IDictionary => $"{path} is {{}}",
            JsonObject found when value is IDictionary table => found
                .Select(pair => First(pair.Value, table[pair.Key], $"{path}.{pair.Key}"))
                .FirstOrDefault(stub => stub is not null),
            JsonObject found => found
                .Select(pair => Property(pair.Key, pair.Value, value, path))
                .FirstOrDefault(stub => stub is not null),
            JsonArray found when value is IEnumerable items => found
                .Zip(items.Cast<object?>(), (item, of) => First(item, of, path + "[]"))
                .FirstOrDefault(stub => stub is not null),
            _ => null,
        };

    private static string? Property(string name, JsonNode? node, object? owner, string path)
    {
        var property = owner?.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance);
        if (property is null)
            return null;
        if (property.PropertyType.IsByRefLike)
            return $"{path}.{name} can't be read";
        var value = property.GetValue(owner);
        return node is null && value is not null ? $"{path}.{name} is null" : First(node, value, $"{path}.{name}");
    }
}
