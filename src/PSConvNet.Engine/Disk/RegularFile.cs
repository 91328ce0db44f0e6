using System.Runtime.InteropServices;

namespace PSConvNet.Disk;

/// <summary>
/// Tells files from pipes, devices and sockets in a file's place. Opening one may wait for ever and ignore Ctrl-C, and renaming a file over one
/// takes it away from the system.
/// </summary>
internal static partial class RegularFile
{
    // Of stat(2): the kinds of what a path leads to.
    private const int Kind = 0xF000;
    private const int File = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Refuses pipes and devices. A path that leads nowhere passes: opening it says so.</summary>
    /// <exception cref="NotAFileException">It is a pipe, a device or a socket, or a link to one.</exception>
    public static void Require(string path)
    {
        if (IsSpecial(path))
            throw new NotAFileException();
    }

    /// <summary>Refuses folders, too: of one the system only says that access is denied.</summary>
    /// <exception cref="NotAFileException">It is a pipe, a device, a socket or a folder, or a link to one.</exception>
    public static void RequireToRead(string path)
    {
        Require(path);
        if (Directory.Exists(path))
            throw new NotAFileException("it is a folder, not a file") { IsFolder = true };
    }

    /// <summary>Whether a path leads to a pipe, a device or a socket.</summary>
    public static bool IsSpecial(string path)
    {
        if (OperatingSystem.IsWindows())
            return false;
        // The runtime's own layout, whatever the system's: flags, then the mode. .NET has no public way to it before version 10.
        Span<int> status = stackalloc int[64];
        try
        {
            return Stat(path, ref MemoryMarshal.GetReference(status)) == 0
                && (status[1] & Kind) is not (File or Folder);
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref int status);
}

/// <summary>A pipe, a device, a socket or a folder lies where a file is expected.</summary>
internal sealed class NotAFileException(string message = "it is a pipe or a device, not a file") : IOException(message)
{
    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder { get; init; }
}
