namespace PSConvNet.Data;

/// <summary>A folder that holds all four files of a set, and which name each goes by there.</summary>
public sealed class MnistFolder
{
    private readonly IReadOnlyDictionary<MnistFile, string> _paths;

    private MnistFolder(string path, IReadOnlyDictionary<MnistFile, string> paths)
    {
        Path = path;
        _paths = paths;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    internal string this[MnistFile file] => _paths[file];

    /// <summary>Looks into one folder; says in <paramref name="finding"/> what it saw.</summary>
    internal static MnistFolder? Find(string folder, MnistEntry entry, out string finding)
    {
        if (!Directory.Exists(folder))
        {
            finding = "no such folder";
            return null;
        }
        var paths = new Dictionary<MnistFile, string>();
        foreach (var file in entry.Files)
        {
            var path = file.Names.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            if (path is not null)
                paths.Add(file, path);
        }
        var missing = entry.Files.Where(file => !paths.ContainsKey(file)).Select(file => file.Name).ToList();
        if (missing.Count > 0)
        {
            finding =
                missing.Count == entry.Files.Count
                    ? "none of the set's files"
                    : "without " + string.Join(", ", missing);
            return null;
        }
        if (OtherSet(paths[entry.TestLabels], entry) is { } other)
        {
            finding = $"holds {other}";
            return null;
        }
        finding = "found";
        return new MnistFolder(folder, paths);
    }

    /// <summary>All sets' files have the same names; the hash of the smallest tells which set a folder holds.</summary>
    private static MnistName? OtherSet(string testLabels, MnistEntry entry)
    {
        try
        {
            var hash = IdxFile.ReadLabels(testLabels, entry.ClassNames.Count).Sha256;
            return MnistCatalog
                .Entries.FirstOrDefault(known => known.Name != entry.Name && known.TestLabels.Sha256 == hash)
                ?.Name;
        }
        catch (ConvNetException)
        {
            // A damaged file is still this set's, and reading it will say what is wrong.
            return null;
        }
    }
}
