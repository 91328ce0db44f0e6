using System.Formats.Tar;
using System.IO.Compression;

namespace PSConvNet.Commands;

/// <summary>Files on their way: a compressed tar archive in a temporary file, which goes when this is disposed of.</summary>
internal sealed class TemporaryArchive : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    /// <summary>Packs files.</summary>
    /// <param name="files">Their paths, and their names in the archive.</param>
    public static TemporaryArchive Of(IEnumerable<(string Path, string Name)> files)
    {
        var archive = new TemporaryArchive();
        try
        {
            using var compressed = new GZipStream(archive.Write(), CompressionLevel.Fastest);
            using var writer = new TarWriter(compressed);
            foreach (var (path, name) in files)
            {
                // The files of a build are links to one staged copy; what is sent is files.
                using var contents = new FileStream(
                    path,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete
                );
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = contents });
            }
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Opens the archive's file for writing.</summary>
    public FileStream Write() => new(_path, FileMode.Create, FileAccess.Write, FileShare.Read);

    /// <summary>Opens the archive's file for reading.</summary>
    public FileStream Read() => new(_path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>Unpacks it; entries that lead out of the folder, and all but files and folders, are refused.</summary>
    /// <exception cref="IOException">It is damaged, or holds what it must not.</exception>
    public void Unpack(string folder)
    {
        Directory.CreateDirectory(folder);
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        using var stream = new GZipStream(Read(), CompressionMode.Decompress);
        using var reader = new TarReader(stream);
        try
        {
            while (reader.GetNextEntry() is { } entry)
            {
                var path = Path.GetFullPath(Path.Combine(root, entry.Name));
                if (
                    entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    || !path.StartsWith(root, StringComparison.Ordinal)
                )
                    throw new IOException($"The archive holds {entry.Name}, which isn't a file of its folder.");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                entry.ExtractToFile(path, overwrite: true);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new IOException($"The archive is damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => File.Delete(_path);
}
