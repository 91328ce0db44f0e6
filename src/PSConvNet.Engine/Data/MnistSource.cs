namespace PSConvNet;

/// <summary>
/// Finds, fetches and reads one published set. Say what you need in this order: <see cref="Find"/>; where that gives nothing,
/// <c>DownloadAsync</c>; then <see cref="Read"/>.
/// </summary>
public sealed class MnistSource
{
    private readonly MnistEntry _entry;
    private readonly MnistLocations _locations;
    private readonly Action<string> _verbose;
    private readonly List<string> _tried = [];

    /// <summary>Prepares for a set; touches nothing yet.</summary>
    /// <param name="name">One of the published sets.</param>
    /// <param name="locations">Where to look.</param>
    /// <param name="verbose">Is told what is looked at and found; called on the thread of the call in progress.</param>
    /// <exception cref="ConvNetException"><c>DatasetUnknown</c>: <see cref="MnistName.Synthetic"/> has no files.</exception>
    public MnistSource(MnistName name, MnistLocations locations, Action<string>? verbose = null)
    {
        _entry = MnistCatalog.Get(name);
        _locations = locations;
        _verbose = verbose ?? (_ => { });
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
            "DatasetNotFound",
            ErrorKind.NotFound,
            $"{folder} does not hold {_entry.Name}: {string.Join("; ", _tried)}. It needs {string.Join(", ", _entry.Files.Select(file => file.Name))}, each plain or with .gz.",
            folder
        );

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
    public ConvNetException NotFound(Exception? cause = null) =>
        new(
            "DatasetNotFound",
            ErrorKind.NotFound,
            $"{_entry.Name} was not found. Tried: {string.Join("; ", _tried)}. Three ways out: put {string.Join(", ", _entry.Files.Select(file => file.Name + ".gz"))} into a folder and name it with -Path or the environment variable PSCONVNET_DATA; connect to the internet and run the command again; or use -Name Synthetic, which needs no files.",
            _entry.Name,
            cause
        );

    private static ImageSet Assemble(
        string name,
        string imagePath,
        IdxImages images,
        string labelPath,
        IdxLabels labels
    )
    {
        if (images.Count != labels.Values.Length)
            throw IdxInput.Invalid(
                labelPath,
                $"{images.Count} labels, one for each image of {Path.GetFileName(imagePath)}",
                $"{labels.Values.Length}"
            );
        return new ImageSet(name, images.Pixels, labels.Values, new Shape(images.Height, images.Width));
    }

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
        var part = Assemble(name, folder[imageFile], images, folder[labelFile], labels);
        RequireGenuine(folder[imageFile], imageFile, images);
        RequireGenuine(folder[labelFile], labelFile, labels.Sha256);
        return part;
    }

    private void RequireGenuine(string path, MnistFile file, IdxImages images)
    {
        if (
            file.Sha256 is null
            && (images.Count, images.Height, images.Width) != (file.Count, MnistCatalog.Side, MnistCatalog.Side)
        )
            throw IdxInput.Invalid(
                path,
                $"{file.Count} images of {MnistCatalog.Side} x {MnistCatalog.Side}",
                $"{images.Count} of {images.Height} x {images.Width}"
            );
        RequireGenuine(path, file, images.Sha256);
    }

    private void RequireGenuine(string path, MnistFile file, string sha256)
    {
        if (file.Sha256 is not null && file.Sha256 != sha256)
            throw new ConvNetException(
                "DatasetHashMismatch",
                ErrorKind.InvalidData,
                $"{path} is not the published {file.Name} of {_entry.Name}: expected SHA-256 {file.Sha256} of its decompressed bytes, found {sha256}. Replace it with an intact copy (Import-Mnist {_entry.Name} -Force downloads one).",
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
