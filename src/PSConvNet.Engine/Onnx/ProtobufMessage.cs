using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace PSConvNet.Onnx;

/// <summary>
/// A message in the wire format of Protocol Buffers, as much of it as an ONNX file needs. It knows its length before anything is
/// written, so that messages within messages need no buffers, and asks for large values when their turn comes.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly List<Action<Stream>> _parts = [];

    /// <summary>How many bytes <see cref="WriteTo"/> writes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds an integer.</summary>
    public ProtobufMessage Integer(int field, long value) =>
        Bytes([.. Varint(Tag(field, VarintType)), .. Varint((ulong)value)]);

    /// <summary>Adds an fp32 number.</summary>
    public ProtobufMessage Single(int field, float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Bytes([.. Varint(Tag(field, Fixed32Type)), .. bytes]);
    }

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Text(int field, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return Bytes([.. Header(field, bytes.Length), .. bytes]);
    }

    /// <summary>Adds a message, to which nothing is added any more.</summary>
    public ProtobufMessage Message(int field, ProtobufMessage message) =>
        Bytes(Header(field, message.Length)).Add(message.Length, message.WriteTo);

    /// <summary>Adds fp32 numbers as the bytes they are in memory.</summary>
    /// <param name="field">The field.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">Gives them; called once for each time the message is written.</param>
    public ProtobufMessage Singles(int field, int count, Func<ReadOnlyMemory<float>> values)
    {
        var length = (long)count * sizeof(float);
        return Bytes(Header(field, length)).Add(length, stream => Write(stream, values().Span));
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var part in _parts)
            part(stream);
    }

    /// <summary>Blockwise, since a span of bytes can't be longer than 2 GB and one of floats can.</summary>
    private static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        const int block = 1 << 20;
        for (var start = 0; start < values.Length; start += block)
            stream.Write(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(block, values.Length - start))));
    }

    private ProtobufMessage Bytes(byte[] bytes) => Add(bytes.Length, stream => stream.Write(bytes));

    private ProtobufMessage Add(long length, Action<Stream> part)
    {
        Length += length;
        _parts.Add(part);
        return this;
    }

    private static byte[] Header(int field, long length) =>
        [.. Varint(Tag(field, LengthType)), .. Varint((ulong)length)];

    private static ulong Tag(int field, int type) => (ulong)(field << 3 | type);

    private static List<byte> Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
