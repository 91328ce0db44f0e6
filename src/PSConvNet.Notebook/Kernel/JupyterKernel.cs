using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>
/// A Jupyter kernel: cells one after another on the caller's thread; other requests of the shell channel on a second one, so that
/// help and completion are answered while a cell runs; those of the control channel at once, on the sockets' own.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private readonly KernelSession _session;
    private readonly KernelSockets _sockets;
    private readonly KernelMessages _messages;
    private readonly ExecuteHandler _execute;
    private readonly QuestionHandler _questions;
    private readonly BlockingCollection<WireMessage> _cells = [];
    private readonly BlockingCollection<WireMessage> _asked = [];
    private readonly BlockingCollection<WireMessage> _answers = [];
    private readonly Thread _asking;
    private readonly Action<string> _log;
    private readonly Queue<WireMessage> _aborted = [];

    /// <summary>Binds the sockets and answers nothing yet.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="session">Where cells run and questions are answered.</param>
    /// <param name="log">Takes what the kernel has to say beside the protocol.</param>
    public JupyterKernel(ConnectionInfo connection, KernelSession session, Action<string> log)
    {
        _session = session;
        _log = log;
        var history = new KernelHistory();
        _execute = new ExecuteHandler(session, history);
        _questions = new QuestionHandler(session, history);
        var id = Guid.NewGuid().ToString("N");
        var format = new WireFormat(new MessageSigner(connection.Key, connection.SignatureScheme));
        _sockets = new KernelSockets(connection, format, id) { Received = Receive, Dropped = log };
        _messages = new KernelMessages(_sockets, id);
        _asking = new Thread(AnswerQuestions) { IsBackground = true, Name = "PSConvNet kernel questions" };
    }

    /// <summary>Called once it is known that the kernel will end.</summary>
    public Action? Ending { get; init; }

    /// <summary>Answers requests until the kernel is shut down.</summary>
    public void Run()
    {
        _sockets.Start();
        _asking.Start();
        _messages.Starting();
        foreach (var request in _cells.GetConsumingEnumerable())
        {
            Answer(Channel.Shell, request);
            while (_aborted.TryDequeue(out var waiting))
                Abort(waiting);
            if (_execute.IsLeft)
                End();
        }
        _asking.Join();
    }

    /// <summary>Stops the running cell; the kernel goes on.</summary>
    public void Interrupt() => _session.StopCell();

    /// <summary>Ends the kernel: the running cell is stopped, and what waits is not begun.</summary>
    public void End()
    {
        Ending?.Invoke();
        foreach (var queue in (BlockingCollection<WireMessage>[])[_cells, _asked])
        {
            queue.CompleteAdding();
            while (queue.TryTake(out _)) { }
        }
        _session.StopCell();
    }

    /// <summary>Text that was written past PowerShell, to the process's own standard output.</summary>
    public void Write(bool isError, string text)
    {
        if (text.Length > 0)
            _messages.Broadcast(
                _messages.Cell,
                "stream",
                new JsonObject { ["name"] = isError ? "stderr" : "stdout", ["text"] = text }
            );
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sockets.Dispose();
        _cells.Dispose();
        _asked.Dispose();
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
            case Channel.Shell:
                Queue(IsCell(message) ? _cells : _asked, message);
                break;
        }
    }

    private static void Queue(BlockingCollection<WireMessage> queue, WireMessage message)
    {
        if (queue.IsAddingCompleted)
            return;
        try
        {
            queue.Add(message);
        }
        catch (InvalidOperationException)
        {
            // The kernel has just been told to end.
        }
    }

    private void AnswerQuestions()
    {
        foreach (var request in _asked.GetConsumingEnumerable())
            Answer(Channel.Shell, request);
    }

    private void Answer(Channel channel, WireMessage request)
    {
        _messages.Busy(request, isCell: channel == Channel.Shell && IsCell(request));
        try
        {
            if (Content(channel, request) is var (type, content))
                _messages.Reply(channel, request, type, content);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a message holds, the kernel lives on. What it holds is not repeated here.
            _log($"{request.Type} could not be answered: {e.GetType().Name}: {e.Message}");
            if (ReplyType(request.Type) is { } type)
                _messages.Reply(channel, request, type, Failure(e.GetType().Name, e.Message));
        }
        _messages.Idle(request);
    }

    /// <summary>The reply to a request; null for none.</summary>
    private (string Type, JsonObject Content)? Content(Channel channel, WireMessage request)
    {
        switch (request.Type)
        {
            case "execute_request" when channel == Channel.Shell:
                return ("execute_reply", Execute(request));
            case "complete_request" when channel == Channel.Shell:
                return ("complete_reply", _questions.Complete(request));
            case "inspect_request" when channel == Channel.Shell:
                return ("inspect_reply", _questions.Inspect(request));
            case "is_complete_request" when channel == Channel.Shell:
                return ("is_complete_reply", QuestionHandler.IsComplete(request));
            case "history_request" when channel == Channel.Shell:
                return ("history_reply", _questions.History(request));
            case "comm_info_request" when channel == Channel.Shell:
                return ("comm_info_reply", new() { ["status"] = "ok", ["comms"] = new JsonObject() });
            case "comm_open" when channel == Channel.Shell:
                CloseComm(request);
                return null;
            case "kernel_info_request":
                return ("kernel_info_reply", KernelInfo.Content());
            case "debug_request" when channel == Channel.Control:
                return ("debug_reply", RefuseDebugging(request));
            // Since protocol 5.4 these two belong on the control channel; older frontends send them on the shell channel.
            case "interrupt_request":
                Interrupt();
                return ("interrupt_reply", new() { ["status"] = "ok" });
            case "shutdown_request":
                return ("shutdown_reply", Shutdown(request));
            default:
                // Subshell requests come here too: the protocol wants a line in the log and no reply.
                _log($"{request.Type} on the {channel} channel isn't supported.");
                return null;
        }
    }

    private JsonObject Execute(WireMessage request)
    {
        var input = new StdinChannel(
            _answers,
            content => _messages.Reply(Channel.Stdin, request, "input_request", content)
        );
        var reply = _execute.Execute(request, (type, content) => _messages.Broadcast(request, type, content), input);
        if (WireMessage.Text(reply, "status") == "error" && request.Flag("stop_on_error", otherwise: true))
        {
            // Now, and not after the reply: whoever sends a cell on hearing of the failure means it to be run.
            while (_cells.TryTake(out var waiting))
                _aborted.Enqueue(waiting);
        }
        return reply;
    }

    /// <summary>Answers a cell that isn't run because the one before it failed.</summary>
    private void Abort(WireMessage request)
    {
        _messages.Busy(request, isCell: true);
        var content = new JsonObject { ["status"] = "aborted", ["execution_count"] = _execute.Count };
        _messages.Reply(Channel.Shell, request, "execute_reply", content);
        _messages.Idle(request);
    }

    /// <summary>The protocol's answer of a kernel that has no such target.</summary>
    private void CloseComm(WireMessage request)
    {
        var content = new JsonObject { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() };
        _messages.Broadcast(request, "comm_close", content);
    }

    private JsonObject Shutdown(WireMessage request)
    {
        var content = new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", otherwise: false) };
        // All frontends are told, not only the one that asked.
        _messages.Broadcast(request, "shutdown_reply", (JsonObject)content.DeepClone());
        End();
        return content;
    }

    /// <summary>A failed response of the Debug Adapter Protocol, which frontends expect here, with the fields every reply has.</summary>
    private static JsonObject RefuseDebugging(WireMessage request)
    {
        const string message = "This kernel has no debugger.";
        var content = Failure("DebuggerUnavailable", message);
        content["type"] = "response";
        content["request_seq"] = request.Number("seq") ?? 0;
        content["command"] = request.Text("command");
        content["success"] = false;
        content["message"] = message;
        return content;
    }

    private static bool IsCell(WireMessage request) => request.Type == "execute_request";

    private static string? ReplyType(string request) =>
        request.EndsWith("_request", StringComparison.Ordinal) ? request[..^"request".Length] + "reply" : null;

    private static JsonObject Failure(string name, string message) =>
        new()
        {
            ["status"] = "error",
            ["ename"] = name,
            ["evalue"] = message,
            ["traceback"] = new JsonArray(),
        };
}
