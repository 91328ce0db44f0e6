using System.IO.Compression;
using System.Security.Cryptography;

namespace PSConvNet.Data;

/// <summary>
/// The bytes of one IDX file, decompressed where they are gzip, hashed as they pass, and never more of them in memory than
/// the file's real content justifies.
/// </summary>
internal sealed class IdxInput : IDisposable
{
    /// <summary>Deflate can't do better than 1032 : 1; images above this ratio and size are a bomb, not a data set.</summary>
    private const int PlausibleRatio = 100;
    private const long AlwaysPlausible = 64L << 20;

    /// <summary>How much memory a compressed byte earns at once; MNIST's images compress 4.7 : 1, Fashion's 1.8 : 1.</summary>
    private const int ExpectedRatio = 8;

    /// <summary>What to do about a file that is no good.</summary>
    public const string Remedy = "Replace it with an intact copy (MnistSource.DownloadAsync downloads one).";

    private const int SmallCapacity = 64 << 10;
    private const int Chunk = 128 << 10;

    private readonly Stream _file;
    private readonly GZipStream? _gzip;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _name;
    private readonly long _fileLength;

    /// <summary>Takes over a seekable stream; <paramref name="name"/> is what errors call it.</summary>
    public IdxInput(Stream file, string name)
    {
        _file = file;
        _name = name;
        _fileLength = file.Length;
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (isGzip)
            _gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="ConvNetException"><c>DataFileUnreadable</c>.</exception>
    public static IdxInput Open(string path)
    {
        try
        {
            RegularFile.RequireToRead(path);
            // The reader asks for large pieces itself; the stream's own buffer would be one more copy.
            return new IdxInput(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan),
                path
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Fills <paramref name="destination"/> as far as the content reaches; gives the number of bytes read.</summary>
    public int Read(Span<byte> destination)
    {
        var read = 0;
        try
        {
            while (read < destination.Length)
            {
                var got = (_gzip ?? _file).Read(destination[read..]);
                if (got == 0)
                    break;
                read += got;
            }
        }
        catch (InvalidDataException e)
        {
            throw Invalid("intact gzip data", "damaged data (" + e.Message.TrimEnd('.') + ")", e);
        }
        catch (IOException e)
        {
            throw Unreadable(_name, e);
        }
        _hash.AppendData(destination[..read]);
        return read;
    }

    /// <summary>Reads what is left, which must be exactly <paramref name="claimed"/> bytes.</summary>
    /// <param name="claimed">What the header promises.</param>
    /// <param name="headerLength">How many bytes have been read already.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    public byte[] ReadToEnd(long claimed, int headerLength, CancellationToken cancellation)
    {
        RequirePlausible(claimed, headerLength);
        // Plain files have been measured; for gzip, memory doubles only as real content arrives.
        var capacity = _gzip is null
            ? claimed
            : Math.Min(claimed, Math.Max(SmallCapacity, ExpectedRatio * _fileLength));
        var payload = GC.AllocateUninitializedArray<byte>((int)capacity);
        var filled = 0;
        while (filled < claimed)
        {
            cancellation.ThrowIfCancellationRequested();
            if (filled == payload.Length)
                Array.Resize(ref payload, (int)Math.Min(claimed, 2L * payload.Length));
            var piece = payload.AsSpan(filled, Math.Min(Chunk, payload.Length - filled));
            var read = Read(piece);
            filled += read;
            if (read < piece.Length)
                throw Invalid($"{claimed} bytes after the header, as it says", $"only {filled}");
        }
        RequireEnd(claimed, headerLength);
        return payload;
    }

    /// <summary>The hash of all that has been read so far.</summary>
    public string Sha256() => Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant();

    /// <summary>The one error for content that does not fit.</summary>
    public ConvNetException Invalid(string expected, string found, Exception? cause = null) =>
        Invalid(_name, expected, found, cause);

    /// <summary>The one error for content that does not fit.</summary>
    public static ConvNetException Invalid(string file, string expected, string found, Exception? cause = null) =>
        new(
            ErrorIds.IdxFileInvalid,
            ErrorKind.InvalidData,
            $"{file} is not a valid IDX file: expected {expected:text}, found {found:text}. {Remedy:text}",
            file,
            cause
        );

    public void Dispose()
    {
        _gzip?.Dispose();
        _file.Dispose();
        _hash.Dispose();
    }

    private void RequirePlausible(long claimed, int headerLength)
    {
        if (claimed > IdxFile.MaximumBytes)
            throw Invalid($"at most {IdxFile.MaximumBytes} bytes", $"a header that claims {claimed}");
        if (_gzip is null && claimed != _fileLength - headerLength)
            throw Invalid($"{claimed} bytes after the header, as it says", $"{_fileLength - headerLength}");
        if (_gzip is not null && claimed > Math.Max(AlwaysPlausible, PlausibleRatio * _fileLength))
            throw Invalid(
                $"at most {Math.Max(AlwaysPlausible, PlausibleRatio * _fileLength)} bytes from {_fileLength} of gzip",
                $"a header that claims {claimed}"
            );
    }

    private void RequireEnd(long claimed, int headerLength)
    {
        Span<byte> beyond = stackalloc byte[1];
        if (Read(beyond) > 0)
            throw Invalid($"{claimed} bytes after the header, as it says", "more");
        if (_gzip is null)
            return;
        // .NET reads past a lost or lengthened end without a word; gzip's last four bytes are the content's length.
        Span<byte> trailer = stackalloc byte[4];
        _file.Position = _fileLength - trailer.Length;
        _file.ReadExactly(trailer);
        var stored = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (stored != (uint)(claimed + headerLength))
            throw Invalid(
                $"a gzip end that tells {claimed + headerLength} bytes of content",
                $"{stored}: the file is cut off or has bytes after its end"
            );
    }

    private static ConvNetException Unreadable(string path, Exception cause) =>
        new(
            ErrorIds.DataFileUnreadable,
            cause is FileNotFoundException or DirectoryNotFoundException ? ErrorKind.NotFound : ErrorKind.Unavailable,
            $"{path} can't be read: {FileFault.Sentence(cause):text} Check that the file exists and that you may read it.",
            path,
            cause
        );
}
