using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>What frontends ask about code, beside running it.</summary>
/// <param name="session">Where answers come from.</param>
/// <param name="history">The cells that were run.</param>
internal sealed class QuestionHandler(KernelSession session, KernelHistory history)
{
    /// <summary>The content of a <c>complete_reply</c>.</summary>
    public JsonObject Complete(WireMessage request) =>
        session.Ask((runner, _) => CodeCompleter.Complete(runner, request.Text("code"), Cursor(request)));

    /// <summary>The content of an <c>inspect_reply</c>.</summary>
    public JsonObject Inspect(WireMessage request)
    {
        var detailed = request.Number("detail_level") > 0;
        return session.Ask(
            (runner, names) => new CodeInspector(runner, names).Inspect(request.Text("code"), Cursor(request), detailed)
        );
    }

    /// <summary>The content of a <c>history_reply</c>.</summary>
    public JsonObject History(WireMessage request) => new() { ["status"] = "ok", ["history"] = history.Find(request) };

    /// <summary>The content of an <c>is_complete_reply</c>.</summary>
    public static JsonObject IsComplete(WireMessage request)
    {
        var (status, indent) = CodeCompleteness.Of(request.Text("code"));
        var content = new JsonObject { ["status"] = status };
        if (status == "incomplete")
            content["indent"] = indent;
        return content;
    }

    private static int Cursor(WireMessage request) => request.Number("cursor_pos") ?? int.MaxValue;
}
