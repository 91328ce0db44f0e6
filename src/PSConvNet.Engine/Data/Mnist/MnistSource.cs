namespace PSConvNet.Data;

/// <summary>
/// Finds, fetches and reads one published set. Say what you need in this order: <see cref="Find"/>; where that gives nothing,
/// <see cref="DownloadAsync"/>; then <see cref="Read"/>.
/// </summary>
public sealed class MnistSource
{
    private readonly MnistEntry _entry;
    private readonly MnistLocations _locations;
    private readonly Action<string> _verbose;
    private readonly DownloadOptions _patience;
    private readonly List<string> _tried = [];

    /// <summary>Prepares for a set; touches nothing yet.</summary>
    /// <param name="name">One of the published sets.</param>
    /// <param name="locations">Where to look.</param>
    /// <param name="verbose">Is told what is looked at, found and fetched; during a download on its threads.</param>
    /// <exception cref="ConvNetException"><c>DatasetUnknown</c>: <see cref="MnistName.Synthetic"/> has no files.</exception>
    public MnistSource(MnistName name, MnistLocations locations, Action<string>? verbose = null)
        : this(MnistCatalog.Get(name), locations, verbose, DownloadOptions.Default) { }

    internal MnistSource(MnistEntry entry, MnistLocations locations, Action<string>? verbose, DownloadOptions patience)
    {
        _entry = entry;
        _locations = locations;
        _verbose = verbose ?? (_ => { });
        _patience = patience;
    }

    /// <summary>Where a download of this set is kept.</summary>
    public string CacheFolder => Path.Combine(_locations.CacheFolder, _entry.Folder);

    /// <summary>Where it would be downloaded from, in the order they are tried.</summary>
    public IReadOnlyList<Uri> Mirrors =>
        _locations.Mirror is { } mirror ? [new Uri(mirror, _entry.Folder + "/")] : _entry.Mirrors;

    /// <summary>
    /// Looks on this machine: in <c>PSCONVNET_DATA</c> (the folder itself, then the set's folder below it), the cache, and where
    /// the system's packages put it. Null when it is in none of them.
    /// </summary>
    public MnistFolder? Find()
    {
        IEnumerable<string> data = _locations.DataFolder is { } root ? [root, Path.Combine(root, _entry.Folder)] : [];
        IEnumerable<string> system = _locations.SearchSystem ? _entry.SystemFolders : [];
        return Look([.. data, CacheFolder, .. system]);
    }

    /// <summary>Looks in one folder and the set's folder below it.</summary>
    /// <exception cref="ConvNetException"><c>DatasetNotFound</c>: the four files are in neither.</exception>
    public MnistFolder FindIn(string folder) =>
        Look([folder, Path.Combine(folder, _entry.Folder)])
        ?? throw new ConvNetException(
            ErrorIds.DatasetNotFound,
            ErrorKind.NotFound,
            $"{folder} doesn't contain {_entry.Name}: {string.Join("; ", _tried)}. It needs {_entry.Files.Select(file => file.Name)}, each plain or with .gz.",
            folder
        );

    /// <summary>Downloads what the cache lacks, verifies it, and puts it there.</summary>
    /// <param name="force">Download all four files, whatever the cache holds.</param>
    /// <param name="progress">Is told how far it is, often; on threads of its own.</param>
    /// <param name="cancellation">Ends it within moments; the cache keeps whole files only.</param>
    /// <exception cref="ConvNetException">
    /// <c>DatasetNotFound</c>: no mirror had a file, with all that was tried. <c>CacheNotWritable</c>.
    /// </exception>
    public async Task<MnistFolder> DownloadAsync(
        bool force = false,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using var downloader = new FileDownloader(_patience, _locations.Login);
        var files = _entry.Files;
        for (var i = 0; i < files.Count; i++)
        {
            var file = files[i];
            var destination = Path.Combine(CacheFolder, file.Name + ".gz");
            if (!force && File.Exists(destination))
                continue;
            var index = i;
            var done = await downloader
                .DownloadAsync(
                    [.. Mirrors.Select(mirror => new Uri(mirror, file.Name + ".gz"))],
                    destination,
                    path => Examine(path, file, cancellation),
                    (source, reason) =>
                    {
                        _verbose($"{source}: {reason}.");
                        _tried.Add($"{source} ({reason})");
                    },
                    (source, received, total) =>
                        progress?.Report(
                            new DownloadProgress(file.Name + ".gz", source, received, total, index, files.Count)
                        ),
                    cancellation
                )
                .ConfigureAwait(false);
            if (!done)
                throw NotFound();
            // Another form of the same file would be found before the new one.
            foreach (var name in file.Names.Where(name => name != file.Name + ".gz"))
            {
                var old = Path.Combine(CacheFolder, name);
                FileDownloader.Local(old, () => File.Delete(old));
            }
            _verbose($"Downloaded {destination}.");
        }
        return MnistFolder.Find(CacheFolder, _entry, out _) ?? throw NotFound();
    }

    /// <summary>Reads and checks the four files, both parts at once.</summary>
    /// <param name="folder">What was found or downloaded.</param>
    /// <param name="first">Keep only so many images of each part, or null for all.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="ConvNetException">
    /// <c>IdxFileInvalid</c>, <c>DatasetHashMismatch</c> or <c>DataFileUnreadable</c>, naming the file.
    /// </exception>
    public Dataset Read(MnistFolder folder, int? first = null, CancellationToken cancellation = default)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        // Most of the time goes into inflating the training images; the test images fit into their shadow.
        var parts = Task.WhenAll(
                Task.Run(() => ReadPart("Train", folder, _entry.TrainImages, _entry.TrainLabels, cancellation)),
                Task.Run(() => ReadPart("Test", folder, _entry.TestImages, _entry.TestLabels, cancellation))
            )
            .GetAwaiter()
            .GetResult();
        var data = new Dataset(_entry.Name.ToString(), parts[0], parts[1], _entry.ClassNames, folder.Path);
        _verbose(
            _entry.Files.All(file => file.Sha256 is not null)
                ? $"Read {folder.Path} and checked its SHA-256 in {watch.ElapsedMilliseconds} ms."
                : $"Read {folder.Path} in {watch.ElapsedMilliseconds} ms; {_entry.Name} has no published SHA-256, so only its sizes were checked."
        );
        return first is { } count ? data.Take(count) : data;
    }

    /// <summary>The error for a set that could not be had, with all that was tried and the ways out.</summary>
    public ConvNetException NotFound() =>
        new(
            ErrorIds.DatasetNotFound,
            ErrorKind.NotFound,
            $"{_entry.Name} was not found. Tried: {string.Join("; ", _tried)}. Either put {string.Join(", ", _entry.Files.Select(file => file.Name + ".gz"))} into a folder and give it as MnistLocations.DataFolder or in the environment variable PSCONVNET_DATA; connect to the internet and try again; or use SyntheticDigits.Generate, which needs no files.",
            _entry.Name
        );

    private ImageSet ReadPart(
        string name,
        MnistFolder folder,
        MnistFile imageFile,
        MnistFile labelFile,
        CancellationToken cancellation
    )
    {
        var images = IdxFile.ReadImages(folder[imageFile], cancellation);
        var labels = IdxFile.ReadLabels(folder[labelFile], _entry.ClassNames.Count, cancellation);
        if (images.Count != labels.Values.Length)
            throw IdxInput.Invalid(
                folder[labelFile],
                $"{images.Count} labels, one for each image of {Path.GetFileName(folder[imageFile])}",
                $"{labels.Values.Length}"
            );
        RequirePublished(folder[imageFile], imageFile, images);
        RequirePublished(folder[labelFile], labelFile, labels);
        return new ImageSet(name, images.Pixels, labels.Values, new Shape(images.Height, images.Width));
    }

    /// <summary>Says what is wrong with a downloaded file, or null.</summary>
    private string? Examine(string path, MnistFile file, CancellationToken cancellation)
    {
        try
        {
            if (file == _entry.TrainImages || file == _entry.TestImages)
                RequirePublished(path, file, IdxFile.ReadImages(path, cancellation));
            else
                RequirePublished(path, file, IdxFile.ReadLabels(path, _entry.ClassNames.Count, cancellation));
            return null;
        }
        catch (ConvNetException e)
        {
            return e
                .Message.Replace(path, "the file", StringComparison.Ordinal)
                .Replace(IdxInput.Remedy, "", StringComparison.Ordinal)
                .TrimEnd(' ', '.');
        }
    }

    private void RequirePublished(string path, MnistFile file, IdxImages images)
    {
        const int side = MnistCatalog.Side;
        if (file.Sha256 is null && (images.Count, images.Height, images.Width) != (file.Count, side, side))
            throw IdxInput.Invalid(
                path,
                $"{file.Count} images of {side} x {side}",
                $"{images.Count} of {images.Height} x {images.Width}"
            );
        RequireHash(path, file, images.Sha256);
    }

    private void RequirePublished(string path, MnistFile file, IdxLabels labels)
    {
        if (file.Sha256 is null && labels.Values.Length != file.Count)
            throw IdxInput.Invalid(path, $"{file.Count} labels", $"{labels.Values.Length}");
        RequireHash(path, file, labels.Sha256);
    }

    private void RequireHash(string path, MnistFile file, string sha256)
    {
        if (file.Sha256 is not null && file.Sha256 != sha256)
            throw new ConvNetException(
                ErrorIds.DatasetHashMismatch,
                ErrorKind.InvalidData,
                $"{path} is not the published {file.Name} of {_entry.Name}: expected SHA-256 {file.Sha256} of its decompressed bytes, found {sha256}. {IdxInput.Remedy:text}",
                path
            );
    }

    private MnistFolder? Look(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            var found = MnistFolder.Find(folder, _entry, out var finding);
            _verbose($"{folder}: {finding}.");
            if (found is not null)
                return found;
            _tried.Add($"{folder} ({finding})");
        }
        return null;
    }
}
