using System.Collections.Concurrent;

namespace PSConvNet.Tests.Data;

public sealed class DownloadTests : IDisposable
{
    private const string BigFile = "train-images-idx3-ubyte.gz";
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_lands_in_the_cache_and_is_found_there()
    {
        using var server = new LoopbackServer(SmallSet.Serve);
        var source = Source(server.Address);
        var seen = new Recorder();

        var folder = await source.DownloadAsync(progress: seen);

        Assert.Equal(source.CacheFolder, folder.Path);
        Assert.Equal(SmallSet.TrainCount, source.Read(folder).Train.Count);
        Assert.Equal(folder.Path, Source(server.Address).Find()?.Path);
        Assert.Equal(4, CachedFiles().Length);
        var big = seen.Reports.Where(r => r.File == BigFile).ToList();
        Assert.Equal(1, big[^1].Fraction);
        Assert.Equal(big.Select(r => r.Received).Order(), big.Select(r => r.Received));
    }

    [Fact]
    public async Task A_dropped_connection_is_resumed_where_it_broke()
    {
        using var server = new LoopbackServer(request =>
            request is { RangeStart: null } && request.Path.EndsWith(BigFile, StringComparison.Ordinal)
                ? SmallSet.Serve(request) with
                {
                    DropAfter = 10_000,
                }
                : SmallSet.Serve(request)
        );
        var source = Source(server.Address);

        var data = source.Read(await source.DownloadAsync());

        Assert.Equal(SmallSet.Contents["train-images-idx3-ubyte"][16..], data.Train.Pixels.ToArray());
        Assert.Equal([null, 10_000], Asked(server, BigFile));
    }

    [Fact]
    public async Task A_server_that_ignores_the_range_is_read_from_the_start_again()
    {
        var attempts = 0;
        using var server = new LoopbackServer(request =>
            SmallSet.Serve(request) with
            {
                Status = 200,
                DropAfter = request.Path.EndsWith(BigFile, StringComparison.Ordinal) && attempts++ == 0 ? 10_000 : null,
            }
        );
        var source = Source(server.Address);

        var data = source.Read(await source.DownloadAsync());

        Assert.Equal(SmallSet.Contents["train-images-idx3-ubyte"][16..], data.Train.Pixels.ToArray());
    }

    [Theory]
    [InlineData(416)]
    [InlineData(206)]
    public async Task A_server_that_cannot_go_on_is_read_from_the_start_again(int status)
    {
        var attempts = 0;
        using var server = new LoopbackServer(request =>
        {
            var whole = SmallSet.Serve(request) with { Status = 200 };
            if (!request.Path.EndsWith(BigFile, StringComparison.Ordinal))
                return whole;
            // First it breaks off; then it refuses the range, or answers with another one than was asked for.
            return attempts++ switch
            {
                0 => whole with { DropAfter = 10_000 },
                1 => new LoopbackResponse(status, whole.Content) { WrongRange = true },
                _ => whole,
            };
        });
        var source = Source(server.Address);

        var data = source.Read(await source.DownloadAsync());

        Assert.Equal(SmallSet.Contents["train-images-idx3-ubyte"][16..], data.Train.Pixels.ToArray());
        Assert.Equal([null, 10_000, null], Asked(server, BigFile));
    }

    [Fact]
    public async Task A_server_in_trouble_is_asked_again()
    {
        var attempts = 0;
        using var server = new LoopbackServer(request =>
            attempts++ == 0 ? new LoopbackResponse(503, []) : SmallSet.Serve(request)
        );

        await Source(server.Address).DownloadAsync();

        Assert.Equal(4, CachedFiles().Length);
    }

    [Fact]
    public async Task What_one_mirror_lacks_comes_from_the_next()
    {
        using var bare = new LoopbackServer(_ => LoopbackResponse.NotFound);
        using var full = new LoopbackServer(SmallSet.Serve);

        await Source(bare.Address, full.Address).DownloadAsync();

        Assert.Equal(4, bare.Requests.Count);
        Assert.Equal(4, CachedFiles().Length);
        Assert.Contains(_told, text => text.Contains("HTTP 404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_with_the_wrong_hash_is_thrown_away_and_the_next_mirror_asked()
    {
        var forged = IdxBytes.Gzip(IdxBytes.Images(SmallSet.TrainCount, seed: 99));
        using var liar = new LoopbackServer(request =>
            request.Path.EndsWith(BigFile, StringComparison.Ordinal)
                ? new LoopbackResponse(200, forged)
                : SmallSet.Serve(request)
        );
        using var honest = new LoopbackServer(SmallSet.Serve);
        var source = Source(liar.Address, honest.Address);

        var data = source.Read(await source.DownloadAsync());

        Assert.Equal(SmallSet.Contents["train-images-idx3-ubyte"][16..], data.Train.Pixels.ToArray());
        Assert.Contains(_told, text => text.Contains("expected SHA-256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_web_page_in_place_of_a_file_is_refused()
    {
        using var portal = new LoopbackServer(_ => new LoopbackResponse(200, "<!DOCTYPE html>Log in"u8.ToArray()));

        var error = await Assert.ThrowsAsync<ConvNetException>(() => Source(portal.Address).DownloadAsync());

        Assert.Equal("DatasetNotFound", error.ErrorId);
        Assert.Contains("an HTML page", error.Message, StringComparison.Ordinal);
        Assert.Empty(CachedFiles());
    }

    [Fact]
    public async Task A_file_far_too_large_is_refused()
    {
        using var server = new LoopbackServer(_ => new LoopbackResponse(200, new byte[(1 << 20) + 1]));

        var error = await Assert.ThrowsAsync<ConvNetException>(() => Source(server.Address).DownloadAsync());

        Assert.Contains("at most 1048576", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_server_that_speaks_no_TLS_the_innermost_reason_is_said()
    {
        using var server = new LoopbackServer(SmallSet.Serve);
        var address = new UriBuilder(server.Address) { Scheme = "https" }.Uri;

        var error = await Assert.ThrowsAsync<ConvNetException>(() => Source(address).DownloadAsync());

        Assert.DoesNotContain("inner exception", error.Message, StringComparison.Ordinal);
        Assert.Contains(address.Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_is_given_up()
    {
        using var silent = new LoopbackServer(_ => new LoopbackResponse(200, [], Hang: true));
        var patience = SmallSet.Patience with { StallTimeout = TimeSpan.FromSeconds(0.2) };
        var source = new MnistSource(SmallSet.Entry(silent.Address), Locations, null, patience);

        var error = await Assert.ThrowsAsync<ConvNetException>(() => source.DownloadAsync());

        Assert.Contains("no answer within 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, silent.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_drips_is_given_up_and_the_next_mirror_asked()
    {
        using var slow = new LoopbackServer(request =>
            SmallSet.Serve(request) with
            {
                Drip = TimeSpan.FromMilliseconds(5),
            }
        );
        using var full = new LoopbackServer(SmallSet.Serve);
        var patience = SmallSet.Patience with { StallTimeout = TimeSpan.FromSeconds(0.2) };
        var source = new MnistSource(SmallSet.Entry(slow.Address, full.Address), Locations, _told.Add, patience);

        await source.DownloadAsync();

        Assert.Equal(4, CachedFiles().Length);
        Assert.Contains(_told, text => text.Contains("bytes within 0.2 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_takes_too_long_altogether_is_given_up()
    {
        using var slow = new LoopbackServer(request =>
            SmallSet.Serve(request) with
            {
                Drip = TimeSpan.FromMilliseconds(5),
            }
        );
        var patience = SmallSet.Patience with
        {
            StallTimeout = TimeSpan.FromSeconds(20),
            LeastBytes = 1,
            WholeTimeout = TimeSpan.FromSeconds(0.3),
        };
        var source = new MnistSource(SmallSet.Entry(slow.Address), Locations, null, patience);

        var error = await Assert.ThrowsAsync<ConvNetException>(() => source.DownloadAsync());

        Assert.Contains("not finished within", error.Message, StringComparison.Ordinal);
        Assert.Empty(CachedFiles());
    }

    [Theory]
    [InlineData("file:///etc/passwd", "redirected to an address of the scheme file, and only http and https")]
    [InlineData("ftp://127.0.0.1/x", "redirected to an address of the scheme ftp")]
    [InlineData("gopher:x", "redirected to an address")]
    [InlineData("gopher://HOST/train-images-idx3-ubyte.gz", "redirected to an address of the scheme gopher")]
    [InlineData("ws://HOST/train-images-idx3-ubyte.gz", "redirected to an address of the scheme ws")]
    [InlineData("http://", "")]
    [InlineData("javascript:alert(1)", "redirected to an address of the scheme javascript")]
    [InlineData("//", "")]
    [InlineData("/again", "redirected more than 10 times")]
    public async Task A_redirect_to_what_cannot_be_downloaded_counts_as_that_mirror_s_failure(
        string location,
        string reason
    )
    {
        using var full = new LoopbackServer(SmallSet.Serve);
        location = location.Replace("HOST", full.Address.Authority, StringComparison.Ordinal);
        using var liar = new LoopbackServer(_ => new LoopbackResponse(302, []) { Location = location });

        await Source(liar.Address, full.Address).DownloadAsync();

        Assert.Equal(4, CachedFiles().Length);
        Assert.Contains(
            _told,
            text =>
                text.StartsWith(liar.Address.ToString(), StringComparison.Ordinal)
                && text.Contains(reason, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_mirror_s_password_is_sent_and_never_printed()
    {
        using var server = new LoopbackServer(request =>
            request.Authorization == "Basic dXNlcjpwQHNz" && !request.Path.EndsWith(BigFile, StringComparison.Ordinal)
                ? SmallSet.Serve(request)
                : LoopbackResponse.NotFound
        );
        var mirror = new UriBuilder(server.Address) { UserName = "user", Password = "p%40ss" }.Uri;
        var locations = new MnistLocations(null, _folder.Path, mirror, SearchSystem: false);
        var source = new MnistSource(SmallSet.Entry(server.Address), locations, _told.Add, SmallSet.Patience);

        var error = await Assert.ThrowsAsync<ConvNetException>(() => source.DownloadAsync());

        Assert.NotEmpty(server.Requests);
        Assert.All(server.Requests, request => Assert.Equal("Basic dXNlcjpwQHNz", request.Authorization));
        Assert.All(
            [.. _told, error.ToString(), locations.ToString(), source.Mirrors[0].ToString()],
            text => Assert.DoesNotContain("p%40ss", text, StringComparison.Ordinal)
        );
        Assert.All(
            [.. _told, error.ToString(), locations.ToString()],
            text => Assert.DoesNotContain("p@ss", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Offline_one_error_tells_what_was_tried_and_three_ways_out()
    {
        var dead = LoopbackServer.DeadAddress();
        var source = Source(dead);
        Assert.Null(source.Find());

        var error = await Assert.ThrowsAsync<ConvNetException>(() => source.DownloadAsync());

        Assert.Equal(("DatasetNotFound", ErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.All(
            [
                source.CacheFolder,
                dead.ToString(),
                "MnistLocations.DataFolder",
                "PSCONVNET_DATA",
                "internet",
                "SyntheticDigits.Generate",
            ],
            word => Assert.Contains(word, error.Message, StringComparison.Ordinal)
        );
        Assert.Empty(CachedFiles());
    }

    [Fact]
    public async Task A_cancelled_download_does_not_wait_for_its_patience_and_leaves_nothing()
    {
        using var silent = new LoopbackServer(_ => new LoopbackResponse(200, [], Hang: true));
        using var stop = new CancellationTokenSource();
        var patient = TimeSpan.FromHours(1);
        var options = new DownloadOptions(patient, patient, patient, 2, 1 << 20);
        var source = new MnistSource(SmallSet.Entry(silent.Address), Locations, null, options);
        var download = source.DownloadAsync(cancellation: stop.Token);
        while (silent.Requests.IsEmpty)
            await Task.Delay(5);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
        Assert.Empty(CachedFiles());
    }

    [Fact]
    public async Task Force_replaces_a_damaged_cache_whatever_form_it_has()
    {
        using var server = new LoopbackServer(SmallSet.Serve);
        var source = Source(server.Address);
        SmallSet.WriteTo(source.CacheFolder, (_, content) => content[..20]);
        Assert.Throws<ConvNetException>(() => source.Read(source.Find()!));

        await source.DownloadAsync(force: true);

        Assert.Equal(SmallSet.TrainCount, source.Read(source.Find()!).Train.Count);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Only_what_the_cache_lacks_is_fetched()
    {
        using var server = new LoopbackServer(SmallSet.Serve);
        await Source(server.Address).DownloadAsync();
        File.Delete(Path.Combine(_folder.Path, "mnist", BigFile));

        await Source(server.Address).DownloadAsync();

        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_said()
    {
        using var server = new LoopbackServer(SmallSet.Serve);
        var file = _folder.Write("occupied", [1]);
        var source = SmallSet.Source(SmallSet.Entry(server.Address), new MnistLocations(null, file));

        var error = await Assert.ThrowsAsync<ConvNetException>(() => source.DownloadAsync());

        Assert.Equal("CacheNotWritable", error.ErrorId);
    }

    private MnistLocations Locations => new(null, _folder.Path);

    private MnistSource Source(params Uri[] mirrors) => SmallSet.Source(SmallSet.Entry(mirrors), Locations, _told.Add);

    private string[] CachedFiles() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);

    private static IEnumerable<int?> Asked(LoopbackServer server, string file) =>
        server.Requests.Where(r => r.Path.EndsWith(file, StringComparison.Ordinal)).Select(r => r.RangeStart);

    private sealed class Recorder : IProgress<DownloadProgress>
    {
        public ConcurrentQueue<DownloadProgress> Queue { get; } = new();

        public IReadOnlyList<DownloadProgress> Reports => [.. Queue];

        public void Report(DownloadProgress value) => Queue.Enqueue(value);
    }
}
