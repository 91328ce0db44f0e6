namespace PSConvNet.Data;

/// <summary>One of the four files of a set.</summary>
/// <param name="Name">Its name without <c>.gz</c>.</param>
/// <param name="Count">How many images or labels it holds.</param>
/// <param name="Sha256">The hash of its decompressed bytes, or null where none is known.</param>
internal sealed record MnistFile(string Name, int Count, string? Sha256)
{
    /// <summary>The names it goes by: with a hyphen as published, with a dot as some unpackers write it; plain and gzip.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            var dotted = Name.Replace("-idx", ".idx", StringComparison.Ordinal);
            return [Name, Name + ".gz", dotted, dotted + ".gz"];
        }
    }
}

/// <summary>What is known about one published set.</summary>
internal sealed record MnistEntry(
    MnistName Name,
    string Folder,
    IReadOnlyList<string> ClassNames,
    IReadOnlyList<string> SystemFolders,
    IReadOnlyList<Uri> Mirrors,
    MnistFile TrainImages,
    MnistFile TrainLabels,
    MnistFile TestImages,
    MnistFile TestLabels
)
{
    /// <summary>All four, the largest first.</summary>
    public IReadOnlyList<MnistFile> Files => [TrainImages, TestImages, TrainLabels, TestLabels];
}

/// <summary>The published sets: their files, hashes, classes and mirrors.</summary>
internal static class MnistCatalog
{
    public const int TrainCount = 60_000;
    public const int TestCount = 10_000;
    public const int Side = 28;

    public static IReadOnlyList<string> DigitNames { get; } = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    private static readonly MnistEntry s_digits = Entry(
        MnistName.Digits,
        "mnist",
        DigitNames,
        [],
        [
            new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        ],
        // Of the original files; every mirror's gzip wrapper differs, so the content is what is hashed.
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    );

    private static readonly MnistEntry s_fashion = Entry(
        MnistName.Fashion,
        "fashion-mnist",
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        OperatingSystem.IsLinux() ? ["/usr/share/datasets/fashion-mnist"] : [],
        [new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")],
        // Of Debian's package dataset-fashion-mnist 0.0~git20200523.55506a9-1.
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
    );

    private static readonly MnistEntry s_kuzushiji = Entry(
        MnistName.Kuzushiji,
        "kmnist",
        ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
        [],
        [new("http://codh.rois.ac.jp/kmnist/dataset/kmnist/")],
        null,
        null,
        null,
        null
    );

    /// <summary>All published sets.</summary>
    public static IReadOnlyList<MnistEntry> Entries { get; } = [s_digits, s_fashion, s_kuzushiji];

    /// <summary>The entry of a published set.</summary>
    public static MnistEntry Get(MnistName name) =>
        Entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ConvNetException(
            ErrorIds.DatasetUnknown,
            ErrorKind.InvalidArgument,
            $"{name} is not read from files; SyntheticDigits draws it.",
            name
        );

    private static MnistEntry Entry(
        MnistName name,
        string folder,
        IReadOnlyList<string> classNames,
        IReadOnlyList<string> systemFolders,
        IReadOnlyList<Uri> mirrors,
        string? trainImages,
        string? trainLabels,
        string? testImages,
        string? testLabels
    ) =>
        new(
            name,
            folder,
            classNames,
            systemFolders,
            mirrors,
            new("train-images-idx3-ubyte", TrainCount, trainImages),
            new("train-labels-idx1-ubyte", TrainCount, trainLabels),
            new("t10k-images-idx3-ubyte", TestCount, testImages),
            new("t10k-labels-idx1-ubyte", TestCount, testLabels)
        );
}
