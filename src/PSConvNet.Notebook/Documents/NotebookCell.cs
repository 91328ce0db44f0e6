using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>A cell of a notebook file; what is not known here is kept as it is.</summary>
internal sealed class NotebookCell
{
    private const string TagsField = "tags";

    /// <summary>A view on a cell of a file.</summary>
    /// <param name="json">The cell.</param>
    /// <param name="number">Its place among all cells, from 1.</param>
    public NotebookCell(JsonObject json, int number)
    {
        Json = json;
        Number = number;
        Source = NotebookText.Read(json["source"]) ?? "";
    }

    /// <summary>The cell in the file.</summary>
    public JsonObject Json { get; }

    /// <summary>Its place among all cells, from 1.</summary>
    public int Number { get; set; }

    /// <summary>Its text.</summary>
    public string Source { get; }

    /// <summary>Whether it is to be run.</summary>
    public bool IsCode => WireMessage.Text(Json, "cell_type") == "code";

    /// <summary>The first line that says something, for messages; cut where it is long.</summary>
    public string FirstLine
    {
        get
        {
            const int most = 60;
            var lines = Source.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim());
            var line = lines.FirstOrDefault(text => text.Length > 0 && !text.StartsWith('#')) ?? Source.Trim();
            return line.Length > most ? line[..(most - 1)] + "…" : line;
        }
    }

    /// <summary>The language its metadata name, or null.</summary>
    public string? Language =>
        Json["metadata"] is JsonObject metadata
            ? Field(metadata, "polyglot_notebook", "kernelName")
                ?? Field(metadata, "dotnet_interactive", "language")
                ?? Field(metadata, "vscode", "languageId")
            : null;

    /// <summary>Whether it has a tag.</summary>
    public bool HasTag(string tag) =>
        Json["metadata"] is JsonObject metadata
        && metadata[TagsField] is JsonArray tags
        && tags.Any(t => t is JsonValue value && value.TryGetValue<string>(out var text) && text == tag);

    /// <summary>Takes its outputs away, and the number of its run.</summary>
    public JsonArray Clear()
    {
        var outputs = new JsonArray();
        Json["outputs"] = outputs;
        Json["execution_count"] = null;
        return outputs;
    }

    /// <summary>A new code cell.</summary>
    public static NotebookCell Create(string source, string tag) =>
        new(
            new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["metadata"] = new JsonObject { [TagsField] = new JsonArray(tag) },
                ["outputs"] = new JsonArray(),
                ["source"] = NotebookText.Write(source),
            },
            number: 0
        );

    private static string? Field(JsonObject metadata, string group, string field) =>
        metadata[group] is JsonObject json ? WireMessage.Text(json, field) : null;
}
