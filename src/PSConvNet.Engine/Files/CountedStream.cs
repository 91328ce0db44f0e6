using System.Security.Cryptography;

namespace PSConvNet.Files;

/// <summary>A stream that is only read forward, has just as many bytes as was claimed, and is summed up on the way.</summary>
/// <param name="inner">The stream that is read.</param>
/// <param name="length">How many bytes it has.</param>
/// <param name="crc">The CRC-32 it must have.</param>
internal sealed class CountedStream(Stream inner, long length, uint crc) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Crc32 _crc = new();
    private long _position;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => length;

    /// <inheritdoc />
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer[..(int)Math.Min(buffer.Length, length - _position)]);
        _hash.AppendData(buffer[..count]);
        _crc.Add(buffer[..count]);
        _position += count;
        return count;
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what is left, and makes sure that it ends there.</summary>
    /// <returns>The SHA-256 of all of it, in capital letters.</returns>
    /// <exception cref="InvalidDataException">There is less, or more, or it has another CRC-32.</exception>
    public string Drain()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0) { }
        if (_position < length || inner.Read(rest) > 0)
            throw new InvalidDataException($"There aren't exactly {Counted.Of(length, "byte")}.");
        if (_crc.Value != crc)
            throw new InvalidDataException("The CRC-32 doesn't match.");
        return Convert.ToHexString(_hash.GetCurrentHash());
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc />
    public override void Flush() { }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
