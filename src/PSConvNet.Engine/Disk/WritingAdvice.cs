namespace PSConvNet.Disk;

/// <summary>What to do when a file could not be written. Only a full disk is helped by space.</summary>
internal static class WritingAdvice
{
    // The lowest sixteen bits of what Windows says, and the numbers of errors elsewhere (errno.h of Linux; macOS where it differs).
    private static readonly int[] s_full =
        OperatingSystem.IsWindows() ? [112, 39, 1295]
        : OperatingSystem.IsMacOS() ? [28, 69]
        : [28, 122];
    private static readonly int[] s_tooLong =
        OperatingSystem.IsWindows() ? [206, 123]
        : OperatingSystem.IsMacOS() ? [63]
        : [36];
    private static readonly int[] s_readOnly = OperatingSystem.IsWindows() ? [19] : [30];
    private static readonly int[] s_loop =
        OperatingSystem.IsWindows() ? [1921]
        : OperatingSystem.IsMacOS() ? [62]
        : [40];

    /// <summary>A part of a sentence that says what to do.</summary>
    /// <param name="path">What was to be written.</param>
    /// <param name="cause">What the system said.</param>
    /// <param name="isFolder">Whether it was to be a folder, or files in it.</param>
    public static string For(string path, Exception cause, bool isFolder = false) =>
        cause is PathTooLongException || Is(cause, s_tooLong) ? "give a shorter name"
        : Is(cause, s_full) ? "free space or choose another folder"
        : Is(cause, s_readOnly) ? "its disk is read-only; choose a folder on another disk"
        : Is(cause, s_loop) ? "its links form a circle; correct them or give another path"
        : DanglingLink(path) is { } link ? $"the link {link} points to nothing; create its target or give another path"
        : FileInTheWay(isFolder ? path : Parent(path)) is { } file
            ? $"{file} is a file and not a folder; rename it or choose another folder"
        : !isFolder && Directory.Exists(path) ? $"{path} is a folder; move it away or give another name"
        : MissingFolder(path, isFolder) is { } folder ? $"there is no folder {folder}; create it or choose another one"
        : cause is UnauthorizedAccessException or System.Security.SecurityException
            ? "get permission to write there or choose another folder"
        : "check that its disk is connected and writable, or choose another folder";

    private static bool Is(Exception cause, int[] numbers)
    {
        var number = ((cause as UnauthorizedAccessException)?.InnerException ?? cause).HResult;
        // Windows: 0x8007 and the number.
        return numbers.Contains(OperatingSystem.IsWindows() ? number & 0xFFFF : number);
    }

    /// <summary>The path, or what it is in, that is a link to nothing.</summary>
    private static string? DanglingLink(string path) => Upwards(path).FirstOrDefault(IsDangling);

    /// <summary>Whether it is a link that leads nowhere, or in a circle.</summary>
    public static bool IsDangling(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is not null
                && !Path.Exists(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName);
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The path, or what it is in, that is a file.</summary>
    private static string? FileInTheWay(string? path) => Upwards(path).FirstOrDefault(one => File.Exists(one));

    /// <summary>The outermost folder that is missing.</summary>
    private static string? MissingFolder(string path, bool isFolder) =>
        isFolder ? null : Upwards(Parent(path)).LastOrDefault(one => !Directory.Exists(one));

    private static string? Parent(string path) => Path.GetDirectoryName(Path.GetFullPath(path));

    private static IEnumerable<string> Upwards(string? path)
    {
        for (var at = path is null ? null : Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
            yield return at;
    }
}
