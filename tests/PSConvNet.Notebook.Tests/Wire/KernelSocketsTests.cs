using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace PSConvNet.Notebook.Tests.Wire;

/// <summary>The sockets as anyone on the machine reaches them: without the key nobody can do harm.</summary>
public sealed class KernelSocketsTests : IDisposable
{
    private const string Key = "a key of some length";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly ConnectionInfo _connection = WithFreePorts();
    private readonly WireFormat _format = new(new MessageSigner(Key, "hmac-sha256"));
    private readonly ConcurrentQueue<string> _dropped = new();
    private readonly KernelSockets _sockets;

    public KernelSocketsTests()
    {
        _sockets = new KernelSockets(_connection, new WireFormat(new MessageSigner(Key, "hmac-sha256")), "session")
        {
            Dropped = _dropped.Enqueue,
        };
        _sockets.Received = (channel, request) =>
            _sockets.Send(channel, WireMessage.Create("session", "pong", [], request, request.Identities));
        _sockets.Start();
    }

    private int[] Ports =>
        [
            _connection.ShellPort,
            _connection.ControlPort,
            _connection.StdinPort,
            _connection.IOPubPort,
            _connection.HeartbeatPort,
        ];

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public void A_message_that_announces_more_than_it_may_have_is_hung_up_on_before_memory_is_taken_for_it()
    {
        // The first three versions of ZMTP: the greeting, and a frame's header that announces 2^31 - 1 bytes.
        byte[] size = [0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF];
        byte[] first = [1, 0, 0xFF, .. size, 0];
        byte[] second = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 1, 5, 0, 0, 2, .. size];
        byte[] third = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0, .. "NULL"u8, .. new byte[16 + 32], 2, .. size];
        foreach (var port in Ports)
        {
            foreach (var bytes in (byte[][])[first, second, third])
            {
                using var stranger = Connect(port);
                stranger.Send([.. bytes, .. new byte[50]]);
                Assert.True(IsHungUp(stranger), $"port {port}, {bytes.Length} bytes");
            }
        }
        AssertAnswers();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void A_heartbeat_of_several_parts_is_answered_whole(int parts)
    {
        using var client = new RequestSocket();
        client.Connect(_connection.Address(_connection.HeartbeatPort));
        var ping = new NetMQMessage(Enumerable.Range(0, parts).Select(i => new NetMQFrame($"{i}")));

        client.SendMultipartMessage(ping);

        NetMQMessage? pong = null;
        Assert.True(client.TryReceiveMultipartMessage(TimeSpan.FromSeconds(60), ref pong));
        Assert.Equal(ping.Select(frame => frame.ConvertToString()), pong!.Select(frame => frame.ConvertToString()));
    }

    [Fact]
    public void Connections_beyond_the_limit_close_all_and_a_frontend_comes_back_by_itself()
    {
        using var frontend = Frontend();
        AssertAnswers(frontend);
        var strangers = new List<Socket>();
        try
        {
            for (var i = 0; i < ConnectionLimit.Most; i++)
                strangers.Add(Connect(_connection.ShellPort));

            Assert.All(strangers, stranger => Assert.True(IsHungUp(stranger)));
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }
        AssertAnswers(frontend);
        Assert.Contains("had more than 100 connections", Assert.Single(_dropped), StringComparison.Ordinal);
    }

    /// <summary>Sizes of the parts of messages that never end.</summary>
    public static TheoryData<int> Parts => [0, 100, 1 << 20];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_message_whose_parts_never_end_is_hung_up_on_and_takes_no_more_memory_than_is_allowed(int size)
    {
        byte[] greeting =
        [
            0xFF,
            .. new byte[8],
            0x7F,
            3,
            0,
            .. "NULL"u8,
            .. new byte[16 + 32],
            4,
            28,
            5,
            .. "READY"u8,
            11,
            .. "Socket-Type"u8,
            0,
            0,
            0,
            6,
            .. "DEALER"u8,
        ];
        // More parts follow, the size in eight bytes.
        byte[] part = [3, 0, 0, 0, 0, .. BitConverter.GetBytes(IPAddress.HostToNetworkOrder(size)), .. new byte[size]];
        byte[] parts = [.. Enumerable.Repeat(part, Math.Max(1, (1 << 20) / part.Length)).SelectMany(one => one)];
        using var stranger = Connect(_connection.ShellPort);
        stranger.Send(greeting);

        Assert.True(IsRefusedWhileSending(stranger, parts, mostBytes: 64 * IncomingMemory.MostBytes));

        Assert.InRange(_sockets.Memory.Peak, 1, IncomingMemory.MostBytes);
        AssertAnswers();
        Assert.Contains(_dropped, line => line.Contains("took too much memory", StringComparison.Ordinal));
    }

    [Fact]
    public void A_million_empty_parts_by_six_hundred_connections_at_once_leave_the_kernel_answering()
    {
        // The first version of ZMTP: a greeting without a name, then parts of a flag alone, which says that more follow.
        byte[] greeting = [1, 0];
        byte[] parts = [.. Enumerable.Repeat((byte)1, 2 * 1_000_000 / 600)];
        var strangers = new List<Socket>();
        try
        {
            foreach (var port in (int[])[_connection.ShellPort, _connection.ControlPort, _connection.StdinPort])
            {
                for (var i = 0; i < 200; i++)
                {
                    try
                    {
                        strangers.Add(Connect(port));
                    }
                    catch (SocketException)
                    {
                        // Beyond a hundred connections all are closed, and the port is bound again: one in between is refused.
                        continue;
                    }
                    Try(strangers[^1], greeting);
                }
            }
            Assert.InRange(strangers.Count, 300, 600);
            Parallel.ForEach(strangers, stranger => Try(stranger, parts));
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }

        // In this process a frontend has its memory from the same place, and isn't read from any more if it asks before the connections are closed:
        // a new one each time.
        Assert.Contains(Enumerable.Range(0, 30), _ => Answers());

        // Those before may have had them closed already.
        static void Try(Socket stranger, byte[] bytes)
        {
            try
            {
                stranger.Send(bytes);
            }
            catch (SocketException) { }
        }
    }

    [Fact]
    public void A_message_of_a_thousand_and_one_parts_is_dropped()
    {
        using var frontend = Frontend();
        var message = _format.Write(WireMessage.Create("frontend", "ping", [], null));

        frontend.SendMultipartBytes([.. message, .. Enumerable.Repeat(Array.Empty<byte>(), WireFormat.MostParts)]);

        AssertAnswers(frontend);
        Assert.Contains("it has more than 1000 parts", Assert.Single(_dropped), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_kernel_sends_has_no_limit()
    {
        using var frontend = Frontend();
        AssertAnswers(frontend);
        var text = new JsonObject { ["text"] = new string('x', 1 << 20) };

        // More than may come in, and nobody reads it.
        for (var i = 0; i < 2 * IncomingMemory.MostBytes >> 20; i++)
            _sockets.Send(
                Channel.IOPub,
                WireMessage.Create(
                    "session",
                    "stream",
                    text,
                    null,
                    [
                        [],
                    ]
                )
            );

        AssertAnswers(frontend);
        Assert.Empty(_dropped);
    }

    [Fact]
    public void A_port_that_is_in_use_is_named_in_a_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var connection = WithFreePorts();
        var busy = new ConnectionInfo
        {
            ShellPort = connection.ShellPort,
            ControlPort = connection.ControlPort,
            StdinPort = connection.StdinPort,
            IOPubPort = connection.IOPubPort,
            HeartbeatPort = port,
        };
        _sockets.Dispose();

        var error = Assert.Throws<ConvNetException>(() => new KernelSockets(busy, _format, "session"));

        Assert.Equal(("PortInUse", ErrorKind.Busy), (error.ErrorId, error.Kind));
        Assert.Equal(
            $"The kernel can't listen on tcp://127.0.0.1:{port}: another program listens there. Start the kernel again from the frontend, which chooses other ports.",
            error.Message
        );
        // The ports that were free are free again.
        using var free = new TcpListener(IPAddress.Loopback, connection.ShellPort);
        free.Start();
    }

    [Fact]
    public void Any_bytes_at_all_leave_the_kernel_alive()
    {
        var random = new Random(17);
        byte[][] greetings =
        [
            [],
            [1, 0],
            [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 1, 5],
            [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0, .. "NULL"u8, .. new byte[16 + 32]],
            [
                0xFF,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                0x7F,
                3,
                0,
                .. "NULL"u8,
                .. new byte[16 + 32],
                4,
                26,
                5,
                .. "READY"u8,
                11,
                .. "Socket-Type"u8,
                0,
                0,
                0,
                3,
                .. "REQ"u8,
            ],
        ];
        for (var i = 0; i < 200; i++)
        {
            byte[] bytes = [.. greetings[i % greetings.Length], .. new byte[random.Next(60)]];
            random.NextBytes(bytes.AsSpan(bytes.Length - bytes.Length / 3));
            if (bytes.Length > 0)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var stranger = Connect(Ports[i / greetings.Length % Ports.Length]);
            stranger.Send(bytes);
        }
        AssertAnswers();
    }

    private DealerSocket Frontend()
    {
        var frontend = new DealerSocket();
        frontend.Connect(_connection.Address(_connection.ShellPort));
        return frontend;
    }

    private bool Answers()
    {
        using var frontend = Frontend();
        List<byte[]>? frames = null;
        frontend.SendMultipartBytes(_format.Write(WireMessage.Create("frontend", "ping", [], null)));
        return frontend.TryReceiveMultipartBytes(TimeSpan.FromSeconds(1), ref frames!);
    }

    private void AssertAnswers()
    {
        using var frontend = Frontend();
        AssertAnswers(frontend);
    }

    /// <summary>The kernel still answers a frontend that has the key.</summary>
    private void AssertAnswers(DealerSocket frontend)
    {
        List<byte[]>? frames = null;
        // What was sent before the frontend noticed that it was hung up on is lost.
        for (var attempt = 0; attempt < 30 && frames is null; attempt++)
        {
            frontend.SendMultipartBytes(_format.Write(WireMessage.Create("frontend", "ping", [], null)));
            frontend.TryReceiveMultipartBytes(TimeSpan.FromSeconds(1), ref frames!);
        }
        Assert.NotNull(frames);
        Assert.Equal("pong", _format.Read([.. frames], out _)!.Type);
    }

    /// <summary>Sends the same bytes again and again; whether it was hung up on before that many were sent.</summary>
    private static bool IsRefusedWhileSending(Socket socket, byte[] bytes, long mostBytes)
    {
        socket.SendTimeout = (int)s_patience.TotalMilliseconds;
        try
        {
            for (var sent = 0L; sent < mostBytes; sent += bytes.Length)
                socket.Send(bytes);
            return false;
        }
        catch (SocketException)
        {
            return IsHungUp(socket);
        }
    }

    private static bool IsHungUp(Socket socket)
    {
        socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        var buffer = new byte[256];
        try
        {
            while (socket.Receive(buffer) > 0) { }
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ConnectionInfo WithFreePorts()
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        var ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        Array.ForEach(listeners, listener => listener.Stop());
        return new ConnectionInfo
        {
            ShellPort = ports[0],
            ControlPort = ports[1],
            StdinPort = ports[2],
            IOPubPort = ports[3],
            HeartbeatPort = ports[4],
            Key = Key,
        };
    }
}
