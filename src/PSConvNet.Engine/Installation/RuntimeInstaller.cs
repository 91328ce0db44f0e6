using System.Text.Json;
using NuGet.Versioning;
using PSConvNet.Files;
using PSConvNet.Runtime;

namespace PSConvNet.Installation;

/// <summary>
/// Installs libtorch for this user, from NuGet's sources or a folder of packages. The package is downloaded, checked and unpacked into a new
/// folder, which gets its final name once it is complete. An interrupted download is resumed.
/// </summary>
/// <param name="release">What to install.</param>
/// <param name="workingFolder">The folder whose nuget.config files count, with those above it.</param>
/// <param name="verbose">Is told what is tried; on any thread.</param>
public sealed class RuntimeInstaller(LibTorchRelease release, string? workingFolder, Action<string> verbose)
{
    // What a source may send, in sizes of the package: one that sends without end would fill the disk.
    private const int MostTimes = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly NuGetVersion _version = NuGetVersion.Parse(release.Version);

    /// <summary>How long a source may send nothing.</summary>
    internal TimeSpan Patience { get; init; } = s_patience;

    private string Download =>
        Path.Combine(LibTorchRelease.Root, $"{release.PackageId}.{_version}.nupkg{WholeFile.Unfinished}");

    /// <summary>The installation that is there, whole; null where there is none.</summary>
    public InstalledRuntime? Find() => release.Installed() is { } found ? Describe(found) : null;

    /// <summary>Installs it, whatever is there.</summary>
    /// <param name="packages">A folder of packages to install from; null for the sources of the user's NuGet.</param>
    /// <param name="progress">Is told how far it is, often; on any thread.</param>
    /// <param name="cancellation">Ends it; what was fetched stays for the next time.</param>
    /// <exception cref="ConvNetException">
    /// <c>PackageSourcesInvalid</c>; <c>RuntimePackageNotFound</c>: no source had it, with what each said; <c>RuntimePackageInvalid</c>: it is not
    /// what it should be; <c>RuntimeBusy</c>: another process installs it, or uses the one that is to be replaced; <c>CacheNotWritable</c>.
    /// </exception>
    public async Task<InstalledRuntime> InstallAsync(
        string? packages,
        IProgress<InstallProgress> progress,
        CancellationToken cancellation
    )
    {
        try
        {
            Directory.CreateDirectory(LibTorchRelease.Root);
            var download = Hold();
            await using (download.ConfigureAwait(false))
            {
                var sources = packages is null
                    ? PackageSources.OfUser(workingFolder, release.PackageId)
                    : PackageSources.OfFolder(packages);
                RemoveAbandoned();
                var (package, source) = await FetchAsync(sources, download, progress, cancellation)
                    .ConfigureAwait(false);
                await using (package.ConfigureAwait(false))
                {
                    var installed = await StageAsync(package, source, progress, cancellation).ConfigureAwait(false);
                    if (package == download)
                        download.SetLength(0);
                    return installed;
                }
            }
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw new ConvNetException(
                "CacheNotWritable",
                ErrorKind.Unavailable,
                $"libtorch could not be installed into {LibTorchRelease.Root}: {e.Message:text} It needs {release.Size / 1e6:0} MB there; XDG_CACHE_HOME names another place on Linux and macOS.",
                LibTorchRelease.Root,
                e
            );
        }
        finally
        {
            // Nothing was begun, or all is done.
            FileFault.Ignore(() =>
            {
                if (new FileInfo(Download) is { Exists: true, Length: 0 } empty)
                    empty.Delete();
            });
        }
    }

    /// <summary>The file that is downloaded to, with the beginning that an earlier attempt left, held against other processes.</summary>
    private FileStream Hold()
    {
        try
        {
            return new FileStream(
                Download,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                1 << 16,
                FileOptions.Asynchronous
            );
        }
        catch (IOException e) when (File.Exists(Download))
        {
            throw new ConvNetException(
                "RuntimeBusy",
                ErrorKind.Busy,
                "Another process is installing libtorch; wait for it, or end it and try again.",
                Download,
                e
            );
        }
    }

    private async Task<(FileStream Package, string Source)> FetchAsync(
        PackageSources sources,
        FileStream download,
        IProgress<InstallProgress> progress,
        CancellationToken cancellation
    )
    {
        if (sources.Kept(release.PackageId, _version) is { } kept)
        {
            var package = File.OpenRead(kept);
            if (await NativePackage.FaultAsync(package, release, _version, cancellation).ConfigureAwait(false) is null)
            {
                verbose($"NuGet's cache already has the package: {kept}.");
                return (package, Path.GetDirectoryName(kept)!);
            }
            await package.DisposeAsync().ConfigureAwait(false);
        }
        var tried = new List<string>();
        foreach (var source in sources.Sources)
        {
            var feed = new PackageFeed(source, Patience, MostTimes * release.DownloadSize);
            verbose($"{feed.Name}: asking for {release.PackageId} {_version}.");
            // A beginning that an earlier attempt left may be of another file: then all of it is fetched once more.
            for (var resumed = download.Length > 0; ; resumed = false)
            {
                var fault = await TryAsync(feed, download, progress, cancellation).ConfigureAwait(false);
                if (fault is null)
                    return (download, feed.Name);
                verbose($"{feed.Name}: {fault.Value.Reason}.");
                if (fault.Value.IsOfFile)
                    download.SetLength(0);
                if (resumed && fault.Value.IsOfFile)
                    continue;
                tried.Add($"{feed.Name} ({fault.Value.Reason})");
                break;
            }
        }
        throw new ConvNetException(
            "RuntimePackageNotFound",
            ErrorKind.Unavailable,
            $"No source had a usable {release.PackageId} {_version}: {string.Join("; ", tried)}. "
                + "'dotnet nuget list source' shows the sources; run the command again to continue the download, or give -Path a folder that holds the package.",
            release.PackageId
        );
    }

    private async Task<(string Reason, bool IsOfFile)?> TryAsync(
        PackageFeed feed,
        FileStream download,
        IProgress<InstallProgress> progress,
        CancellationToken cancellation
    )
    {
        try
        {
            var step = $"Downloading {release.PackageId} {_version} from {feed.Name}";
            var found = await feed.FetchAsync(
                    release.PackageId,
                    _version,
                    download,
                    (done, total) => progress.Report(new(step, done, total ?? release.DownloadSize)),
                    cancellation
                )
                .ConfigureAwait(false);
            if (!found)
                return ("it doesn't have the package", false);
            await download.FlushAsync(cancellation).ConfigureAwait(false);
            progress.Report(new("Checking the package", download.Length, download.Length));
            return
                await NativePackage.FaultAsync(download, release, _version, cancellation).ConfigureAwait(false)
                    is { } fault
                ? (fault, true)
                : null;
        }
        // Of whatever type NuGet's client and a source's answers make it: another source may do better.
        catch (Exception e)
            when (!cancellation.IsCancellationRequested
                && e is not (UnauthorizedAccessException or OutOfMemoryException)
                && (e is not IOException || e is EndOfStreamException)
            )
        {
            return (PackageFeed.WithoutLogin(e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.')), false);
        }
    }

    private async Task<InstalledRuntime> StageAsync(
        Stream package,
        string source,
        IProgress<InstallProgress> progress,
        CancellationToken cancellation
    )
    {
        var staged = WholeFile.NewPart(release.Folder);
        try
        {
            Directory.CreateDirectory(staged);
            IReadOnlyDictionary<string, long> files;
            try
            {
                files = await NativePackage
                    .ExtractAsync(
                        package,
                        release,
                        staged,
                        done => progress.Report(new("Unpacking libtorch", done, release.Size)),
                        cancellation
                    )
                    .ConfigureAwait(false);
            }
            catch (InvalidDataException e)
            {
                throw new ConvNetException(
                    "RuntimePackageInvalid",
                    ErrorKind.InvalidData,
                    $"The package {release.PackageId} {_version} from {source} can't be installed: {e.Message.TrimEnd('.'):text}. Use another source.",
                    source,
                    e
                );
            }
            var record = new LibTorchInstallation($"{release.PackageId} {_version}", source, files);
            WholeFile.Write(
                Path.Combine(staged, LibTorchRelease.RecordName),
                stream => JsonSerializer.Serialize(stream, record, s_indented)
            );
            Replace(staged);
            return Describe(record);
        }
        finally
        {
            FileFault.Ignore(() => Remove(staged));
        }
    }

    /// <summary>Gives the folder its name. One of that name goes first, unless a process computes with it.</summary>
    private void Replace(string staged)
    {
        var old = WholeFile.NewPart(release.Folder);
        if (Directory.Exists(release.Folder))
        {
            try
            {
                OpenElsewhere.Await(() => Directory.Move(release.Folder, old));
            }
            catch (Exception e) when (FileFault.IsOfDisk(e))
            {
                throw new ConvNetException(
                    "RuntimeBusy",
                    ErrorKind.Busy,
                    $"The libtorch in {release.Folder} can't be replaced: {e.Message:text} Close every PowerShell session that has trained a model, and try again in a new one.",
                    release.Folder,
                    e
                );
            }
        }
        OpenElsewhere.Await(() => Directory.Move(staged, release.Folder));
        FileFault.Ignore(() => Remove(old));
    }

    /// <summary>Deletes what an installation that was killed has left; only this process installs now.</summary>
    private void RemoveAbandoned()
    {
        var name = Path.GetFileName(release.Folder);
        foreach (var folder in Directory.GetDirectories(LibTorchRelease.Root, $"{name}.*{WholeFile.Unfinished}"))
            FileFault.Ignore(() => Remove(folder));
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private InstalledRuntime Describe(LibTorchInstallation record) =>
        new()
        {
            Version = release.Version,
            RuntimeIdentifier = release.RuntimeIdentifier,
            Package = record.Package,
            Source = record.Source,
            Size = record.Files.Values.Sum(),
            Folder = release.Folder,
        };
}
