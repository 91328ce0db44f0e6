using System.Text.Json;
using NuGet.Versioning;

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

    /// <summary>How many bytes a folder's disk has free; null where that isn't known.</summary>
    internal Func<string, long?> FreeSpace { get; init; } = Free;

    private string Download =>
        Path.Combine(LibTorchRelease.Root, $"{release.PackageId}.{_version}.nupkg{WholeFile.Unfinished}");

    /// <summary>The installation that is there, whole; null where there is none.</summary>
    public InstalledRuntime? Find() => release.Installed() is { } found ? Describe(found) : null;

    /// <summary>Where the package would come from, for a person: a part of a sentence.</summary>
    /// <param name="packages">As in <see cref="InstallAsync"/>.</param>
    /// <exception cref="ConvNetException"><c>PackageSourcesInvalid</c>.</exception>
    public string Origin(string? packages)
    {
        if (packages is not null)
        {
            return PackageFolder.Find(packages, release.PackageId, _version) is { } file
                ? $"from {file}"
                : $"from {packages}, which doesn't have {PackageFolder.NameOf(release.PackageId, _version)}";
        }
        var sources = PackageSources.OfUser(workingFolder, release.PackageId);
        if (sources.Kept(release.PackageId, _version) is { } kept)
            return $"from {kept}, where NuGet keeps it";
        var names = sources.Sources.Select(source => new PackageFeed(source, Patience, 0).Name);
        return FormattableString.Invariant(
            $"{release.DownloadSize / 1e6:0} MB to download from {string.Join(" or ", names)}"
        );
    }

    /// <summary>Installs it, whatever is there.</summary>
    /// <param name="packages">A folder of packages to install from, or the package; null for the sources of the user's NuGet.</param>
    /// <param name="progress">Is told how far it is, often; on any thread.</param>
    /// <param name="cancellation">Ends it; what was fetched stays for the next time.</param>
    /// <exception cref="ConvNetException">
    /// <c>PackageSourcesInvalid</c>; <c>RuntimePackageNotFound</c>: no source had it, with what each said; <c>RuntimePackageInvalid</c>: it is not
    /// what it should be; <c>DiskFull</c>: there is too little space, with how much is needed; <c>RuntimeBusy</c>: another process installs it, or uses the one that is to be replaced; <c>CacheNotWritable</c>.
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
                RemoveAbandoned();
                var (package, source) = packages is null
                    ? await FetchAsync(
                            PackageSources.OfUser(workingFolder, release.PackageId),
                            download,
                            progress,
                            cancellation
                        )
                        .ConfigureAwait(false)
                    : await TakeAsync(packages, cancellation).ConfigureAwait(false);
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
                ErrorIds.CacheNotWritable,
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
                ErrorIds.RuntimeBusy,
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
            var (package, _) = await LocalAsync(kept, cancellation).ConfigureAwait(false);
            if (package is not null)
            {
                verbose($"NuGet's cache already has the package: {kept}.");
                return (package, Path.GetDirectoryName(kept)!);
            }
        }
        var tried = new List<string>();
        foreach (var source in sources.Sources)
        {
            if (source is { IsHttp: false, TrySourceAsUri: { IsFile: true } folder })
            {
                var (package, problem) = await LocalAsync(folder.LocalPath, cancellation).ConfigureAwait(false);
                if (package is not null)
                    return (package, source.Source);
                tried.Add(problem);
                continue;
            }
            RequireSpace(release.DownloadSize - download.Length);
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
            ErrorIds.RuntimePackageNotFound,
            ErrorKind.Unavailable,
            $"No source had a usable {release.PackageId} {_version}: {string.Join("; ", tried)}. "
                + "'dotnet nuget list source' shows the sources; run RuntimeInstaller.InstallAsync again to continue the download, or give packages: a folder that has the package.",
            release.PackageId
        );
    }

    /// <summary>The package from a folder, or itself, that the user named.</summary>
    private async Task<(FileStream Package, string Source)> TakeAsync(string place, CancellationToken cancellation)
    {
        var (package, fault) = await LocalAsync(place, cancellation).ConfigureAwait(false);
        return package is not null
            ? (package, place)
            : throw new ConvNetException(
                ErrorIds.RuntimePackageNotFound,
                ErrorKind.NotFound,
                $"There is no usable {release.PackageId} {_version} in {place}: {fault:text}. Give packages: the folder that has the package, or leave it out to download it.",
                place
            );
    }

    /// <summary>The package from a folder, or itself, where it is what it should be; else what is wrong.</summary>
    private async Task<(FileStream? Package, string Fault)> LocalAsync(string place, CancellationToken cancellation)
    {
        if (PackageFolder.Open(place, release.PackageId, _version, out var fault) is not { } package)
            return (null, fault);
        if (
            await NativePackage.FaultAsync(package, release, _version, cancellation).ConfigureAwait(false) is
            { } problem
        )
        {
            await package.DisposeAsync().ConfigureAwait(false);
            return (null, $"{package.Name}: {problem}");
        }
        RequireSpace(toDownload: 0);
        return (package, "");
    }

    /// <summary>Refuses to begin what a disk has no room for: better now than after half of it.</summary>
    private void RequireSpace(long toDownload)
    {
        var needed = release.Size + Math.Max(toDownload, 0);
        if (FreeSpace(LibTorchRelease.Root) is not { } free || free >= needed)
            return;
        throw new ConvNetException(
            ErrorIds.DiskFull,
            ErrorKind.Unavailable,
            FormattableString.Invariant(
                $"libtorch needs {needed / 1e6:0} MB in {LibTorchRelease.Root}, and its disk has {free / 1e6:0} MB free. Free space there; XDG_CACHE_HOME names another place on Linux and macOS."
            ),
            LibTorchRelease.Root
        );
    }

    private static long? Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e) || e is ArgumentException)
        {
            // A share without a letter: it is seen when it is written.
            return null;
        }
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
                    ErrorIds.RuntimePackageInvalid,
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
                    ErrorIds.RuntimeBusy,
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
