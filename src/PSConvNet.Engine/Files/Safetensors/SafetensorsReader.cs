using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PSConvNet.Files;

/// <summary>
/// Reads a safetensors stream from front to back: the header, then tensor after tensor, each into memory the caller has. Nothing is
/// allocated that grows with what the header claims.
/// </summary>
internal sealed class SafetensorsReader(Stream stream, string file, string entry)
{
    private const int Block = 64 * 1024;

    private readonly byte[] _block = new byte[Block];
    private long _position;

    /// <summary>What there is.</summary>
    public SafetensorsHeader Header { get; } = SafetensorsHeader.Read(stream, file, entry);

    /// <summary>Reads one tensor's numbers as fp32; what lies before it is passed over. In the order of the header's list only.</summary>
    /// <param name="tensor">One of the header's.</param>
    /// <param name="values">As long as the tensor has numbers.</param>
    public void Read(TensorInfo tensor, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, tensor.Count);
        Skip(tensor.Begin - _position);
        var size = (int)TensorType.Bytes(tensor.Type, 1)!.Value;
        for (var done = 0; done < values.Length; )
        {
            var count = Math.Min(values.Length - done, Block / size);
            var bytes = _block.AsSpan(0, count * size);
            Fill(bytes);
            Convert(bytes, tensor.Type, values.Slice(done, count));
            done += count;
        }
    }

    private static void Convert(ReadOnlySpan<byte> bytes, string type, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                "BF16" => BitConverter.UInt32BitsToSingle(
                    (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16
                ),
                _ => throw new NotSupportedException($"{type} is no type of weights."),
            };
        }
    }

    private void Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while (count > 0)
        {
            var part = (int)Math.Min(count, Block);
            Fill(_block.AsSpan(0, part));
            count -= part;
        }
    }

    private void Fill(Span<byte> bytes)
    {
        try
        {
            stream.ReadExactly(bytes);
            _position += bytes.Length;
        }
        catch (EndOfStreamException e)
        {
            throw FileFault.Invalid(file, $"{entry}, byte {_position} of the data", "it ends there", e);
        }
    }
}
