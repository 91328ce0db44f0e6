using System.Text.Json;

namespace PSConvNet.Files;

/// <summary>Who holds a folder.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Machine">On which machine.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Since">Since when.</param>
internal sealed record FolderOwner(int ProcessId, string Machine, string User, DateTimeOffset Since)
{
    /// <summary>This process, now.</summary>
    public static FolderOwner Self =>
        new(Environment.ProcessId, Environment.MachineName, Environment.UserName, DateTimeOffset.Now);

    /// <inheritdoc />
    public override string ToString() =>
        FormattableString.Invariant($"process {ProcessId} of {User} on {Machine}, since {Since:yyyy-MM-dd HH:mm:ss}");
}

/// <summary>
/// One process at a time works in a folder. The claim is the system's lock on an open file, so it ends with the process, however that
/// ends; who holds it stands in a file beside it, to be named in the error of a process that is refused.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = ".lock";
    private const string OwnerName = ".owner";
    private const int LongestOwner = 4096;

    // "Somebody else has it", as Windows, Linux and macOS say it.
    private static readonly int[] s_taken = [unchecked((int)0x80070020), 11, 35];

    private readonly FileStream _lock;
    private readonly string _owner;

    private FolderLock(FileStream held, string owner) => (_lock, _owner) = (held, owner);

    /// <summary>Claims a folder, which is made if it is not there.</summary>
    /// <exception cref="ConvNetException"><c>CheckpointFolderBusy</c>: somebody has it, who is named. <c>FileNotWritten</c>.</exception>
    public static FolderLock Take(string folder)
    {
        var (file, owner) = (Path.Combine(folder, LockName), Path.Combine(folder, OwnerName));
        FileStream? held = null;
        // What is being written, for the error: in the place of either file there may be something else.
        var path = folder;
        try
        {
            Directory.CreateDirectory(folder);
            path = file;
            RegularFile.Require(file);
            // Never deleted: somebody might hold a lock on a file that no longer has a name, and another on its successor.
            held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            path = owner;
            RegularFile.Require(owner);
            File.WriteAllText(owner, JsonSerializer.Serialize(FolderOwner.Self, FileJson.Lenient));
            return new FolderLock(held, owner);
        }
        catch (IOException e) when (path == file && s_taken.Contains(e.HResult))
        {
            throw new ConvNetException(
                ErrorIds.CheckpointFolderBusy,
                ErrorKind.Busy,
                $"{folder} is in use by {WhoHolds(owner):text}; wait until that training ends, stop it, or choose another folder.",
                folder,
                e
            );
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            // What could not be written is not held: the folder is free for the next attempt.
            held?.Dispose();
            throw path == folder ? FileFault.FolderNotWritten(folder, e) : FileFault.NotWritten(path, e);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // The name of a holder that is gone misleads nobody: it is only read while the lock is held.
        FileFault.Ignore(() => File.Delete(_owner));
        _lock.Dispose();
    }

    private static string WhoHolds(string owner)
    {
        try
        {
            using var stream = FileFault.Open(owner);
            var text = new byte[Math.Min(stream.Length, LongestOwner)];
            stream.ReadExactly(text);
            return JsonSerializer.Deserialize<FolderOwner>(text, FileJson.Lenient)?.ToString() ?? "another process";
        }
        catch (Exception e) when (e is JsonException or ConvNetException || FileFault.IsOfDisk(e))
        {
            // It has just been taken, or just been let go.
            return "another process";
        }
    }
}
