namespace PSConvNet.Tests.Data;

/// <summary>A data set of a few images with the files, names and hashes of a published one.</summary>
internal static class SmallSet
{
    public const int TrainCount = 30;
    public const int TestCount = 12;

    /// <summary>The decompressed content of each file by its name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Contents { get; } =
        new Dictionary<string, byte[]>
        {
            ["train-images-idx3-ubyte"] = IdxBytes.Images(TrainCount, seed: 1),
            ["train-labels-idx1-ubyte"] = IdxBytes.Labels(TrainCount),
            ["t10k-images-idx3-ubyte"] = IdxBytes.Images(TestCount, seed: 2),
            ["t10k-labels-idx1-ubyte"] = IdxBytes.Labels(TestCount),
        };

    public static MnistEntry Entry(params IReadOnlyList<Uri> mirrors)
    {
        MnistFile File(string name, int count) => new(name, count, IdxBytes.Sha256(Contents[name]));
        return MnistCatalog.Get(MnistName.Digits) with
        {
            Mirrors = mirrors,
            TrainImages = File("train-images-idx3-ubyte", TrainCount),
            TrainLabels = File("train-labels-idx1-ubyte", TrainCount),
            TestImages = File("t10k-images-idx3-ubyte", TestCount),
            TestLabels = File("t10k-labels-idx1-ubyte", TestCount),
        };
    }

    public static DownloadOptions Patience { get; } =
        new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1), 2, 1 << 20);

    public static MnistSource Source(MnistEntry entry, MnistLocations locations, Action<string>? verbose = null) =>
        new(entry, locations, verbose, Patience);

    /// <summary>Writes the four files into a folder, each changed by <paramref name="change"/>.</summary>
    public static void WriteTo(string folder, Func<string, byte[], byte[]>? change = null, string extension = "")
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Contents)
            File.WriteAllBytes(Path.Combine(folder, name + extension), change?.Invoke(name, content) ?? content);
    }

    /// <summary>What a well-behaved server answers: the files, gzip.</summary>
    public static LoopbackResponse Serve(LoopbackRequest request)
    {
        var name = Path.GetFileNameWithoutExtension(request.Path);
        return Contents.TryGetValue(name, out var content)
            ? new LoopbackResponse(request.RangeStart is null ? 200 : 206, IdxBytes.Gzip(content))
            : LoopbackResponse.NotFound;
    }
}
