namespace PSConvNet.Files;

/// <summary>Writes files that are never half: whoever looks finds what was there before, or all of what is there now.</summary>
internal static class WholeFile
{
    /// <summary>The end of a file's name while it is being written. A crash may leave one; it is never read.</summary>
    public const string Unfinished = ".part";

    /// <summary>Writes to a file beside it, has the disk keep it, and renames it into place.</summary>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <param name="write">Writes the contents to a stream that can seek.</param>
    /// <param name="last">Is called when all is on the disk and only the name is missing; by throwing it leaves things as they were.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>; what was at <paramref name="path"/> is still there.</exception>
    public static void Write(string path, Action<Stream> write, Action? last = null)
    {
        // A name of its own: two programs that write the same file must not write into each other's.
        var unfinished = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                // On the disk before it has its name: else a crash of the machine could leave the name and not the contents.
                stream.Flush(flushToDisk: true);
            }
            last?.Invoke();
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e)
        {
            // The disk that could not take it may not let go of it either; the first error is the one to tell.
            FileFault.Ignore(() => File.Delete(unfinished));
            if (FileFault.IsOfDisk(e))
                throw FileFault.NotWritten(path, e);
            throw;
        }
    }
}
