using System.Text.RegularExpressions;

namespace PSConvNet.Disk;

/// <summary>Writes files that are never incomplete: a reader finds the previous content or all of the new content.</summary>
internal static partial class WholeFile
{
    /// <summary>The end of a file's name while it is being written. A crash may leave one; it is never read.</summary>
    public const string Unfinished = ".part";

    private const int UniquePart = 32;

    // Longer than a program stands still between its last write and the renaming.
    private static readonly TimeSpan s_abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Writes to a file beside it, has the disk keep it, and renames it into place.</summary>
    /// <param name="path">
    /// Where it goes; replaced if it is there. A link stays one, and what it leads to is replaced; a file keeps its permissions.
    /// </param>
    /// <param name="write">Writes the contents to a stream that can seek.</param>
    /// <param name="last">Is called when all is on the disk and only the name is missing; by throwing it leaves things as they were.</param>
    /// <param name="tidy">Whether leftovers of earlier attempts are looked for, which takes as long as the folder is large.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>; what was at <paramref name="path"/> is still there.</exception>
    public static void Write(string path, Action<Stream> write, Action? last = null, bool tidy = true)
    {
        var disk = WritingDisk.Current;
        string? unfinished = null;
        try
        {
            RegularFile.Require(path);
            var target = Target(path);
            if (tidy)
                DeleteAbandoned(target);
            // A name of its own: two programs that write the same file must not write into each other's.
            unfinished = NewPart(target);
            using (var stream = disk.Create(unfinished, ModeOf(target)))
            {
                write(stream);
                // On the disk before it has its name: else a crash of the machine could leave the name and not the contents.
                disk.Flush(stream);
            }
            last?.Invoke();
            disk.Rename(unfinished, target);
        }
        catch (Exception e)
        {
            // The disk that could not take it may not let go of it either; the first error is the one to tell.
            if (unfinished is not null)
                FileFault.Ignore(() => disk.Delete(unfinished));
            if (FileFault.IsOfDisk(e))
                throw FileFault.NotWritten(path, e, unfinished);
            throw;
        }
    }

    /// <summary>A name for a file while it is being written, which nobody else has.</summary>
    public static string NewPart(string path) => $"{path}.{Guid.NewGuid():N}{Unfinished}";

    /// <summary>A text in which files that were being written are called what was asked for.</summary>
    public static string WithoutParts(string text) => PartName().Replace(text, "");

    [GeneratedRegex(@"\.[0-9a-f]{32}\.part\b")]
    private static partial Regex PartName();

    /// <summary>Deletes what programs that were ended while they wrote this file have left beside it.</summary>
    public static void DeleteAbandoned(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            return;
        FileFault.Ignore(() =>
        {
            foreach (var part in Directory.EnumerateFiles(folder, "*" + Unfinished))
            {
                if (IsPartOf(part, path))
                    FileFault.Ignore(() => DeleteUnused(part));
            }
        });
    }

    /// <summary>Whether a file is what an attempt to write another one has left.</summary>
    public static bool IsPartOf(string part, string path)
    {
        var name = Path.GetFileName(part.AsSpan());
        var start = Path.GetFileName(path.AsSpan());
        return name.Length == start.Length + 1 + UniquePart + Unfinished.Length
            && name.StartsWith(start, StringComparison.Ordinal)
            && name[start.Length] == '.'
            && Guid.TryParseExact(name.Slice(start.Length + 1, UniquePart), "N", out _);
    }

    private static void DeleteUnused(string part)
    {
        if (RegularFile.IsSpecial(part) || DateTime.UtcNow - File.GetLastWriteTimeUtc(part) < s_abandoned)
            return;
        // Whoever writes it holds it: then this is refused.
        using (new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
        File.Delete(part);
    }

    /// <summary>What is replaced: where a link leads, which need not be there.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null
            ? path
            : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>The permissions of the file that is there; null for those of a new one.</summary>
    private static UnixFileMode? ModeOf(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) ? File.GetUnixFileMode(path) : null;
}
