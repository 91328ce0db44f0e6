using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using NetMQ;
using NetMQ.Sockets;

namespace PSConvNet.Notebook;

/// <summary>Which socket a message came on or goes to.</summary>
internal enum Channel
{
    /// <summary>Cells to run, in their order, and questions about code.</summary>
    Shell,

    /// <summary>Requests that wait for nothing: interrupt, shutdown, kernel info.</summary>
    Control,

    /// <summary>Questions to the person, and the answers.</summary>
    Stdin,

    /// <summary>What all frontends see.</summary>
    IOPub,
}

/// <summary>
/// The kernel's sockets, all owned by one thread that polls them. Whatever another thread wants to send goes through a queue to that
/// thread; the heartbeat has a thread of its own, so that it beats whatever else happens.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    /// <summary>
    /// No part of a message may be larger, in bytes: memory for one is taken as soon as its size is announced, before its signature can be checked.
    /// All parts together are bounded by <see cref="IncomingMemory"/>.
    /// </summary>
    internal const int MostBytes = 16 << 20;

    /// <summary>What the names of the threads begin with that serve the sockets.</summary>
    internal const string ThreadName = "PSConvNet kernel";

    // Subscriptions and heartbeats are a few bytes.
    private const int MostBytesOfSmall = 4 << 10;

    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(1);
    private readonly WireFormat _format;
    private readonly string _session;
    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly XPublisherSocket _ioPub = new();
    private readonly ResponseSocket _heartbeat = new();
    private readonly NetMQQueue<(Channel Channel, IReadOnlyList<byte[]> Frames)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly NetMQPoller _beat;
    private readonly IncomingMemory _memory = new();
    private ulong _dropped;
    private bool _isClosed;

    /// <summary>Binds the sockets; nothing is received before <see cref="Start"/>.</summary>
    /// <exception cref="ConvNetException"><c>PortInUse</c>, <c>AddressUnusable</c>.</exception>
    public KernelSockets(ConnectionInfo connection, WireFormat format, string session)
    {
        _format = format;
        _session = session;
        _memory.Register();
        try
        {
            Bind(_shell, connection.Address(connection.ShellPort), MostBytes);
            Bind(_control, connection.Address(connection.ControlPort), MostBytes);
            Bind(_stdin, connection.Address(connection.StdinPort), MostBytes);
            Bind(_ioPub, connection.Address(connection.IOPubPort), MostBytesOfSmall);
            Bind(_heartbeat, connection.Address(connection.HeartbeatPort), MostBytesOfSmall);
        }
        catch (ConvNetException)
        {
            Close();
            throw;
        }
        // Each subscriber is welcomed, the second one to a topic too.
        _ioPub.Options.XPubVerbose = true;
        _shell.ReceiveReady += (_, _) => Receive(_shell, Channel.Shell);
        _control.ReceiveReady += (_, _) => Receive(_control, Channel.Control);
        _stdin.ReceiveReady += (_, _) => Receive(_stdin, Channel.Stdin);
        _ioPub.ReceiveReady += (_, _) => Welcome();
        _outgoing.ReceiveReady += (_, _) => SendQueued();
        _heartbeat.ReceiveReady += (_, _) => Echo();
        _poller =
        [
            _shell,
            _control,
            _stdin,
            _ioPub,
            _outgoing,
            Limit(
                (_shell, connection.ShellPort),
                (_control, connection.ControlPort),
                (_stdin, connection.StdinPort),
                (_ioPub, connection.IOPubPort)
            ),
        ];
        _beat = [_heartbeat, Limit((_heartbeat, connection.HeartbeatPort))];

        NetMQTimer Limit(params (NetMQSocket Socket, int Port)[] sockets) =>
            new ConnectionLimit(
                [.. sockets.Select(one => (one.Socket, connection.Address(one.Port), one.Port))],
                _memory,
                reason => Dropped?.Invoke(reason)
            ).Timer;
    }

    /// <summary>Called on the polling thread for each good message; it must be quick.</summary>
    public Action<Channel, WireMessage>? Received { get; set; }

    /// <summary>Receives the reason why a message or a connection was refused.</summary>
    public Action<string>? Dropped { get; set; }

    /// <summary>What has come takes its memory from here.</summary>
    internal IncomingMemory Memory => _memory;

    /// <summary>Begins to receive.</summary>
    public void Start()
    {
        _poller.RunAsync($"{ThreadName} sockets");
        _beat.RunAsync($"{ThreadName} heartbeat");
    }

    /// <summary>Sends a message, in the order of the calls; from any thread.</summary>
    public void Send(Channel channel, WireMessage message) => _outgoing.Enqueue((channel, _format.Write(message)));

    /// <summary>Sends what is waiting, and lets the sockets go.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        // The queue is emptied by the poller; what is then in a socket has a second to get out.
        SpinWait.SpinUntil(() => _outgoing.IsEmpty, s_linger);
        if (_poller.IsRunning)
            _poller.Stop();
        if (_beat.IsRunning)
            _beat.Stop();
        _poller.Dispose();
        _beat.Dispose();
        Close();
    }

    private void Close()
    {
        _isClosed = true;
        _outgoing.Dispose();
        foreach (var socket in (NetMQSocket[])[_shell, _control, _stdin, _ioPub, _heartbeat])
        {
            socket.Options.Linger = s_linger;
            socket.Dispose();
        }
        NetMQConfig.Cleanup(block: true);
        BufferPool.SetGCBufferPool();
    }

    private static void Bind(NetMQSocket socket, string address, int mostBytes)
    {
        try
        {
            socket.Options.MaxMsgSize = mostBytes;
            // No limit: a cell that prints faster than a frontend reads must lose nothing.
            socket.Options.SendHighWatermark = 0;
            socket.Bind(address);
        }
        catch (NetMQException e)
        {
            throw e.ErrorCode == ErrorCode.AddressAlreadyInUse
                ? new ConvNetException(
                    ErrorIds.PortInUse,
                    ErrorKind.Busy,
                    $"The kernel can't listen on {address}: another program listens there. Start the kernel again from the frontend, which chooses other ports.",
                    address,
                    e
                )
                : new ConvNetException(
                    ErrorIds.AddressUnusable,
                    ErrorKind.Unavailable,
                    $"The kernel can't listen on {address}: {Reason(e):text}. Start the kernel on this machine's own address (127.0.0.1) and on ports from 1024 on, as frontends do by themselves.",
                    address,
                    e
                );
        }
    }

    private static string Reason(NetMQException e) =>
        e.ErrorCode switch
        {
            ErrorCode.AddressNotAvailable => "the address isn't one of this machine",
            ErrorCode.AccessDenied => "the system doesn't allow it",
            var code => $"{code}",
        };

    private void Receive(NetMQSocket socket, Channel channel)
    {
        List<byte[]>? frames = null;
        // Some at a time, so that the other sockets have their turn.
        for (var i = 0; i < 100 && socket.TryReceiveMultipartBytes(ref frames!); i++)
        {
            if (frames is null)
                continue;
            if (_format.Read([.. frames], out var fault) is { } message)
                Received?.Invoke(channel, message);
            else
                Drop(channel, fault);
            frames = null;
        }
    }

    /// <summary>Logs the first and then every power of two, so that a flood of messages doesn't flood the log.</summary>
    private void Drop(Channel channel, string fault)
    {
        _dropped++;
        if (BitOperations.IsPow2(_dropped))
            Dropped?.Invoke($"a message on {channel} was dropped: {fault} ({_dropped} so far)");
    }

    private void SendQueued()
    {
        while (_outgoing.TryDequeue(out var item, TimeSpan.Zero))
        {
            NetMQSocket socket = item.Channel switch
            {
                Channel.Shell => _shell,
                Channel.Control => _control,
                Channel.Stdin => _stdin,
                _ => _ioPub,
            };
            Send(socket, item.Frames);
        }
    }

    /// <summary>Sends the frames as they are: copies would be taken from the memory of what comes in, and a cell may print any number.</summary>
    private static void Send(NetMQSocket socket, IReadOnlyList<byte[]> frames)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            var message = new Msg();
            message.InitGC(frames[i], frames[i].Length);
            socket.TrySend(ref message, SendReceiveConstants.InfiniteTimeout, more: i < frames.Count - 1);
            message.Close();
        }
    }

    /// <summary>Tells a subscriber that its subscription holds, as the protocol has it since 5.5 (JEP 65).</summary>
    private void Welcome()
    {
        while (_ioPub.TryReceiveFrameBytes(out var request) && request is not null)
        {
            // The others are ends of subscriptions, and topics that are no text, which get no answer.
            if (request is not [1, .. var topic] || !Utf8.IsValid(topic))
                continue;
            var content = new JsonObject { ["subscription"] = Encoding.UTF8.GetString(topic) };
            var welcome = WireMessage.Create(_session, "iopub_welcome", content, null, [topic]);
            Send(_ioPub, _format.Write(welcome));
        }
    }

    private void Echo()
    {
        // All of a request before its answer: a socket of this kind refuses to answer half of one, with an exception that would end the process.
        NetMQMessage? ping = null;
        while (_heartbeat.TryReceiveMultipartMessage(ref ping))
            _heartbeat.SendMultipartMessage(ping);
    }
}
