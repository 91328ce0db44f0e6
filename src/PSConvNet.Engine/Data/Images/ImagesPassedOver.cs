namespace PSConvNet.Data;

/// <summary>Counts the files of a folder that look like pictures but aren't read, so that a warning can name them.</summary>
/// <remarks>
/// A file counts by its ending, where that is one of pictures or archives, and else by its first bytes. Hidden files don't count, nor
/// does what is no picture: texts, lists, the systems' own files.
/// </remarks>
internal sealed class ImagesPassedOver
{
    // To open a file takes longer than to list it.
    private const int MostOpened = 1000;

    private readonly SortedDictionary<string, int> _byEnding = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _disguised = new(StringComparer.Ordinal);
    private int _opened;
    private int _outside;

    /// <summary>Counts a file that isn't read.</summary>
    public void Add(FileSystemInfo file)
    {
        if (ImageEndings.IsPassedOver(file.Extension))
            Count(_byEnding, file);
        else if (IsDisguised(file))
            Count(_disguised, file);
    }

    /// <summary>Counts a picture that lies in no class's folder.</summary>
    public void AddOutside() => _outside++;

    /// <summary>What to warn of, a sentence for each kind.</summary>
    public IEnumerable<string> Warnings(string folder)
    {
        if (_byEnding.Count > 0)
            yield return MessageText.Of(
                $"{folder}: skipped {List(_byEnding):text}; the formats that can be read are {ImageSignature.Formats}. Convert pictures to PNG or JPEG, and unpack archives."
            );
        if (_disguised.Count > 0)
            yield return MessageText.Of(
                $"{folder}: skipped {List(_disguised):text} whose content is a picture; the extensions that are read are {ImageEndings.Read}. Rename or convert them."
            );
        if (_outside > 0)
            yield return FormattableString.Invariant(
                $"{folder}: skipped {_outside} {(_outside == 1 ? "picture that lies" : "pictures that lie")} beside the class folders. Move each into the folder of its class."
            );
    }

    private static void Count(SortedDictionary<string, int> counts, FileSystemInfo file)
    {
        var ending = file.Extension.ToLowerInvariant();
        counts[ending] = counts.GetValueOrDefault(ending) + 1;
    }

    private static string List(SortedDictionary<string, int> counts)
    {
        string[] parts =
        [
            .. counts
                .OrderByDescending(pair => pair.Value)
                .Select(pair =>
                    FormattableString.Invariant(
                        $"{pair.Value} {(pair.Key.Length > 0 ? pair.Key : "without an ending")}"
                    )
                ),
        ];
        var noun = counts.Values.Sum() == 1 ? "file" : "files";
        return parts.Length == 1 ? $"{parts[0]} {noun}" : $"{string.Join(", ", parts[..^1])} and {parts[^1]} {noun}";
    }

    private bool IsDisguised(FileSystemInfo entry)
    {
        // A pipe has no length, and opening one may wait for ever; a link may lead to one.
        if (entry is not FileInfo { Length: > 0, LinkTarget: null } file || _opened++ >= MostOpened)
            return false;
        try
        {
            Span<byte> start = stackalloc byte[ImageSignature.Length];
            using var content = File.OpenHandle(file.FullName);
            return ImageSignature.Of(start[..RandomAccess.Read(content, start, 0)]) is { IsPicture: true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
