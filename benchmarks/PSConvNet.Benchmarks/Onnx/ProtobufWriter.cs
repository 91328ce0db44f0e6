using System.Buffers;
using System.Text;

namespace PSConvNet.Benchmarks.Onnx;

/// <summary>Writes the wire format of Protocol Buffers, as much of it as an ONNX file needs.</summary>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0;
    private const int LengthType = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtobufWriter Number(int field, long value)
    {
        Varint((ulong)(field << 3 | VarintType));
        Varint((ulong)value);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Raw(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)(field << 3 | LengthType));
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtobufWriter Message(int field, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        write(message);
        return Raw(field, message.Bytes);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
