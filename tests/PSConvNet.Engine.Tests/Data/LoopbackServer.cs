using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PSConvNet.Tests.Data;

/// <summary>What a client asked for.</summary>
/// <param name="Path">The path, with its leading slash.</param>
/// <param name="RangeStart">From which byte on, or null for the whole.</param>
/// <param name="Authorization">The name and the password as HTTP has them, or null.</param>
internal sealed record LoopbackRequest(string Path, int? RangeStart, string? Authorization = null);

/// <summary>What it gets.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Content">The whole file; of a 206 the part from the range's start is sent.</param>
/// <param name="DropAfter">Break the connection after so many bytes of the body.</param>
/// <param name="Hang">Send nothing at all until the server is disposed.</param>
internal sealed record LoopbackResponse(int Status, byte[] Content, int? DropAfter = null, bool Hang = false)
{
    /// <summary>Answer a range with one that starts at another place.</summary>
    public bool WrongRange { get; init; }

    /// <summary>Send the body byte by byte with a pause between them, and never end.</summary>
    public TimeSpan? Drip { get; init; }

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; init; }

    public static LoopbackResponse NotFound { get; } = new(404, []);
}

/// <summary>An HTTP server on this machine that can misbehave in the ways real ones do.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<LoopbackRequest, LoopbackResponse> _respond;

    public LoopbackServer(Func<LoopbackRequest, LoopbackResponse> respond)
    {
        _respond = respond;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public ConcurrentQueue<LoopbackRequest> Requests { get; } = new();

    /// <summary>An address at which nobody listens.</summary>
    public static Uri DeadAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => AnswerAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var request = await ReadRequestAsync(stream);
            Requests.Enqueue(request);
            var response = _respond(request);
            if (response.Hang)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            var start = response is { Status: 206, WrongRange: false } ? request.RangeStart ?? 0 : 0;
            var body = response.Content.AsMemory(start);
            var head = new StringBuilder($"HTTP/1.1 {response.Status} X\r\nConnection: close\r\nETag: \"v1\"\r\n");
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
            if (response.Status == 206)
                head.Append(
                    CultureInfo.InvariantCulture,
                    $"Content-Range: bytes {start}-{response.Content.Length - 1}/{response.Content.Length}\r\n"
                );
            if (response.Location is { } location)
                head.Append(CultureInfo.InvariantCulture, $"Location: {location}\r\n");
            head.Append("\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), _stop.Token);
            for (var i = 0; response.Drip is { } pause && i < body.Length; i++)
            {
                await stream.WriteAsync(body.Slice(i, 1), _stop.Token);
                await Task.Delay(pause, _stop.Token);
            }
            await stream.WriteAsync(body[..(response.DropAfter ?? body.Length)], _stop.Token);
            await stream.FlushAsync(_stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The client went away or the test is over.
        }
    }

    private static async Task<LoopbackRequest> ReadRequestAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "").Split(' ')[1];
        int? range = null;
        string? authorization = null;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                range = int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))
                authorization = line["Authorization: ".Length..];
        }
        return new LoopbackRequest(path, range, authorization);
    }
}
