using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PSConvNet.Tests.Installation;

/// <summary>A NuGet feed of version 3 with one package, which counts requests and can end an answer early.</summary>
internal sealed class Feed : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<string> _ranges = [];

    public Feed(byte[]? package)
    {
        var port = FreePort();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/");
        Package = package;
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(AnswerAsync);
    }

    public string Address { get; }

    public string Index => Address + "index.json";

    /// <summary>What it gives; null for nothing.</summary>
    public byte[]? Package { get; set; }

    /// <summary>After how many bytes it hangs up, once.</summary>
    public int? HangUpAfter { get; set; }

    /// <summary>The Range headers of the requests for the package; empty text for none.</summary>
    public IReadOnlyList<string> Ranges => _ranges;

    public void Dispose() => _listener.Close();

    /// <summary>A package as NuGet makes them.</summary>
    public static byte[] Pack(string id, string version, params (string Path, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var nuspec =
                $"<?xml version=\"1.0\"?><package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata><id>{id}</id><version>{version}</version><authors>a</authors><description>d</description></metadata></package>";
            foreach (var (path, bytes) in files.Prepend((id + ".nuspec", Encoding.UTF8.GetBytes(nuspec))))
            {
                using var entry = archive.CreateEntry(path, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // It was closed, or the client has gone.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var response = context.Response;
        if (context.Request.Url!.AbsolutePath == "/index.json")
        {
            response.ContentType = "application/json";
            response.OutputStream.Write(
                Encoding.UTF8.GetBytes(
                    $$"""{"version":"3.0.0","resources":[{"@id":"{{Address}}flat/","@type":"PackageBaseAddress/3.0.0"}]}"""
                )
            );
            response.Close();
            return;
        }
        var range = context.Request.Headers["Range"] ?? "";
        lock (_ranges)
            _ranges.Add(range);
        if (Package is not { } package)
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }
        var from =
            range.Length == 0 ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        if (from >= package.Length)
        {
            response.StatusCode = 416;
            response.Close();
            return;
        }
        if (from > 0)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{package.Length - 1}/{package.Length}";
        }
        response.ContentLength64 = package.Length - from;
        if (HangUpAfter is { } most)
        {
            HangUpAfter = null;
            response.OutputStream.Write(package, from, most);
            response.OutputStream.Flush();
            response.Abort();
            return;
        }
        response.OutputStream.Write(package, from, package.Length - from);
        response.Close();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
