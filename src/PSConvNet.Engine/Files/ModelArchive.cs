using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Files;

/// <summary>
/// The zip file that a model or a checkpoint is: a few entries, stored as they are, and a list of their hashes. Reading trusts
/// nothing: no entry is ever unpacked to a path, and none is larger than the file itself.
/// </summary>
internal sealed class ModelArchive : IDisposable
{
    /// <summary>
    /// Names each entry's SHA-256, in the form of the program <c>sha256sum</c>. Of a file without it, which somebody may have edited, only the
    /// CRC-32 of zip is checked.
    /// </summary>
    private const string Hashes = "SHA256SUMS";

    private const int MostEntries = 64;
    private const int LargestDirectory = 64 * 1024;
    private const int EndRecord = 22;
    private const int SmallEntry = 8 * 1024 * 1024;

    private static readonly string[] s_known =
    [
        ModelDocument.Entry,
        ModelFile.Weights,
        CheckpointDocument.Entry,
        CheckpointDocument.Arrays,
    ];

    // The year zip's clock begins with: equal models give equal bytes.
    private static readonly DateTimeOffset s_noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _file;
    private readonly Stream _stream;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    private ModelArchive(string file, Stream stream)
    {
        (_file, _stream) = (file, stream);
        try
        {
            CheckEnd();
            _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in _zip.Entries)
                Admit(entry);
            ReadHashes();
        }
        catch (Exception e) when (IsOfZip(e))
        {
            throw FileFault.Invalid(file, "the archive's directory", "it can't be followed", e);
        }
    }

    /// <summary>Opens a file and looks at its directory.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileNotFound</c>, <c>FileNotReadable</c>, <c>ModelFileInvalid</c>.</exception>
    public static ModelArchive Open(string file)
    {
        var stream = FileFault.Open(file);
        try
        {
            ForeignFile.RequireModel(stream, file);
            return new ModelArchive(file, stream);
        }
        catch (EndOfStreamException e)
        {
            stream.Dispose();
            throw FileFault.Invalid(file, "the archive", "it has fewer bytes than its length says", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes a whole archive.</summary>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <param name="entries">Names and what writes their contents, in this order.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static void Write(string path, params ReadOnlySpan<(string Name, Action<Stream> Write)> entries)
    {
        (string Name, Action<Stream> Write)[] all = [.. entries];
        WholeFile.Write(
            path,
            stream =>
            {
                using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
                var hashes = new StringBuilder();
                foreach (var (name, write) in all)
                {
                    using var sha = SHA256.Create();
                    using (var target = Create(zip, name))
                    using (var hashing = new CryptoStream(target, sha, CryptoStreamMode.Write))
                        write(hashing);
                    hashes
                        .Append(Convert.ToHexString(sha.Hash!).ToLowerInvariant())
                        .Append("  ")
                        .Append(name)
                        .Append('\n');
                }
                using var last = Create(zip, Hashes);
                last.Write(Encoding.UTF8.GetBytes(hashes.ToString()));
            }
        );
    }

    /// <summary>Whether there is such an entry.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>A small entry's bytes.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: it is missing, too large, or damaged.</exception>
    public byte[] Read(string name)
    {
        var entry = Entry(name);
        if (entry.Length > SmallEntry)
            throw FileFault.Invalid(
                _file,
                name,
                $"it claims to have {entry.Length} bytes, and at most {SmallEntry} are allowed"
            );
        return Read(
            name,
            stream =>
            {
                var bytes = new byte[entry.Length];
                stream.ReadExactly(bytes);
                return bytes;
            }
        );
    }

    /// <summary>Checks the sums of all entries that haven't been read: also of those that nothing is read from.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: one is damaged.</exception>
    public void RequireOthers()
    {
        foreach (var name in _entries.Keys.Where(name => !_checked.Contains(name)))
            Read(name, _ => 0);
    }

    /// <summary>Reads an entry as a stream of known length, and checks its sums when the reader is done.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: it is missing, shorter than it claims, or damaged.</exception>
    public T Read<T>(string name, Func<Stream, T> read)
    {
        var entry = Entry(name);
        try
        {
            using var source = entry.Open();
            using var counted = new CountedStream(source, entry.Length, entry.Crc32);
            var result = read(counted);
            var hash = counted.Drain();
            if (_hashes.GetValueOrDefault(name) is { } expected && hash != expected)
                throw FileFault.Invalid(_file, name, $"its bytes don't match their hash in {Hashes}");
            _checked.Add(name);
            return result;
        }
        catch (Exception e) when (IsOfZip(e))
        {
            throw FileFault.Invalid(_file, name, "it ends too early or can't be unpacked", e);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _zip.Dispose();
        _stream.Dispose();
    }

    private static bool IsOfZip(Exception e) =>
        e is InvalidDataException or IOException or ArgumentException or NotSupportedException or OverflowException;

    private static Stream Create(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = s_noTime;
        entry.ExternalAttributes = 0;
        return entry.Open();
    }

    private ZipArchiveEntry Entry(string name) =>
        _entries.GetValueOrDefault(name) ?? throw FileFault.Invalid(_file, "the archive", $"it has no entry {name}");

    /// <summary>
    /// The record a zip file ends with says how long its directory is. The library would read whatever it claims; here it has to be
    /// small, and to lie where it says, before anything else is looked at.
    /// </summary>
    private void CheckEnd()
    {
        var length = _stream.Length;
        if (length < EndRecord)
            throw FileFault.Invalid(
                _file,
                "byte 0",
                $"{Counted.Of(length, "byte is", "bytes are")} too few for a zip file"
            );
        Span<byte> end = stackalloc byte[EndRecord];
        _stream.Position = length - EndRecord;
        _stream.ReadExactly(end);
        _stream.Position = 0;
        var at = $"byte {length - EndRecord}";
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != 0x06054b50)
            throw FileFault.Invalid(_file, at, "a zip file doesn't end like this");
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (entries > MostEntries || size > LargestDirectory || offset + (long)size != length - EndRecord)
            throw FileFault.Invalid(
                _file,
                at,
                $"a directory of {entries} entries, {size} bytes from byte {offset}, is impossible"
            );
    }

    private void Admit(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (!_entries.TryAdd(name, entry))
            throw FileFault.Invalid(_file, "the archive's directory", $"it has two entries named {name}");
        if (entry.IsEncrypted)
            throw FileFault.Invalid(_file, name, "it is encrypted");
        // What is large is stored as it is; what is small may be packed, and is read no further than it may be.
        if (entry.Length > SmallEntry && entry.Length > _stream.Length)
            throw FileFault.Invalid(_file, name, $"it claims {entry.Length} bytes in a file of {_stream.Length}");
    }

    private void ReadHashes()
    {
        if (!Has(Hashes))
        {
            // An entry that nobody knows may be the list of hashes, by another name because of one wrong bit.
            if (_entries.Keys.FirstOrDefault(name => !s_known.Contains(name)) is { } unknown)
                throw FileFault.Invalid(
                    _file,
                    "the archive's directory",
                    $"it has no {Hashes}, and an entry {unknown} that no model has"
                );
            return;
        }
        foreach (var line in Encoding.UTF8.GetString(Read(Hashes)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split("  ", 2);
            if (parts.Length != 2 || !Has(parts[1]))
                throw FileFault.Invalid(_file, Hashes, "a line names no entry of this file");
            if (!_hashes.TryAdd(parts[1], parts[0].ToUpperInvariant()))
                throw FileFault.Invalid(_file, Hashes, $"it has two lines for {parts[1]}");
        }
        foreach (var name in _entries.Keys)
        {
            if (name != Hashes && !_hashes.ContainsKey(name))
                throw FileFault.Invalid(_file, Hashes, $"it does not name {name}");
        }
    }
}
