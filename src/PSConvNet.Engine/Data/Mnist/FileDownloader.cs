using System.Net;
using System.Net.Http.Headers;

namespace PSConvNet.Data;

/// <summary>
/// Downloads one file at a time: tries each mirror in turn, resumes a dropped connection where it broke, and puts only a
/// complete, verified file under its final name.
/// </summary>
internal sealed class FileDownloader : IDisposable
{
    private const int MaximumAttempts = 50;
    private const int MaximumRedirects = 10;

    private readonly DownloadOptions _options;
    private readonly HttpClient _client;
    private readonly AuthenticationHeaderValue? _login;

    /// <summary>A downloader; it sends nothing yet.</summary>
    /// <param name="options">How patient it is.</param>
    /// <param name="login">Sent to each source, but not to where one redirects; or null.</param>
    public FileDownloader(DownloadOptions options, AuthenticationHeaderValue? login = null)
    {
        _login = login;
        _options = options;
        // Redirects are followed here: the handler takes a scheme that it does not know for HTTP.
        _client = new HttpClient(
            new SocketsHttpHandler { ConnectTimeout = options.ConnectTimeout, AllowAutoRedirect = false }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("PSConvNet", null));
    }

    /// <summary>Downloads from the first source that has it.</summary>
    /// <param name="sources">Where to try, in order.</param>
    /// <param name="destination">The final path; replaced if it exists.</param>
    /// <param name="examine">Says what is wrong with the file that came, or null.</param>
    /// <param name="failed">Is told why a source did not do.</param>
    /// <param name="progress">Is told the source, the bytes received and the total.</param>
    /// <param name="cancellation">Ends it at once; nothing is left behind.</param>
    /// <returns>Whether one of them had it.</returns>
    /// <exception cref="ConvNetException"><c>CacheNotWritable</c>.</exception>
    public async Task<bool> DownloadAsync(
        IReadOnlyList<Uri> sources,
        string destination,
        Func<string, string?> examine,
        Action<Uri, string> failed,
        Action<Uri, long, long?> progress,
        CancellationToken cancellation
    )
    {
        // Beside its final place, so that the move at the end is atomic; a name of its own, so that two processes don't meet.
        var partial = WholeFile.NewPart(destination);
        WholeFile.DeleteAbandoned(destination);
        try
        {
            foreach (var source in sources)
            {
                try
                {
                    await FetchAsync(source, partial, progress, cancellation).ConfigureAwait(false);
                    if (examine(partial) is { } fault)
                        throw new DownloadFailure(fault, true);
                    Local(
                        destination,
                        () => OpenElsewhere.Await(() => File.Move(partial, destination, overwrite: true))
                    );
                    return true;
                }
                catch (DownloadFailure e)
                {
                    failed(source, e.Message);
                }
            }
            return false;
        }
        finally
        {
            Discard(partial);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task FetchAsync(
        Uri source,
        string partial,
        Action<Uri, long, long?> progress,
        CancellationToken cancellation
    )
    {
        var file = Local(
            partial,
            () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
                // Unbuffered, so that a full disk shows at the write and not when the file is closed.
                return new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            }
        );
        await using (file.ConfigureAwait(false))
        {
            using var whole = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            whole.CancelAfter(_options.WholeTimeout);
            try
            {
                await FetchInAttemptsAsync(source, file, (got, total) => progress(source, got, total), whole.Token)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new DownloadFailure($"not finished within {_options.WholeTimeout.TotalMinutes:0.##} min", true);
            }
        }
    }

    private async Task FetchInAttemptsAsync(
        Uri source,
        FileStream file,
        Action<long, long?> progress,
        CancellationToken cancellation
    )
    {
        EntityTagHeaderValue? version = null;
        var fruitless = 0;
        for (var attempt = 1; ; attempt++)
        {
            var before = file.Length;
            DownloadFailure failure;
            try
            {
                using var response = await AskAsync(source, file, version, cancellation).ConfigureAwait(false);
                version = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
                await ReceiveAsync(response, file, progress, cancellation).ConfigureAwait(false);
                return;
            }
            catch (DownloadFailure e)
            {
                failure = e;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                failure = Explain(e);
            }
            // Bytes that only drip are no progress.
            fruitless = file.Length > before && !failure.IsStall ? 0 : fruitless + 1;
            if (failure.IsFinal || fruitless >= _options.FruitlessAttempts || attempt == MaximumAttempts)
                throw failure;
            await Task.Delay(_options.RetryDelay * (1 << fruitless), cancellation).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(
        Uri source,
        FileStream file,
        EntityTagHeaderValue? version,
        CancellationToken cancellation
    )
    {
        var response = await SendAsync(source, file, version, cancellation).ConfigureAwait(false);
        var address = source;
        for (var redirects = 0; IsRedirect(response); redirects++)
        {
            using (response)
                address = Next(address, response.Headers.Location);
            if (redirects == MaximumRedirects)
                throw new DownloadFailure($"redirected more than {MaximumRedirects} times", true);
            response = await SendAsync(address, file, version, cancellation, isRedirected: true).ConfigureAwait(false);
        }
        var isPart = response.StatusCode == HttpStatusCode.PartialContent;
        var isContinued = isPart && response.Content.Headers.ContentRange?.From == file.Length;
        if (!isContinued)
            // What is there belongs to another version, or the server can't go on from it: start over.
            Local(file.Name, () => file.SetLength(0));
        if (isContinued || response.StatusCode == HttpStatusCode.OK)
            return response;
        var status = (int)response.StatusCode;
        response.Dispose();
        // A range that does not fit, too many requests and the server's own troubles pass; other refusals don't.
        throw new DownloadFailure($"HTTP {status}", !isPart && status < 500 && status is not (408 or 416 or 429));
    }

    private async Task<HttpResponseMessage> SendAsync(
        Uri address,
        FileStream file,
        EntityTagHeaderValue? version,
        CancellationToken cancellation,
        bool isRedirected = false
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = isRedirected ? null : _login;
        if (file.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
            if (version is not null)
                request.Headers.IfRange = new RangeConditionHeaderValue(version);
        }
        using var stall = new Stall(_options, cancellation);
        return await stall
            .WatchAsync(token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token))
            .ConfigureAwait(false);
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    /// <summary>Where a redirect leads, if that is on the web and no less private than where it comes from.</summary>
    private static Uri Next(Uri address, Uri? location)
    {
        if (location is null || !Uri.TryCreate(address, location, out var next))
            throw new DownloadFailure("redirected to an address that can't be used", true);
        if (next.Scheme is not ("http" or "https"))
            throw new DownloadFailure(
                $"redirected to an address of the scheme {next.Scheme}, and only http and https are followed",
                true
            );
        if (next.Scheme == "http" && address.Scheme == "https")
            throw new DownloadFailure("redirected from https to http, which anyone on the way could change", true);
        return next;
    }

    private async Task ReceiveAsync(
        HttpResponseMessage response,
        FileStream file,
        Action<long, long?> progress,
        CancellationToken cancellation
    )
    {
        var total = response.Content.Headers.ContentLength + file.Length;
        if (total > _options.MaximumBytes)
            throw new DownloadFailure($"{total} bytes where at most {_options.MaximumBytes} were expected", true);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[64 << 10];
            progress(file.Length, total);
            using var stall = new Stall(_options, cancellation);
            while (true)
            {
                var read = await stall
                    .WatchAsync(token => body.ReadAsync(buffer, token).AsTask())
                    .ConfigureAwait(false);
                if (read == 0)
                    break;
                stall.Received(read);
                Local(file.Name, () => file.Write(buffer, 0, read));
                if (file.Length > _options.MaximumBytes)
                    throw new DownloadFailure($"more than {_options.MaximumBytes} bytes", true);
                progress(file.Length, total);
            }
        }
        if (file.Length < total)
            throw new DownloadFailure($"the connection ended after {file.Length} of {total} bytes", false);
    }

    /// <summary>The innermost message: those around it only refer to it. But a socket's doesn't say with whom.</summary>
    private static string Words(Exception e) =>
        e.GetBaseException() is var cause and not System.Net.Sockets.SocketException ? cause.Message : e.Message;

    /// <summary>What a failed request means; without a name or a connection another attempt is no use.</summary>
    private static DownloadFailure Explain(Exception e) =>
        new(
            Words(e).TrimEnd('.'),
            e
                is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.NameResolutionError
                        or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.ProxyTunnelError
                }
        );

    /// <inheritdoc cref="Local{T}" />
    public static void Local(string path, Action work) =>
        Local(
            path,
            () =>
            {
                work();
                return true;
            }
        );

    /// <summary>Work on the local disk: what fails there is not the server's fault, and no mirror helps.</summary>
    private static T Local<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConvNetException(
                ErrorIds.CacheNotWritable,
                ErrorKind.Unavailable,
                $"{Path.GetDirectoryName(path)} can't be written to: {e.Message:text} Free space there, or set XDG_CACHE_HOME to a folder you may write to.",
                path,
                e
            );
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A leftover in a cache harms nobody, and must not hide the error that led here.
        }
    }

    /// <summary>One source's failure; <see cref="IsFinal"/> says that asking again is useless, <see cref="IsStall"/> that it sent too little.</summary>
    private sealed class DownloadFailure(string message, bool isFinal) : Exception(message)
    {
        public bool IsFinal { get; } = isFinal;

        public bool IsStall { get; init; }
    }

    /// <summary>Ends a wait for a server that sends too little.</summary>
    private sealed class Stall : IDisposable
    {
        private readonly DownloadOptions _options;
        private readonly CancellationToken _cancellation;
        private readonly CancellationTokenSource _source;
        private int _received;

        public Stall(DownloadOptions options, CancellationToken cancellation)
        {
            (_options, _cancellation) = (options, cancellation);
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _source.CancelAfter(options.StallTimeout);
        }

        public async Task<T> WatchAsync<T>(Func<CancellationToken, Task<T>> work)
        {
            try
            {
                return await work(_source.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
            {
                throw new DownloadFailure(
                    _received == 0
                        ? $"no answer within {_options.StallTimeout.TotalSeconds:0.#} s"
                        : $"only {Counted.Of(_received, "byte")} within {_options.StallTimeout.TotalSeconds:0.#} s",
                    false
                )
                {
                    IsStall = true,
                };
            }
        }

        /// <summary>Counts bytes; enough of them begin the time anew.</summary>
        public void Received(int bytes)
        {
            _received += bytes;
            if (_received < _options.LeastBytes)
                return;
            _received = 0;
            _source.CancelAfter(_options.StallTimeout);
        }

        public void Dispose() => _source.Dispose();
    }
}
