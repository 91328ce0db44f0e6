using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>A cell's outputs as a notebook file has them.</summary>
/// <param name="outputs">The cell's list.</param>
/// <param name="displays">All displays of the notebook that can be replaced, by their ids.</param>
/// <param name="count">The number of the cell's run.</param>
/// <param name="gate">Held while the file is written.</param>
internal sealed class CellOutputs(JsonArray outputs, Dictionary<string, JsonObject> displays, int count, object gate)
    : ICellOutput
{
    private bool _clearsNext;

    /// <inheritdoc />
    public void Stream(bool isError, string text)
    {
        var name = isError ? "stderr" : "stdout";
        lock (gate)
        {
            ClearIfDue();
            if (outputs is [.., JsonObject last] && WireMessage.Text(last, "name") == name)
                Append((JsonArray)last["text"]!, text);
            else
                outputs.Add(
                    new JsonObject
                    {
                        ["name"] = name,
                        ["output_type"] = "stream",
                        ["text"] = NotebookText.Write(text),
                    }
                );
        }
    }

    /// <inheritdoc />
    public void Display(MimeBundle data, string? displayId)
    {
        var output = Add("display_data", data);
        if (displayId is null)
            return;
        lock (gate)
            displays[displayId] = output;
    }

    /// <inheritdoc />
    public void Update(string displayId, MimeBundle data)
    {
        lock (gate)
        {
            if (displays.TryGetValue(displayId, out var output))
                Fill(output, data);
        }
    }

    /// <inheritdoc />
    public void Result(MimeBundle data)
    {
        var output = Add("execute_result", data);
        lock (gate)
            output["execution_count"] = count;
    }

    /// <inheritdoc />
    public void Error(CellError error)
    {
        var content = KernelOutput.Content(error);
        content["output_type"] = "error";
        lock (gate)
        {
            ClearIfDue();
            outputs.Add(content);
        }
    }

    /// <inheritdoc />
    public void Clear(bool wait)
    {
        lock (gate)
        {
            _clearsNext = wait;
            if (!wait)
                outputs.Clear();
        }
    }

    /// <inheritdoc />
    public void Page(string text) => Add("display_data", new MimeBundle(text));

    private JsonObject Add(string type, MimeBundle data)
    {
        var output = new JsonObject { ["output_type"] = type };
        Fill(output, data);
        lock (gate)
        {
            ClearIfDue();
            outputs.Add(output);
        }
        return output;
    }

    private static void Fill(JsonObject output, MimeBundle bundle)
    {
        var data = bundle.Data();
        foreach (var (type, content) in data.ToList())
        {
            if (type.StartsWith("text/", StringComparison.Ordinal))
                data[type] = NotebookText.Write(content!.GetValue<string>());
        }
        output["data"] = data;
        output["metadata"] = bundle.Metadata();
    }

    private static void Append(JsonArray lines, string text)
    {
        // The last line may not have ended yet.
        if (lines is [.., { } last] && last.GetValue<string>() is var start && !start.EndsWith('\n'))
        {
            lines.RemoveAt(lines.Count - 1);
            text = start + text;
        }
        foreach (var line in NotebookText.Write(text).ToList())
            lines.Add(line!.DeepClone());
    }

    private void ClearIfDue()
    {
        if (!_clearsNext)
            return;
        _clearsNext = false;
        outputs.Clear();
    }
}
