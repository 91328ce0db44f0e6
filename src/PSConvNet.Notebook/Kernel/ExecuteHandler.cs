using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>Runs the cells of <c>execute_request</c>s.</summary>
/// <param name="session">Where they run.</param>
/// <param name="history">Remembers them.</param>
internal sealed class ExecuteHandler(KernelSession session, KernelHistory history)
{
    /// <summary>The number of the last cell that has one.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a cell asked to leave, with <c>exit</c>.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Runs a cell and gives the content of the reply.</summary>
    /// <param name="request">The request.</param>
    /// <param name="broadcast">Sends a message to all frontends, as an answer to the request.</param>
    /// <param name="input">Asks the frontend.</param>
    public JsonObject Execute(WireMessage request, Action<string, JsonObject> broadcast, ICellInput input)
    {
        var code = request.Text("code");
        var silent = request.Flag("silent", otherwise: false);
        var store = !silent && request.Flag("store_history", otherwise: true);
        var count = store ? ++Count : Count;
        if (!silent)
            broadcast("execute_input", new JsonObject { ["code"] = code, ["execution_count"] = count });
        var output = new KernelOutput(broadcast, count);
        if (!request.Flag("allow_stdin", otherwise: true))
            input = new NoInput("this frontend can't ask questions: give the value in the cell");
        var (outcome, values) = session.Use(runner =>
        {
            var ended = runner.Run(code, silent ? new SilentOutput() : output, input, remember: store);
            return (
                ended,
                ended.Error is null ? Evaluate(runner, request.Content["user_expressions"] as JsonObject) : null
            );
        });
        if (store)
            history.Add(count, code, output.ResultText);
        if (outcome.ExitCode is not null)
        {
            IsLeft = true;
            output.Payload.Add(new JsonObject { ["source"] = "ask_exit", ["keepkernel"] = false });
        }
        var reply = new JsonObject { ["status"] = outcome.Error is null ? "ok" : "error", ["execution_count"] = count };
        if (outcome.Error is { } error)
        {
            foreach (var (field, value) in KernelOutput.Content(error))
                reply[field] = value?.DeepClone();
        }
        else
        {
            reply["user_expressions"] = values;
        }
        reply["payload"] = output.Payload;
        return reply;
    }

    /// <summary>Expressions a frontend wants to know the values of, such as its own prompt's.</summary>
    private static JsonObject Evaluate(CellRunner runner, JsonObject? expressions)
    {
        var values = new JsonObject();
        foreach (var (name, node) in expressions ?? [])
        {
            var code = node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
            values[name] = runner.Evaluate(code) switch
            {
                ({ } bundle, _) => new JsonObject
                {
                    ["status"] = "ok",
                    ["data"] = bundle.Data(),
                    ["metadata"] = bundle.Metadata(),
                },
                (_, { } error) => ErrorOf(error),
                _ => new JsonObject { ["status"] = "error" },
            };
        }
        return values;
    }

    private static JsonObject ErrorOf(CellError error)
    {
        var json = KernelOutput.Content(error);
        json["status"] = "error";
        return json;
    }
}
