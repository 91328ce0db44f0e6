namespace PSConvNet.Disk;

/// <summary>The errors of files: one for what a file holds, one for what the disk says.</summary>
internal static class FileFault
{
    /// <summary><c>ModelFileInvalid</c>: the file is not what it should be.</summary>
    /// <param name="file">The file's path, or a name for it.</param>
    /// <param name="where">The entry and the place in it: <c>weights.safetensors, byte 12</c>.</param>
    /// <param name="problem">What is wrong there; no full stop.</param>
    /// <param name="cause">What found it, or null.</param>
    public static ConvNetException Invalid(string file, string where, string problem, Exception? cause = null) =>
        new(
            ErrorIds.ModelFileInvalid,
            ErrorKind.InvalidData,
            $"{file} can't be read: {where:text}: {problem:text}. It is damaged or was not written by a program that knows the format; take another copy.",
            file,
            cause
        );

    /// <summary><c>ModelFileNotFound</c>.</summary>
    public static ConvNetException NotFound(string file) =>
        new(ErrorIds.ModelFileNotFound, ErrorKind.NotFound, $"There is no file {file}; check the path.", file);

    /// <summary><c>FileNotReadable</c>: the system refuses to read it, or it is no file.</summary>
    public static ConvNetException NotReadable(string file, Exception cause) =>
        new(
            ErrorIds.FileNotReadable,
            cause is NotAFileException { IsFolder: true } ? ErrorKind.InvalidArgument : ErrorKind.Unavailable,
            cause switch
            {
                NotAFileException { IsFolder: true } => MessageText.Of(
                    $"{file} is a folder, not a file; name the file in it."
                ),
                NotAFileException => MessageText.Of(
                    $"{file} is a pipe or a device, not a file; write its contents to a file, and give that."
                ),
                _ => MessageText.Of(
                    $"{file} can't be opened: {Sentence(cause):text} Check its permissions and that its drive is connected."
                ),
            },
            file,
            cause
        );

    /// <summary>The same of a file that has its name from this program: what lies there was not given by anybody.</summary>
    public static ConvNetException OwnNotReadable(string file, Exception cause) =>
        cause is NotAFileException
            ? new(
                ErrorIds.FileNotReadable,
                ErrorKind.Unavailable,
                $"{file} can't be read: {cause.Message:text}; move it away.",
                file,
                cause
            )
            : NotReadable(file, cause);

    /// <summary><c>FileNotWritten</c>: the disk is full, the folder is read-only or gone. What was there before is still there.</summary>
    /// <param name="file">The file that was asked for.</param>
    /// <param name="cause">What the system said.</param>
    /// <param name="unfinished">What the file is called while it is being written, which nobody asked for; or null.</param>
    public static ConvNetException NotWritten(string file, Exception cause, string? unfinished = null)
    {
        if (cause is NotAFileException)
            return NotWritten(
                file,
                "is a pipe or a device, not a file, and is never replaced; give another path.",
                cause
            );
        var said = unfinished is null
            ? Sentence(cause)
            : Sentence(cause).Replace(unfinished, file, StringComparison.Ordinal);
        // .NET says of a link that leads nowhere that it exists.
        var kept = File.Exists(file) && !WritingAdvice.IsDangling(file) ? "Its previous content is untouched; " : "";
        return NotWritten(file, $"could not be written: {said} {Begun(kept + WritingAdvice.For(file, cause))}.", cause);
    }

    /// <summary><c>FileNotWritten</c>: a folder can't be made, or nothing can be written into it.</summary>
    /// <param name="folder">The folder that was asked for.</param>
    /// <param name="cause">What the system said.</param>
    public static ConvNetException FolderNotWritten(string folder, Exception cause) =>
        NotWritten(
            folder,
            $"could not be written: {Sentence(cause)} {Begun(WritingAdvice.For(folder, cause, isFolder: true))}.",
            cause
        );

    private static ConvNetException NotWritten(string path, string problem, Exception cause) =>
        new(ErrorIds.FileNotWritten, ErrorKind.Unavailable, $"{path} {problem:text}", path, cause);

    /// <summary>What begins a sentence, in upper case unless it is a path.</summary>
    public static string Begun(string text) =>
        char.IsAsciiLetterLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    /// <summary>Whether it is the disk's fault: no space, no permission, no such folder, a share that is gone.</summary>
    public static bool IsOfDisk(Exception e) =>
        e is IOException or UnauthorizedAccessException or System.Security.SecurityException;

    /// <summary>Does what is well done and no loss if the disk refuses: deletes what only takes room.</summary>
    public static void Ignore(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            // No loss.
        }
    }

    /// <summary>What the system said, with its full stop: not every message has one.</summary>
    public static string Sentence(Exception cause) => cause.Message.TrimEnd('.', ' ') + ".";

    /// <summary>Opens a file for reading; another process can still replace it.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileNotFound</c>, <c>FileNotReadable</c>.</exception>
    public static FileStream Open(string file)
    {
        try
        {
            RegularFile.RequireToRead(file);
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(file);
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            throw NotReadable(file, e);
        }
    }
}
