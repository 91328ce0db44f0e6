using System.Text.Json.Nodes;

namespace PSConvNet.Tests.Files;

/// <summary>Copies of a JSON document, in each of which one value is another, or is missing: every value in turn, objects and lists too.</summary>
internal static class FieldMutation
{
    private const string Mark = "the value that is another";

    // As they stand in a text: JSON has no NaN, and 1e400 is a number that no double holds.
    private static readonly string[] s_values =
    [
        "null",
        "true",
        "\"\"",
        "\"text\"",
        "\"NaN\"",
        "\"\\u001b[2J\\u0007\\u0000\\u009b\"",
        $"\"{new string('x', 200_000)}\"",
        "0",
        "-1",
        "1.5",
        "2147483647",
        "-2147483648",
        "9223372036854775807",
        "1e300",
        "1e-320",
        "1e400",
        "-1e400",
        "NaN",
        "[]",
        "[null]",
        "[0, -1, 2147483647, 1e400]",
        "{}",
        "{\"kind\": null}",
    ];

    /// <summary>The copies, and what was done to each.</summary>
    public static IEnumerable<(string Text, string What)> Of(string text)
    {
        foreach (var path in Paths(JsonNode.Parse(text)!, []).ToArray())
        {
            var copy = JsonNode.Parse(text)!;
            var (owner, key) = Owner(copy, path);
            var place = string.Join('.', path);
            if (owner is JsonObject removed)
            {
                var bare = JsonNode.Parse(text)!;
                ((JsonObject)Owner(bare, path).Node).Remove((string)key);
                yield return (bare.ToJsonString(), $"{place} removed");
                removed[(string)key] = Mark;
            }
            else
                ((JsonArray)owner)[(int)key] = Mark;
            var marked = copy.ToJsonString();
            foreach (var value in s_values)
            {
                yield return (
                    marked.Replace($"\"{Mark}\"", value, StringComparison.Ordinal),
                    $"{place} = {value[..Math.Min(value.Length, 40)]}"
                );
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        if (path.Length > 0)
            yield return path;
        var inner = node switch
        {
            JsonObject fields => fields.SelectMany(field => Paths(field.Value, [.. path, field.Key])),
            JsonArray list => list.SelectMany((item, i) => Paths(item, [.. path, i])),
            _ => [],
        };
        foreach (var found in inner)
            yield return found;
    }

    private static (JsonNode Node, object Key) Owner(JsonNode node, object[] path)
    {
        foreach (var step in path[..^1])
            node = step is int index ? node[index]! : node[(string)step]!;
        return (node, path[^1]);
    }
}
