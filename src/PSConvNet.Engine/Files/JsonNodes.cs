using System.Text.Json.Nodes;

namespace PSConvNet.Files;

/// <summary>Trees of JSON.</summary>
internal static class JsonNodes
{
    /// <summary>Reads every name once, and every text: one that is given twice, or that isn't text, is otherwise found only when it is used.</summary>
    /// <param name="node">The tree.</param>
    /// <param name="texts">Whether values are read, too, which takes memory for each.</param>
    /// <exception cref="ArgumentException">An object has a name twice.</exception>
    /// <exception cref="InvalidOperationException">A name or a text has half a character, or isn't UTF-8.</exception>
    public static void Unfold(JsonNode? node, bool texts = true)
    {
        if (node is JsonObject json)
        {
            foreach (var (_, value) in json)
                Unfold(value, texts);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
                Unfold(item, texts);
        }
        else if (texts && node is JsonValue value)
        {
            value.TryGetValue<string>(out _);
        }
    }
}
