using System.Text;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>What the kernel says: replies to the frontend that asked, broadcasts to all of them. From any thread.</summary>
/// <param name="sockets">Where messages go out.</param>
/// <param name="session">The kernel's session, as headers have it.</param>
internal sealed class KernelMessages(KernelSockets sockets, string session)
{
    private readonly object _states = new();
    private WireMessage? _running;

    /// <summary>The cell that runs, or ran last.</summary>
    public WireMessage? Cell { get; private set; }

    /// <summary>Sends a message to the sender of a request.</summary>
    public void Reply(Channel channel, WireMessage request, string type, JsonObject content) =>
        sockets.Send(channel, WireMessage.Create(session, type, content, request, request.Identities));

    /// <summary>Sends a message to all frontends.</summary>
    /// <param name="request">What it is a result of; null for nothing a frontend asked for.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="content">Its content.</param>
    public void Broadcast(WireMessage? request, string type, JsonObject content)
    {
        byte[] topic = Encoding.UTF8.GetBytes($"kernel.{session}.{type}");
        sockets.Send(Channel.IOPub, WireMessage.Create(session, type, content, request, [topic]));
    }

    /// <summary>The state of the whole kernel, once at its start.</summary>
    public void Starting() => State(null, "starting");

    /// <summary>Work on a request begins.</summary>
    public void Busy(WireMessage request, bool isCell)
    {
        lock (_states)
        {
            if (isCell)
                Cell = _running = request;
            State(request, "busy");
        }
    }

    /// <summary>Work on a request has ended, and all its outputs are sent.</summary>
    public void Idle(WireMessage request)
    {
        lock (_states)
        {
            if (ReferenceEquals(_running, request))
                _running = null;
            State(request, "idle");
            // Frontends show the last state they hear of, and servers end kernels that are idle for long: a question that was answered
            // beside a cell must not pass for the cell's end.
            if (_running is { } cell)
                State(cell, "busy");
        }
    }

    private void State(WireMessage? request, string state) =>
        Broadcast(request, "status", new JsonObject { ["execution_state"] = state });
}
