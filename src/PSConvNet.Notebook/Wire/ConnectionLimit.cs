using NetMQ;
using NetMQ.Monitoring;

namespace PSConvNet.Notebook;

/// <summary>
/// Bounds the connections of a socket: anyone on this machine can open one without the key, and each takes memory and a file handle. At the
/// limit all are closed. Frontends connect again by themselves; what was on its way to them at that moment is lost.
/// </summary>
internal sealed class ConnectionLimit : IDisposable
{
    /// <summary>The most connections of one socket: a frontend opens one for each window.</summary>
    public const int Most = 100;

    private static readonly TimeSpan s_rebind = TimeSpan.FromSeconds(2);

    private readonly NetMQSocket _socket;
    private readonly string _address;
    private readonly Action<string> _log;
    private readonly NetMQMonitor _monitor;
    private int _connections;

    /// <summary>Watches a bound socket; call it before the poller runs.</summary>
    /// <param name="socket">The socket, which the poller's thread owns.</param>
    /// <param name="address">The address that it listens on.</param>
    /// <param name="poller">The poller.</param>
    /// <param name="log">Receives a sentence whenever connections are closed.</param>
    public ConnectionLimit(NetMQSocket socket, string address, NetMQPoller poller, Action<string> log)
    {
        (_socket, _address, _log) = (socket, address, log);
        _monitor = new NetMQMonitor(
            socket,
            $"inproc://connections-{Guid.NewGuid():N}",
            SocketEvents.Accepted | SocketEvents.Disconnected
        );
        _monitor.Accepted += (_, _) => Accept();
        _monitor.Disconnected += (_, _) => _connections--;
        _monitor.AttachToPoller(poller);
    }

    /// <summary>Ends the watch; call it when the poller has stopped and before it is disposed of.</summary>
    public void Dispose() => _monitor.Dispose();

    private void Accept()
    {
        if (++_connections <= Most)
            return;
        // Ends the listener with all of its connections, which NetMQ doesn't report as disconnected.
        _socket.Unbind(_address);
        _connections = 0;
        NetMQException? failure = null;
        // The port is free once NetMQ's own thread has closed it.
        var isBound = SpinWait.SpinUntil(() => (failure = TryBind()) is null, s_rebind);
        _log(
            isBound
                ? $"{_address} had more than {Most} connections, and all were closed; frontends connect again by themselves"
                : $"{_address} had more than {Most} connections and can't be listened on any more: {failure?.Message}"
        );
    }

    private NetMQException? TryBind()
    {
        try
        {
            _socket.Bind(_address);
            return null;
        }
        catch (NetMQException e)
        {
            return e;
        }
    }
}
