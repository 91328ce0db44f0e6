namespace PSConvNet.Disk;

/// <summary>Looks at a place where a file is to be written, before the work begins that the file is for.</summary>
internal static class WritablePlace
{
    /// <summary>Refuses a pipe or a device, which are never replaced.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static void RequireNoDevice(string path)
    {
        if (RegularFile.IsSpecial(path))
            throw FileFault.NotWritten(path, new NotAFileException());
    }
}
