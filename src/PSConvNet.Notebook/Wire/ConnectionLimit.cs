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

    private readonly Listener[] _listeners;
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
        _listeners = [.. sockets.Select(one => new Listener(one.Socket, one.Address, one.Port))];
        (_memory, _log) = (memory, log);
        Timer = new NetMQTimer(s_interval);
        Timer.Elapsed += (_, _) => Look();
    }

    /// <summary>Has the poller of the sockets look at them now and then.</summary>
    public NetMQTimer Timer { get; }

    private void Look()
    {
        // A port that wasn't free in time, because NetMQ had too much to do, or because another program took it.
        foreach (var listener in _listeners.Where(listener => !listener.IsBound && listener.TryBind()))
            _log($"{listener.Address} is listened on again");
        if (_memory.Overruns is var overruns && overruns != _overruns)
        {
            _overruns = overruns;
            CloseAll(_listeners, "was closed, because incomplete messages took too much memory", _memory.Forget);
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
        foreach (var listener in _listeners)
        {
            var count = all.Count(one => one.State == TcpState.Established && one.LocalEndPoint.Port == listener.Port);
            if (listener.IsBound && count > Most)
                CloseAll([listener], $"had more than {Most} connections, and all were closed");
        }
    }

    private void CloseAll(Listener[] listeners, string why, Action? closed = null)
    {
        foreach (var listener in listeners)
            listener.Unbind();
        // Before the first of the new connections: none of them is to be taken for one of those.
        closed?.Invoke();
        foreach (var listener in listeners)
        {
            // The port is free once NetMQ's own thread has closed it.
            var isBound = SpinWait.SpinUntil(listener.TryBind, s_rebind);
            _log(
                isBound
                    ? $"{listener.Address} {why}; frontends connect again by themselves"
                    : $"{listener.Address} {why}, and can't be listened on yet: {listener.Failure}"
            );
        }
    }

    /// <summary>A socket and where it listens.</summary>
    private sealed class Listener(NetMQSocket socket, string address, int port)
    {
        public string Address => address;

        public int Port => port;

        /// <summary>Whether it listens: to end what has ended already is an error that would end the process.</summary>
        public bool IsBound { get; private set; } = true;

        /// <summary>Why it doesn't; a text, for a value of NetMQ's own type would have it loaded when the module is imported.</summary>
        public string Failure { get; private set; } = "";

        /// <summary>Ends the listener, and each connection with it.</summary>
        public void Unbind()
        {
            if (!IsBound)
                return;
            IsBound = false;
            socket.Unbind(address);
        }

        public bool TryBind()
        {
            if (IsBound)
                return true;
            try
            {
                socket.Bind(address);
                IsBound = true;
            }
            catch (NetMQException e)
            {
                Failure = $"{e.ErrorCode}";
            }
            return IsBound;
        }
    }
}
