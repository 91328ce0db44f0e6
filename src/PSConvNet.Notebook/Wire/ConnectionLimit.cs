using System.Net.NetworkInformation;
using NetMQ;

namespace PSConvNet.Notebook;

/// <summary>
/// Bounds the connections of sockets, and what has come by them: anyone on this machine can open one without the key, and each takes memory and a
/// file handle. A socket with too many closes all of them, and all sockets do when the parts of messages take too much memory. Frontends connect
/// again by themselves; what was on its way to them at that moment is lost.
/// </summary>
/// <remarks>
/// The system is asked for its connections now and then. NetMQ's own monitor tells of each, but writes to a socket without a lock, from two
/// threads, and ends the process when that socket is closed meanwhile (NetMQ 4.0.4).
/// </remarks>
internal sealed class ConnectionLimit
{
    /// <summary>The most connections of one socket: a frontend opens one for each window.</summary>
    public const int Most = 100;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rebind = TimeSpan.FromSeconds(2);

    private readonly (NetMQSocket Socket, string Address, int Port)[] _sockets;
    private readonly IncomingMemory _memory;
    private readonly Action<string> _log;
    private int _overruns;
    private bool _isCounted = true;

    /// <summary>Watches bound sockets.</summary>
    /// <param name="sockets">Sockets that the thread of one poller owns, each with the address and port that it listens on.</param>
    /// <param name="memory">What has come by all sockets takes its memory from here.</param>
    /// <param name="log">Receives a sentence whenever connections are closed.</param>
    public ConnectionLimit(
        (NetMQSocket Socket, string Address, int Port)[] sockets,
        IncomingMemory memory,
        Action<string> log
    )
    {
        (_sockets, _memory, _log) = (sockets, memory, log);
        Timer = new NetMQTimer(s_interval);
        Timer.Elapsed += (_, _) => Look();
    }

    /// <summary>Has the poller of the sockets look at them now and then.</summary>
    public NetMQTimer Timer { get; }

    private void Look()
    {
        if (_memory.Overruns is var overruns && overruns != _overruns)
        {
            _overruns = overruns;
            foreach (var (socket, address, _) in _sockets)
                CloseAll(socket, address, "was closed, because incomplete messages took too much memory");
            _memory.Forget();
        }
        else if (_isCounted)
        {
            Count();
        }
    }

    private void Count()
    {
        TcpConnectionInformation[] all;
        try
        {
            all = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections();
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            _isCounted = false;
            _log($"connections aren't limited, because this system doesn't list them: {e.Message}");
            return;
        }
        foreach (var (socket, address, port) in _sockets)
        {
            if (all.Count(one => one.State == TcpState.Established && one.LocalEndPoint.Port == port) > Most)
                CloseAll(socket, address, $"had more than {Most} connections, and all were closed");
        }
    }

    private void CloseAll(NetMQSocket socket, string address, string why)
    {
        // Ends the listener, and each connection with it.
        socket.Unbind(address);
        NetMQException? failure = null;
        // The port is free once NetMQ's own thread has closed it.
        var isBound = SpinWait.SpinUntil(() => (failure = TryBind(socket, address)) is null, s_rebind);
        _log(
            isBound
                ? $"{address} {why}; frontends connect again by themselves"
                : $"{address} {why}, and it can't be listened on any more: {failure?.Message}"
        );
    }

    private static NetMQException? TryBind(NetMQSocket socket, string address)
    {
        try
        {
            socket.Bind(address);
            return null;
        }
        catch (NetMQException e)
        {
            return e;
        }
    }
}
