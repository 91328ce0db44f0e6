using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PSConvNet.Notebook;

/// <summary>What a frontend's connection file says: where the kernel listens, and the key both sides sign with.</summary>
/// <remarks>It prints without its key.</remarks>
internal sealed class ConnectionInfo
{
    /// <summary>A connection file has some hundred bytes.</summary>
    internal const int MostBytes = 64 << 10;

    private static readonly string[] s_settings =
    [
        .. typeof(ConnectionInfo)
            .GetProperties()
            .Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name)
            .OfType<string>(),
    ];

    /// <summary>The address to listen on; loopback where the file names none.</summary>
    [JsonPropertyName("ip")]
    public string Ip { get; init; } = "127.0.0.1";

    /// <summary>How frontends connect: <c>tcp</c>.</summary>
    [JsonPropertyName("transport")]
    public string Transport { get; init; } = "tcp";

    /// <summary>The port of requests.</summary>
    [JsonPropertyName("shell_port")]
    public int ShellPort { get; init; }

    /// <summary>The port of what all frontends see.</summary>
    [JsonPropertyName("iopub_port")]
    public int IOPubPort { get; init; }

    /// <summary>The port of questions to the person.</summary>
    [JsonPropertyName("stdin_port")]
    public int StdinPort { get; init; }

    /// <summary>The port of interrupts and shutdown.</summary>
    [JsonPropertyName("control_port")]
    public int ControlPort { get; init; }

    /// <summary>The port that echoes.</summary>
    [JsonPropertyName("hb_port")]
    public int HeartbeatPort { get; init; }

    /// <summary>The key; empty where messages are not signed.</summary>
    [JsonPropertyName("key")]
    public string Key { get; init; } = "";

    /// <summary>How messages are signed.</summary>
    [JsonPropertyName("signature_scheme")]
    public string SignatureScheme { get; init; } = "hmac-sha256";

    /// <summary>Reads a connection file.</summary>
    /// <exception cref="ConvNetException"><c>ConnectionFileNotFound</c>, <c>ConnectionFileInvalid</c>.</exception>
    public static ConnectionInfo Read(string path)
    {
        try
        {
            RegularFile.RequireToRead(path);
            var bytes = ReadBounded(path);
            var info =
                JsonSerializer.Deserialize<ConnectionInfo>(bytes)
                ?? throw new JsonException("it contains null instead of settings");
            info.Check();
            return info;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConvNetException(
                ErrorIds.ConnectionFileNotFound,
                ErrorKind.NotFound,
                $"There is no connection file {path}. Start the kernel from a frontend, which writes one.",
                path,
                e
            );
        }
        catch (Exception e)
            when (e is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConvNetException(
                ErrorIds.ConnectionFileInvalid,
                ErrorKind.InvalidData,
                $"{path} isn't a connection file of Jupyter: {Reason(e).TrimEnd('.'):text}. Start the kernel from a frontend, which writes one.",
                path
            );
        }
    }

    private static byte[] ReadBounded(string path)
    {
        using var file = File.OpenRead(path);
        // One byte more than is allowed shows that there are too many, whatever the file system says of the length.
        var bytes = new byte[MostBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length > MostBytes
                ? throw new JsonException(
                    string.Create(CultureInfo.InvariantCulture, $"it is larger than {MostBytes:N0} bytes")
                )
            : bytes.AsSpan(0, length).IndexOfAnyExcept(" \t\r\n"u8) < 0 ? throw new JsonException("it is empty")
            : bytes[..length];
    }

    /// <summary>Why a file can't be used. A parser's message may quote the text it stumbled over; the line or the setting's name says enough.</summary>
    private static string Reason(Exception e)
    {
        // What the system says is a sentence of its own; ours go on with this one.
        if (e is not (JsonException or NotAFileException))
            return $"it can't be read ({e.Message.TrimEnd('.')})";
        if (e is not JsonException { LineNumber: { } line } fault)
            return e.Message;
        var setting = Array.Find(s_settings, name => fault.Path == $"$.{name}");
        return setting is null ? $"line {line + 1} is malformed"
            : setting.EndsWith("_port", StringComparison.Ordinal) ? $"{setting} isn't a whole number"
            : $"{setting} isn't a text";
    }

    /// <summary>Where a socket listens.</summary>
    public string Address(int port) => $"tcp://{Bracketed(Ip)}:{port}";

    /// <inheritdoc />
    public override string ToString() => $"{Transport}://{Ip}, shell on {ShellPort}";

    private void Check()
    {
        if (Transport == "ipc")
        {
            throw new JsonException(
                "the transport ipc isn't supported, only tcp; take c.ConnectionFileMixin.transport = 'ipc' out of Jupyter's configuration"
            );
        }
        if (Transport != "tcp")
            throw new JsonException("the transport isn't known");
        if (Ip != "localhost" && !IPAddress.TryParse(Ip, out _))
            throw new JsonException("ip isn't an address");
        if (Key is null || SignatureScheme is null)
            throw new JsonException("the key and the signature scheme can't be null");
        int[] ports = [ShellPort, IOPubPort, StdinPort, ControlPort, HeartbeatPort];
        foreach (var port in ports)
        {
            if (port is <= 0 or > ushort.MaxValue)
                throw new JsonException($"{port} isn't a port");
        }
        if (ports.Distinct().Count() < ports.Length)
            throw new JsonException("two of its ports are the same");
    }

    private static string Bracketed(string ip) =>
        ip.Contains(':', StringComparison.Ordinal) && !ip.StartsWith('[') ? $"[{ip}]" : ip;
}
