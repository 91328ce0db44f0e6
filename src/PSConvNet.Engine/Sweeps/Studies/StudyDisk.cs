namespace PSConvNet.Sweeps;

/// <summary>
/// What workers ask of the file system that a study is on, operation by operation, in one place: so that a simulation can count what a
/// server would have to do, and be slow where a server is.
/// </summary>
internal class StudyDisk
{
    /// <summary>The one there is.</summary>
    public static StudyDisk Plain { get; } = new();

    /// <summary>The paths of all that is in a folder: another folder that has the name of a file is in that file's way.</summary>
    public virtual string[] List(string folder) => Directory.GetFileSystemEntries(folder);

    /// <summary>Whether there is such a file.</summary>
    public virtual bool Exists(string path) => File.Exists(path);

    /// <summary>What tells whether a file is another one by now; null where there is none.</summary>
    /// <exception cref="NotAFileException">It is a folder.</exception>
    public virtual (DateTime Written, long Length)? Stat(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length)
        : Directory.Exists(path) ? throw new NotAFileException("it is a folder, not a file") { IsFolder = true }
        : null;

    /// <summary>All that is in a file, while others may write it, or another in its place.</summary>
    public virtual byte[] Read(string path)
    {
        RegularFile.RequireToRead(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Makes a file that must not be there: of any number of processes one can, and the others get null.</summary>
    public virtual FileStream? Create(string path)
    {
        try
        {
            // Written in place and not buffered: a beat is one small write.
            return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (IOException e) when (SaysExists(e))
        {
            return null;
        }
    }

    /// <summary>Writes over what is in a file, in place.</summary>
    /// <param name="file">One that <see cref="Create"/> made.</param>
    /// <param name="bytes">All it is to hold: no less than it held before, for nothing is cut off.</param>
    /// <param name="toDisk">Whether the disk has to have it: a client of a shared file system may keep small writes to itself.</param>
    public virtual void Overwrite(FileStream file, ReadOnlySpan<byte> bytes, bool toDisk)
    {
        file.Position = 0;
        file.Write(bytes);
        if (toDisk)
            file.Flush(flushToDisk: true);
    }

    /// <summary>Writes a file whole, over the one before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">All it is to hold.</param>
    /// <param name="last">May still refuse, by throwing, when only the name is missing.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public virtual void Replace(string path, byte[] bytes, Action last) =>
        WholeFile.Write(path, stream => stream.Write(bytes), last, tidy: false);

    /// <summary>Makes an empty file, if it is not there.</summary>
    public virtual void Mark(string path)
    {
        using var marker = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => OpenElsewhere.Await(() => File.Delete(path));

    // By the error's number (EEXIST, ERROR_FILE_EXISTS): to ask whether the file is there may be answered from a client's memory.
    private static bool SaysExists(IOException e) =>
        e.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070050) : 17);
}
