using System.Diagnostics;

namespace PSConvNet.Data;

/// <summary>Makes a data set of a folder of pictures: in it a folder for each class, in those the class's pictures.</summary>
public static class ImageFolder
{
    /// <summary>
    /// Reads the pictures (PNG, JPEG, BMP, GIF, WebP) on all cores. Classes are the folders' names in ordinal order; pictures may lie
    /// in folders below a class folder. Hidden files and files with other endings are passed over; the observer is warned of those that
    /// look like pictures.
    /// </summary>
    /// <remarks>
    /// Each picture is turned upright as the camera noted, laid on white where it is transparent, and stretched to the size, or prepared as the options say. Images
    /// come class after class, in the ordinal order of their paths, whatever the system and the number of cores.
    /// </remarks>
    /// <param name="folder">The folder that holds the class folders.</param>
    /// <param name="options">Size, colour, and where the test part comes from.</param>
    /// <param name="observer">Is told how it goes; without one the first unreadable picture ends the reading.</param>
    /// <param name="cancellation">Ends it as soon as the pictures under way are done.</param>
    /// <returns>Images of height x width x 1, or x 3 in colour, and the classes' names.</returns>
    /// <exception cref="ConvNetException">
    /// <c>FolderNotFound</c>, <c>FolderUnreadable</c>; <c>ClassFoldersMissing</c>, <c>FolderLayoutUnsupported</c>: the folders are
    /// not those of classes; <c>ClassEmpty</c>: a class has no picture to learn from; <c>ClassUnknown</c>: the test folder has a
    /// class more; <c>FoldersOverlap</c>: one of the two folders holds the other; <c>DatasetTooSmall</c>, <c>DatasetTooLarge</c>;
    /// those of <see cref="ImageFolderOptions.Validate"/>; <c>NativeLibraryMissing</c>.
    /// </exception>
    public static Dataset Read(
        string folder,
        ImageFolderOptions? options = null,
        IImageFolderObserver? observer = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new ImageFolderOptions();
        options.Validate();
        var watch = Stopwatch.StartNew();
        var listing = List(folder, observer, cancellation);
        var classes = listing.ClassNames;
        RequireEveryClass(
            listing.Files,
            classes,
            label =>
                $"{listing.ClassFolders[label]} contains no pictures that can be read ({ImageEndings.Read}): add some, or remove the folder."
        );

        var (train, test, source) = options.TestFolder is { } testFolder
            ? WithTestFolder(listing, List(testFolder, observer, cancellation))
            : HoldOut(listing, options);
        var shape = options.Shape;
        ImageFolderPart[] parts =
        [
            new("Train", First(train, classes.Count, options.First), shape),
            new("Test", First(test, classes.Count, options.First), shape),
        ];
        ImageFolderReader.Read(parts, options, observer, cancellation);

        RequireEveryClass(
            parts[0].Kept(),
            classes,
            label =>
                $"No picture of {classes[label]} is left to learn from in {listing.Folder}: add pictures, hold out fewer, or leave ImageFolderOptions.First out."
        );
        var data = new Dataset(
            Name(listing.Folder),
            parts[0].ToImageSet(options.Prepared),
            parts[1].ToImageSet(options.Prepared),
            classes,
            source
        );
        observer?.OnMessage(
            FormattableString.Invariant(
                $"Read {data.Train.Count} training and {data.Test.Count} test images of {shape} in {watch.ElapsedMilliseconds} ms; left out {parts.Sum(p => p.Count) - data.Train.Count - data.Test.Count} that can't be read."
            )
        );
        Warn(data, options, observer);
        return data;
    }

    private static ImageFolderListing List(
        string folder,
        IImageFolderObserver? observer,
        CancellationToken cancellation
    )
    {
        var listing = new ImageFolderListing(folder, cancellation);
        observer?.OnMessage(listing.ToString());
        foreach (var warning in listing.Warnings)
            observer?.OnWarning(warning);
        return listing;
    }

    private static (LabelledFile[] Train, LabelledFile[] Test, string Source) HoldOut(
        ImageFolderListing listing,
        ImageFolderOptions options
    )
    {
        if (options.TestSplit == 0)
            return (listing.Files, [], listing.Folder);
        var files = listing.Files;
        // Divided before anything is read, so that a damaged file moves no other one to the other part.
        var division = StratifiedSplit.Divide(
            [.. files.Select(file => file.Label)],
            listing.ClassNames.Count,
            options.TestSplit,
            options.Seed
        );
        var (kept, picked) = (division.Kept, division.Picked);
        if (kept.Length == 0 || picked.Length == 0)
            throw new ConvNetException(
                ErrorIds.DatasetTooSmall,
                ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"Holding out {options.TestSplit} of {Counted.Of(files.Length, "picture"):text} would leave {kept.Length} to learn from and {picked.Length} to test on; both need at least one, and a class keeps its only picture. Add pictures, or name a folder of test pictures."
                ),
                listing.Folder
            );
        return (
            [.. kept.Select(i => files[i])],
            [.. picked.Select(i => files[i])],
            FormattableString.Invariant($"{listing.Folder}, {picked.Length} held out with seed {options.Seed}")
        );
    }

    private static (LabelledFile[] Train, LabelledFile[] Test, string Source) WithTestFolder(
        ImageFolderListing train,
        ImageFolderListing test
    )
    {
        if (
            ImageFolderLinks.Contains(train.RealPath, test.RealPath)
            || ImageFolderLinks.Contains(test.RealPath, train.RealPath)
        )
            throw new ConvNetException(
                ErrorIds.FoldersOverlap,
                ErrorKind.InvalidArgument,
                $"The test pictures must not be among the training pictures, but one of {train.Folder} and {test.Folder} contains the other: name two separate folders, or leave out the test folder to have some pictures held out.",
                test.Folder
            );
        var labels = train.ClassNames.Select((name, label) => (name, label)).ToDictionary(StringComparer.Ordinal);
        int[] unknown =
        [
            .. Enumerable.Range(0, test.ClassNames.Count).Where(label => !labels.ContainsKey(test.ClassNames[label])),
        ];
        if (unknown.Length > 0)
            throw new ConvNetException(
                ErrorIds.ClassUnknown,
                ErrorKind.InvalidData,
                $"{test.ClassFolders[unknown[0]]} isn't a class of {train.Folder}, which has {ClassName.Quote(train.ClassNames):text}; the classes of {test.Folder} are {ClassName.Quote(test.ClassNames):text}: rename the folder, or remove it.",
                test.ClassFolders[unknown[0]]
            );
        LabelledFile[] files =
        [
            .. test.Files.Select(file => file with { Label = labels[test.ClassNames[file.Label]] }),
        ];
        return (train.Files, files, $"{train.Folder}, tested on {test.Folder}");
    }

    /// <summary>So many files, taken from the classes in turn: the first of each, then the second of each.</summary>
    private static LabelledFile[] First(LabelledFile[] files, int classes, int? count)
    {
        if (count is not { } wanted || wanted >= files.Length)
            return files;
        var seen = new int[classes];
        var turn = files.Select(file => seen[file.Label]++).ToArray();
        var chosen = Enumerable.Range(0, files.Length).OrderBy(i => turn[i]).Take(wanted).Order();
        return [.. chosen.Select(i => files[i])];
    }

    private static void RequireEveryClass(LabelledFile[] files, IReadOnlyList<string> classes, Func<int, string> say)
    {
        var label = Array.IndexOf(ImageFolderListing.Count(files, classes.Count), 0);
        if (label >= 0)
            throw new ConvNetException(ErrorIds.ClassEmpty, ErrorKind.InvalidData, say(label), classes[label]);
    }

    private static void Warn(Dataset data, ImageFolderOptions options, IImageFolderObserver? observer)
    {
        var isHeldOut = options.TestFolder is null && options.TestSplit > 0;
        if (data.ClassNames.Count == 1)
            observer?.OnWarning(
                MessageText.Of(
                    $"{data.Name} has only one class, {data.ClassNames[0]}, and a network needs at least two. Add a folder for another class."
                )
            );
        var tested = data.Test.Labels.ToArray().ToHashSet();
        string[] untested = [.. data.ClassNames.Where((_, label) => !tested.Contains(label))];
        if ((isHeldOut || options.TestFolder is not null) && untested.Length > 0)
            observer?.OnWarning(
                MessageText.Of(
                    $"{data.Name} has no test pictures of {ClassName.Quote(untested):text}: the accuracy says nothing about {(untested.Length == 1 ? "this class" : "these classes")}.{(isHeldOut ? " A class of one picture keeps it to learn from, and the share of a class of few may be less than one." : "")}"
                )
            );
    }

    private static string Name(string folder) => Path.GetFileName(folder) is { Length: > 0 } name ? name : "images";
}
