namespace PSConvNet.Disk;

/// <summary>The operations by which files are written, one by one: tests let each of them fail, or be the last that a program comes to.</summary>
internal class WritingDisk
{
    private static readonly AsyncLocal<WritingDisk?> s_current = new();

    /// <summary>The disk that files are written to.</summary>
    public static WritingDisk Current => s_current.Value ?? Plain;

    private static WritingDisk Plain { get; } = new();

    /// <summary>Has this flow of control, and what it starts, write to a disk; null for the plain one.</summary>
    public static void Use(WritingDisk? disk) => s_current.Value = disk;

    /// <summary>Makes a new file, with these permissions or those of new files.</summary>
    public virtual Stream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (OperatingSystem.IsWindows() || mode is not { } wanted)
            return new FileStream(path, options);
        // Nobody reads it meanwhile who could not read the old one; what the mask takes away is given afterwards.
        options.UnixCreateMode = wanted;
        var stream = new FileStream(path, options);
        try
        {
            File.SetUnixFileMode(stream.SafeFileHandle, wanted);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            // A file system without permissions.
        }
        return stream;
    }

    /// <summary>Has the disk keep what was written.</summary>
    public virtual void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <summary>Gives a file its name, in place of what has it.</summary>
    public virtual void Rename(string from, string to) =>
        OpenElsewhere.Await(() => File.Move(from, to, overwrite: true));

    /// <summary>Deletes a file.</summary>
    public virtual void Delete(string path) => OpenElsewhere.Await(() => File.Delete(path));
}
