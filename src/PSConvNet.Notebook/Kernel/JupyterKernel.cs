using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>
/// A Jupyter kernel: requests of the shell channel one after another on the caller's thread, those of the control channel at once
/// on the sockets' own.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly KernelSockets _sockets;
    private readonly CellRunner _runner;
    private readonly ExecuteHandler _execute;
    private readonly CodeCompleter _completer;
    private readonly CodeInspector _inspector;
    private readonly KernelHistory _history = new();
    private readonly BlockingCollection<WireMessage> _requests = [];
    private readonly BlockingCollection<WireMessage> _answers = [];
    private readonly Action<string> _log;
    private readonly Queue<WireMessage> _aborted = [];
    private volatile WireMessage? _current;

    /// <summary>Binds the sockets and answers nothing yet.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="runner">Where cells run.</param>
    /// <param name="log">Takes what the kernel has to say beside the protocol.</param>
    public JupyterKernel(ConnectionInfo connection, CellRunner runner, Action<string> log)
    {
        _runner = runner;
        _log = log;
        _execute = new ExecuteHandler(runner, _history);
        _completer = new CodeCompleter(runner);
        _inspector = new CodeInspector(runner);
        var format = new WireFormat(new MessageSigner(connection.Key, connection.SignatureScheme));
        _sockets = new KernelSockets(connection, format, _session) { Received = Receive, Dropped = log };
    }

    /// <summary>Called once it is known that the kernel will end.</summary>
    public Action? Ending { get; init; }

    /// <summary>Answers requests until the kernel is shut down.</summary>
    public void Run()
    {
        _sockets.Start();
        Broadcast(null, "status", new JsonObject { ["execution_state"] = "starting" });
        foreach (var request in _requests.GetConsumingEnumerable())
        {
            Answer(Channel.Shell, request);
            while (_aborted.TryDequeue(out var waiting))
                Abort(waiting);
            if (_execute.IsLeft)
                End();
        }
    }

    /// <summary>Stops the running cell; the kernel goes on.</summary>
    public void Interrupt() => _runner.Stop();

    /// <summary>Ends the kernel: the running cell is stopped, and what waits is not begun.</summary>
    public void End()
    {
        Ending?.Invoke();
        _requests.CompleteAdding();
        while (_requests.TryTake(out _)) { }
        _runner.Stop();
    }

    /// <summary>Text that was written past PowerShell, to the process's own standard output.</summary>
    public void Write(bool isError, string text)
    {
        if (text.Length > 0)
        {
            Broadcast(_current, "stream", new JsonObject { ["name"] = isError ? "stderr" : "stdout", ["text"] = text });
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sockets.Dispose();
        _requests.Dispose();
        _answers.Dispose();
    }

    private void Receive(Channel channel, WireMessage message)
    {
        switch (channel)
        {
            case Channel.Control:
                Answer(Channel.Control, message);
                break;
            case Channel.Stdin:
                _answers.Add(message);
                break;
            case Channel.Shell when !_requests.IsAddingCompleted:
                try
                {
                    _requests.Add(message);
                }
                catch (InvalidOperationException)
                {
                    // The kernel has just been told to end.
                }
                break;
        }
    }

    private void Answer(Channel channel, WireMessage request)
    {
        if (channel == Channel.Shell)
            _current = request;
        Broadcast(request, "status", new JsonObject { ["execution_state"] = "busy" });
        try
        {
            if (Content(channel, request) is var (type, content))
                Reply(channel, request, type, content);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a message holds, the kernel lives on. What it holds is not repeated here.
            _log($"{request.Type} could not be answered: {e.GetType().Name}: {e.Message}");
            if (ReplyType(request.Type) is { } type)
                Reply(channel, request, type, Failure(e));
        }
        Broadcast(request, "status", new JsonObject { ["execution_state"] = "idle" });
    }

    private (string Type, JsonObject Content)? Content(Channel channel, WireMessage request)
    {
        switch (request.Type)
        {
            case "execute_request" when channel == Channel.Shell:
                return ("execute_reply", Execute(request));
            case "kernel_info_request":
                return ("kernel_info_reply", KernelInfo.Content());
            case "complete_request" when channel == Channel.Shell:
                return ("complete_reply", Complete(request));
            case "inspect_request" when channel == Channel.Shell:
                return ("inspect_reply", Inspect(request));
            case "is_complete_request":
                return ("is_complete_reply", IsComplete(request));
            case "history_request" when channel == Channel.Shell:
                return ("history_reply", new() { ["status"] = "ok", ["history"] = _history.Find(request) });
            case "comm_info_request":
                return ("comm_info_reply", new() { ["status"] = "ok", ["comms"] = new JsonObject() });
            case "comm_open":
                // The protocol's answer of a kernel that has no such target.
                Broadcast(
                    request,
                    "comm_close",
                    new() { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() }
                );
                return null;
            case "interrupt_request":
                Interrupt();
                return ("interrupt_reply", new() { ["status"] = "ok" });
            case "shutdown_request":
                return Shutdown(request);
            default:
                _log($"{request.Type} on {channel} is not known here.");
                return null;
        }
    }

    private JsonObject Execute(WireMessage request)
    {
        var input = new StdinChannel(_answers, content => Send(Channel.Stdin, request, "input_request", content));
        var reply = _execute.Execute(request, (type, content) => Broadcast(request, type, content), input);
        if (WireMessage.Text(reply, "status") == "error" && request.Flag("stop_on_error", otherwise: true))
        {
            // Now, and not after the reply: whoever sends a cell on hearing of the failure means it to be run.
            while (_requests.TryTake(out var waiting))
                _aborted.Enqueue(waiting);
        }
        return reply;
    }

    /// <summary>A cell that failed takes those with it that waited then; other requests are answered in their turn.</summary>
    private void Abort(WireMessage request)
    {
        if (request.Type != "execute_request")
        {
            Answer(Channel.Shell, request);
            return;
        }
        Broadcast(request, "status", new JsonObject { ["execution_state"] = "busy" });
        Reply(Channel.Shell, request, "execute_reply", new JsonObject { ["status"] = "aborted" });
        Broadcast(request, "status", new JsonObject { ["execution_state"] = "idle" });
    }

    private JsonObject Complete(WireMessage request)
    {
        var code = request.Text("code");
        return _completer.Complete(code, request.Number("cursor_pos") ?? int.MaxValue);
    }

    private JsonObject Inspect(WireMessage request)
    {
        var code = request.Text("code");
        return _inspector.Inspect(
            code,
            request.Number("cursor_pos") ?? int.MaxValue,
            request.Number("detail_level") > 0
        );
    }

    private static JsonObject IsComplete(WireMessage request)
    {
        var (status, indent) = CodeCompleteness.Of(request.Text("code"));
        var content = new JsonObject { ["status"] = status };
        if (status == "incomplete")
            content["indent"] = indent;
        return content;
    }

    private (string, JsonObject)? Shutdown(WireMessage request)
    {
        var content = new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", otherwise: false) };
        // All frontends are told, not only the one that asked.
        Broadcast(request, "shutdown_reply", (JsonObject)content.DeepClone());
        End();
        return ("shutdown_reply", content);
    }

    private static string? ReplyType(string request) =>
        request.EndsWith("_request", StringComparison.Ordinal) ? request[..^"request".Length] + "reply" : null;

    private static JsonObject Failure(Exception e) =>
        new()
        {
            ["status"] = "error",
            ["ename"] = e.GetType().Name,
            ["evalue"] = e.Message,
            ["traceback"] = new JsonArray(),
        };

    private void Reply(Channel channel, WireMessage request, string type, JsonObject content) =>
        Send(channel, request, type, content);

    private void Send(Channel channel, WireMessage request, string type, JsonObject content) =>
        _sockets.Send(channel, WireMessage.Create(_session, type, content, request, request.Identities));

    private void Broadcast(WireMessage? request, string type, JsonObject content) =>
        _sockets.Send(
            Channel.IOPub,
            WireMessage.Create(
                _session,
                type,
                content,
                request,
                [System.Text.Encoding.UTF8.GetBytes($"kernel.{_session}.{type}")]
            )
        );
}
