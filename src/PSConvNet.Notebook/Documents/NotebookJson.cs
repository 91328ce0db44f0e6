using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>JSON as Jupyter writes it, indented by one blank, so that a notebook that was run differs from what it was by its outputs.</summary>
internal static class NotebookJson
{
    private static readonly JsonDocumentOptions s_limits = new() { MaxDepth = 128 };

    private static readonly JsonSerializerOptions s_values = new()
    {
        // Letters of any language stay letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads an object; a mark at the start that says UTF-8 is passed over.</summary>
    /// <exception cref="JsonException">It is no JSON object, has a field twice, or a text that is no UTF-8.</exception>
    public static JsonObject Parse(byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith("\ufeff"u8))
            text = text[3..];
        try
        {
            var node = JsonNode.Parse(text, null, s_limits);
            JsonNodes.Unfold(node);
            return node as JsonObject ?? throw new JsonException("It is not an object.");
        }
        catch (ArgumentException e)
        {
            throw new JsonException("A field occurs twice.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("It isn't valid UTF-8.", e);
        }
    }

    /// <summary>Writes an object, and a line's end after it.</summary>
    public static void Write(Stream stream, JsonObject json)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        Write(writer, json, depth: 0);
        writer.WriteLine();
    }

    private static void Write(StreamWriter writer, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject json when json.Count > 0:
                WriteItems(
                    writer,
                    '{',
                    '}',
                    depth,
                    json,
                    field =>
                    {
                        writer.Write(JsonSerializer.Serialize(field.Key, s_values));
                        writer.Write(": ");
                        Write(writer, field.Value, depth + 1);
                    }
                );
                break;
            case JsonArray list when list.Count > 0:
                WriteItems(writer, '[', ']', depth, list, item => Write(writer, item, depth + 1));
                break;
            default:
                writer.Write(node?.ToJsonString(s_values) ?? "null");
                break;
        }
    }

    private static void WriteItems<T>(
        StreamWriter writer,
        char open,
        char close,
        int depth,
        IEnumerable<T> items,
        Action<T> write
    )
    {
        writer.Write(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                writer.Write(',');
            first = false;
            NewLine(writer, depth + 1);
            write(item);
        }
        NewLine(writer, depth);
        writer.Write(close);
    }

    private static void NewLine(StreamWriter writer, int depth)
    {
        writer.WriteLine();
        for (var i = 0; i < depth; i++)
            writer.Write(' ');
    }
}
