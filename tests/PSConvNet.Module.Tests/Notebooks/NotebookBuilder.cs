using System.Text.Json.Nodes;

namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>Makes notebook files.</summary>
internal sealed class NotebookBuilder
{
    private readonly JsonArray _cells = [];
    private readonly JsonObject _metadata = [];

    public NotebookBuilder Code(string source, string? tag = null, JsonObject? metadata = null)
    {
        metadata ??= [];
        if (tag is not null)
            metadata["tags"] = new JsonArray(tag);
        _cells.Add(
            new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = 99,
                ["metadata"] = metadata,
                ["outputs"] = new JsonArray(
                    new JsonObject
                    {
                        ["output_type"] = "stream",
                        ["name"] = "stdout",
                        ["text"] = "old",
                    }
                ),
                ["source"] = source,
            }
        );
        return this;
    }

    public NotebookBuilder Markdown(string source)
    {
        _cells.Add(
            new JsonObject
            {
                ["cell_type"] = "markdown",
                ["metadata"] = new JsonObject(),
                ["source"] = source,
            }
        );
        return this;
    }

    public NotebookBuilder Metadata(string name, JsonNode value)
    {
        _metadata[name] = value;
        return this;
    }

    public override string ToString() =>
        new JsonObject
        {
            ["cells"] = _cells.DeepClone(),
            ["metadata"] = _metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        }.ToJsonString();
}
