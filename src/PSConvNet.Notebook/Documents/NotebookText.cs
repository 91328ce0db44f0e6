using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>Texts in notebook files: one string, or a list of lines with their ends.</summary>
internal static class NotebookText
{
    /// <summary>The text, or null where it is neither.</summary>
    public static string? Read(JsonNode? node) =>
        node switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            JsonArray lines when lines.All(IsText) => string.Concat(lines.Select(line => line!.GetValue<string>())),
            _ => null,
        };

    /// <summary>A text as a list of lines, which makes differences readable.</summary>
    public static JsonArray Write(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..next]);
            start = next;
        }
        return lines;
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out _);
}
