using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>A cell's outputs as messages to all frontends.</summary>
/// <param name="send">Sends a message of a type with a content, as an answer to the request.</param>
/// <param name="count">The cell's number.</param>
internal sealed class KernelOutput(Action<string, JsonObject> send, int count) : ICellOutput
{
    /// <summary>The text of the cell's result, where it had one.</summary>
    public string? ResultText { get; private set; }

    /// <summary>What goes into the reply: pages.</summary>
    public JsonArray Payload { get; } = [];

    /// <inheritdoc />
    public void Stream(bool isError, string text) =>
        send("stream", new JsonObject { ["name"] = isError ? "stderr" : "stdout", ["text"] = text });

    /// <inheritdoc />
    public void Display(MimeBundle data, string? displayId) => send("display_data", Content(data, displayId));

    /// <inheritdoc />
    public void Update(string displayId, MimeBundle data) => send("update_display_data", Content(data, displayId));

    /// <inheritdoc />
    public void Result(MimeBundle data)
    {
        ResultText = data.Plain;
        var content = Content(data, null);
        content["execution_count"] = count;
        send("execute_result", content);
    }

    /// <inheritdoc />
    public void Error(CellError error) => send("error", Content(error));

    /// <inheritdoc />
    public void Clear(bool wait) => send("clear_output", new JsonObject { ["wait"] = wait });

    /// <inheritdoc />
    public void Page(string text) =>
        Payload.Add(
            new JsonObject
            {
                ["source"] = "page",
                ["data"] = new MimeBundle(text).Data(),
                ["start"] = 0,
            }
        );

    /// <summary>An error as messages have it.</summary>
    public static JsonObject Content(CellError error) =>
        new()
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
        };

    private static JsonObject Content(MimeBundle data, string? displayId) =>
        new()
        {
            ["data"] = data.Data(),
            ["metadata"] = data.Metadata(),
            ["transient"] = displayId is null ? [] : new JsonObject { ["display_id"] = displayId },
        };
}
