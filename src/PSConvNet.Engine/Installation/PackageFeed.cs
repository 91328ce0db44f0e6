using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace PSConvNet.Installation;

/// <summary>One source of packages, asked through NuGet's own client, which knows proxies, credentials and all kinds of feeds.</summary>
/// <remarks>From an HTTP feed of version 3 a download goes on where an earlier one ended; the other kinds begin anew.</remarks>
internal sealed partial class PackageFeed(PackageSource source, TimeSpan patience, long mostBytes)
{
    // Made when it is asked: a source that isn't an address is an error of that source.
    private readonly Lazy<SourceRepository> _repository = new(() => Repository.Factory.GetCoreV3(source));

    /// <summary>What the source is called, without a name and a password that its address may have.</summary>
    public string Name { get; } = WithoutLogin(source.Source);

    /// <summary>A text without what stands before an at sign in an address.</summary>
    public static string WithoutLogin(string text) => LoginInText().Replace(text, "");

    [GeneratedRegex(@"(?<=//)[^/@\s]*@|[^/@\s:()]+:[^/@\s]*@")]
    private static partial Regex LoginInText();

    /// <summary>Fetches a package into a file that may hold the beginning of it.</summary>
    /// <param name="id">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="file">The file, positioned anywhere; it is cut or appended to.</param>
    /// <param name="progress">Is told how many bytes are there, and of how many where that is known.</param>
    /// <param name="cancellation">Ends it; what is there stays.</param>
    /// <returns>Whether the source has the package.</returns>
    public async Task<bool> FetchAsync(
        string id,
        NuGetVersion version,
        FileStream file,
        Action<long, long?> progress,
        CancellationToken cancellation
    )
    {
        using var context = new SourceCacheContext { DirectDownload = true, NoCache = true };
        if (await AddressAsync(id, version, cancellation).ConfigureAwait(false) is { } address)
            return await ResumeAsync(address, file, context, progress, cancellation).ConfigureAwait(false);

        file.SetLength(0);
        var finder = await _repository
            .Value.GetResourceAsync<FindPackageByIdResource>(cancellation)
            .ConfigureAwait(false);
        return await finder!
            .CopyNupkgToStreamAsync(id, version, file, context, NullLogger.Instance, cancellation)
            .ConfigureAwait(false);
    }

    private async Task<string?> AddressAsync(string id, NuGetVersion version, CancellationToken cancellation)
    {
        if (!source.IsHttp)
            return null;
        var index = await _repository
            .Value.GetResourceAsync<ServiceIndexResourceV3>(cancellation)
            .ConfigureAwait(false);
        if (index?.GetServiceEntryUri(ServiceTypes.PackageBaseAddress) is not { } start)
            return null;
        var (name, number) = (id.ToLowerInvariant(), version.ToNormalizedString().ToLowerInvariant());
        return $"{start.AbsoluteUri.TrimEnd('/')}/{name}/{number}/{name}.{number}.nupkg";
    }

    private async Task<bool> ResumeAsync(
        string address,
        FileStream file,
        SourceCacheContext context,
        Action<long, long?> progress,
        CancellationToken cancellation
    )
    {
        var http = (
            await _repository.Value.GetResourceAsync<HttpSourceResource>(cancellation).ConfigureAwait(false)
        )!.HttpSource;
        var request = new HttpSourceRequest(() =>
        {
            var message = HttpRequestMessageFactory.Create(HttpMethod.Get, address, NullLogger.Instance);
            if (file.Length > 0)
                message.Headers.Range = new RangeHeaderValue(file.Length, null);
            return message;
        })
        {
            RequestTimeout = patience,
            IgnoreNotFounds = true,
        };
        return await http.ProcessResponseAsync(
                request,
                async response =>
                {
                    switch (response.StatusCode)
                    {
                        case HttpStatusCode.NotFound or HttpStatusCode.NoContent:
                            return false;
                        case HttpStatusCode.RequestedRangeNotSatisfiable:
                            // All of it is there already, or it is another file; the check that follows tells.
                            return true;
                        case HttpStatusCode.PartialContent
                            when response.Content.Headers.ContentRange?.From == file.Length:
                            break;
                        default:
                            response.EnsureSuccessStatusCode();
                            file.SetLength(0);
                            break;
                    }
                    file.Seek(0, SeekOrigin.End);
                    var total = response.Content.Headers.ContentLength + file.Length;
                    await CopyAsync(response, file, received => progress(received, total), cancellation)
                        .ConfigureAwait(false);
                    return true;
                },
                context,
                NullLogger.Instance,
                cancellation
            )
            .ConfigureAwait(false);
    }

    private async Task CopyAsync(
        HttpResponseMessage response,
        FileStream file,
        Action<long> progress,
        CancellationToken cancellation
    )
    {
        var buffer = new byte[128 * 1024];
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            while (true)
            {
                stalled.CancelAfter(patience);
                int read;
                try
                {
                    read = await body.ReadAsync(buffer, stalled.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    throw new HttpRequestException($"no data arrived for {patience.TotalSeconds:0} s");
                }
                catch (IOException e)
                {
                    // The connection's fault, which is not to be taken for the disk's.
                    throw new HttpRequestException(e.Message, e);
                }
                if (read == 0)
                    return;
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                if (file.Length > mostBytes)
                {
                    file.SetLength(0);
                    throw new HttpRequestException(
                        $"it sent more than {mostBytes / 1e6:0} MB, which is more than the package's size"
                    );
                }
                progress(file.Length);
            }
        }
    }
}
