namespace PSConvNet.Data;

/// <summary>A picture file and the class of the folder it lies in.</summary>
internal readonly record struct LabelledFile(string Path, int Label);

/// <summary>The class folders of a folder and the picture files in them, none of which is opened.</summary>
internal sealed class ImageFolderListing
{
    private static readonly string[] s_parts = ["train", "training", "test", "testing", "val", "valid", "validation"];

    private static readonly EnumerationOptions s_everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        MatchType = MatchType.Simple,
    };

    private readonly CancellationToken _cancellation;
    private readonly HashSet<string> _visited = new(ImageFolderLinks.Comparer);
    private readonly List<string> _unfollowed = [];
    private readonly ImagesPassedOver _passedOver = new();
    private int _hidden;
    private int _others;

    /// <summary>Lists a folder.</summary>
    /// <exception cref="ConvNetException">
    /// <c>FolderNotFound</c>; <c>FolderUnreadable</c>; <c>ClassFoldersMissing</c>: there is no folder in it;
    /// <c>FolderLayoutUnsupported</c>: its folders are a training and a test part; <c>ClassNameDuplicate</c>: two have one name.
    /// </exception>
    public ImageFolderListing(string folder, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(Folder))
            throw new ConvNetException(
                ErrorIds.FolderNotFound,
                ErrorKind.NotFound,
                File.Exists(Folder)
                    ? MessageText.Of($"{Folder} is a file; name the folder that contains a folder for each class.")
                    : MessageText.Of($"There is no folder {Folder}; check the path."),
                Folder
            );
        try
        {
            RealPath = ImageFolderLinks.Resolve(Folder);
            var folders = FindClassFolders();
            ClassFolders = [.. folders.Select(f => f.FullName)];
            ClassNames = [.. folders.Select(f => ClassName.Normal(f.Name))];
            RequireClasses();
            Files = [.. folders.SelectMany((f, label) => FilesOf(f, label))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConvNetException(
                ErrorIds.FolderUnreadable,
                ErrorKind.Unavailable,
                $"{Folder} can't be listed: {e.Message:text} Check that you may read it and all folders in it.",
                Folder,
                e
            );
        }
    }

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>Where it really lies, behind links.</summary>
    public string RealPath { get; }

    /// <summary>The class folders' paths, in the order of <see cref="ClassNames"/>.</summary>
    public IReadOnlyList<string> ClassFolders { get; }

    /// <summary>The class folders' names in ordinal order, in Unicode's composed form; a label is an index into them.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>All pictures: class after class, each in the ordinal order of paths below the class folder.</summary>
    public LabelledFile[] Files { get; }

    /// <summary>What was found and what was passed over.</summary>
    public override string ToString()
    {
        var found =
            $"{Folder}: {Counted.Of(Files.Length, "picture", "pictures")} in {Counted.Of(ClassNames.Count, "class", "classes")}";
        string[] passed =
        [
            .. Some(_others, "other file", "other files"),
            .. Some(_hidden, "hidden file or folder", "hidden files and folders"),
            .. _unfollowed.Select(link =>
                $"the link {link}, which leads in a circle or to files that are already read"
            ),
        ];
        return passed.Length == 0 ? $"{found}." : $"{found}; skipped {string.Join(", ", passed)}.";
    }

    /// <summary>How many pictures each class has.</summary>
    public static int[] Count(IEnumerable<LabelledFile> files, int classes)
    {
        var counts = new int[classes];
        foreach (var file in files)
            counts[file.Label]++;
        return counts;
    }

    /// <summary>What to warn of: pictures that aren't read.</summary>
    public IEnumerable<string> Warnings => _passedOver.Warnings(Folder);

    private static string[] Some(int count, string one, string several) =>
        count == 0 ? [] : [Counted.Of(count, one, several)];

    private DirectoryInfo[] FindClassFolders()
    {
        var folders = new List<DirectoryInfo>();
        foreach (var entry in Entries(Folder))
        {
            if (entry is not DirectoryInfo folder)
                PassOver(entry);
            // A link back to this folder or one above would make a class of all classes.
            else if (ImageFolderLinks.Contains(ImageFolderLinks.Resolve(folder.FullName), RealPath))
                _unfollowed.Add(folder.FullName);
            else
                folders.Add(folder);
        }
        // The same order for the same names, however the file system spells them.
        return [.. folders.OrderBy(folder => ClassName.Normal(folder.Name), StringComparer.Ordinal)];
    }

    private void RequireClasses()
    {
        if (ClassNames.Count == 0)
            throw new ConvNetException(
                ErrorIds.ClassFoldersMissing,
                ErrorKind.InvalidData,
                $"{Folder} contains no folders: create one for each class, named after the class, and put its pictures into it.",
                Folder
            );
        for (var i = 1; i < ClassNames.Count; i++)
        {
            if (ClassNames[i] != ClassNames[i - 1])
                continue;
            throw new ConvNetException(
                ErrorIds.ClassNameDuplicate,
                ErrorKind.InvalidData,
                $"{Folder} has two folders called {ClassNames[i]}, which spell the name in two ways (composed and decomposed letters): put the pictures of both into one folder.",
                ClassFolders[i]
            );
        }
        if (!ClassNames.All(name => s_parts.Contains(name, StringComparer.OrdinalIgnoreCase)))
            return;
        var train = ClassNames.FirstOrDefault(n => n.StartsWith("train", StringComparison.OrdinalIgnoreCase));
        var test = ClassNames.FirstOrDefault(n => n.StartsWith("test", StringComparison.OrdinalIgnoreCase));
        test ??= ClassNames.FirstOrDefault(n => n.StartsWith("val", StringComparison.OrdinalIgnoreCase));
        var remedy = (train, test) switch
        {
            ({ } a, { } b) =>
                $"use ImageFolder.Read for {Path.Combine(Folder, a)} with ImageFolderOptions.TestFolder {Path.Combine(Folder, b)}",
            var (a, b) => $"use ImageFolder.Read for {Path.Combine(Folder, a ?? b!)}",
        };
        throw new ConvNetException(
            ErrorIds.FolderLayoutUnsupported,
            ErrorKind.InvalidArgument,
            $"The folders in {Folder} ({ClassNames}) look like parts of a data set, not like classes: {remedy:text}.",
            Folder
        );
    }

    private IEnumerable<LabelledFile> FilesOf(DirectoryInfo folder, int label)
    {
        var files = new List<string>();
        _visited.Clear();
        var real = ImageFolderLinks.Resolve(folder.FullName);
        AddFiles(folder.FullName, real, real, files);
        // One order on every system: that of the paths below the class folder, with / between the names.
        return files
            .OrderBy(
                path => Path.GetRelativePath(folder.FullName, path).Replace(Path.DirectorySeparatorChar, '/'),
                StringComparer.Ordinal
            )
            .Select(path => new LabelledFile(path, label));
    }

    /// <summary>Adds the pictures of a folder and those below it; a folder that is met twice within a class, once.</summary>
    private void AddFiles(string folder, string real, string classFolder, List<string> files)
    {
        if (!_visited.Add(real))
        {
            _unfollowed.Add(folder);
            return;
        }
        foreach (var entry in Entries(folder))
        {
            if (entry is not DirectoryInfo)
            {
                if (ImageEndings.IsRead(entry.Extension))
                    files.Add(entry.FullName);
                else
                    PassOver(entry);
                continue;
            }
            var target = entry.LinkTarget is null
                ? Path.Combine(real, entry.Name)
                : ImageFolderLinks.Resolve(entry.FullName);
            // A link to a folder above leads to other classes' pictures too.
            if (ImageFolderLinks.Contains(target, RealPath) || ImageFolderLinks.Contains(target, classFolder))
                _unfollowed.Add(entry.FullName);
            else
                AddFiles(entry.FullName, target, classFolder, files);
        }
    }

    private void PassOver(FileSystemInfo file)
    {
        _others++;
        if (ImageEndings.IsRead(file.Extension))
            _passedOver.AddOutside();
        else
            _passedOver.Add(file);
    }

    /// <summary>What a folder holds and does not hide, in ordinal order.</summary>
    private IEnumerable<FileSystemInfo> Entries(string folder)
    {
        _cancellation.ThrowIfCancellationRequested();
        var all = new DirectoryInfo(folder).GetFileSystemInfos("*", s_everything);
        var shown = Array.FindAll(all, e => e.Name[0] != '.' && !e.Attributes.HasFlag(FileAttributes.Hidden));
        _hidden += all.Length - shown.Length;
        return shown.OrderBy(e => e.Name, StringComparer.Ordinal);
    }
}
