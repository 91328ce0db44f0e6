using System.Buffers.Binary;
using System.Text;

namespace PSConvNet.Tests.TensorBoard;

/// <summary>
/// Reads event files by the published formats alone: TFRecord (tensorflow/core/lib/io/record_writer.h), CRC-32C (RFC 3720), Protocol Buffers'
/// encoding, and the field numbers of event.proto, summary.proto and histogram.proto. Stops, as TensorBoard does, where a record is not whole.
/// </summary>
internal static class EventReader
{
    /// <summary>The events of a run: its files in the order of their names, less what a restart takes back.</summary>
    public static List<ReadEvent> ReadRun(string folder)
    {
        var events = new List<ReadEvent>();
        foreach (var path in Directory.GetFiles(folder, "*tfevents*").Order(StringComparer.Ordinal))
        {
            foreach (var read in ReadFile(path))
            {
                if (read.IsRestart)
                    events.RemoveAll(before => before.Step >= read.Step);
                events.Add(read);
            }
        }
        return events;
    }

    public static List<ReadEvent> ReadFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return [.. Records(bytes).Select(record => new ReadEvent(Fields.Of(record)))];
    }

    /// <summary>CRC-32C bit by bit: the polynomial 0x1EDC6F41, lowest bit first.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        }
        return crc ^ 0xFFFFFFFFu;
    }

    private static List<byte[]> Records(byte[] bytes)
    {
        var records = new List<byte[]>();
        for (var at = 0; at + 12 <= bytes.Length; )
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            if (at + 16 + length > bytes.Length)
                break;
            var data = bytes.AsSpan(at + 12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            records.Add(data.ToArray());
            at += 16 + length;
        }
        return records;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }
}

/// <summary>An event as it was read.</summary>
internal sealed class ReadEvent(Fields fields)
{
    public double WallTime => fields.Double(1);

    public long Step => fields.Integer(2);

    public string? Version => fields.Text(3);

    public bool IsRestart => fields.Messages(7).Any(log => log.Integer(1) == 1);

    /// <summary>The values of its summary by tag.</summary>
    public Dictionary<string, Fields> Values =>
        fields.Messages(5).SelectMany(summary => summary.Messages(1)).ToDictionary(value => value.Text(1)!);

    public float Scalar(string tag) => Values[tag].Single(2);
}

/// <summary>A message's fields by number, undecoded.</summary>
internal sealed class Fields
{
    private readonly List<(int Number, byte[] Content)> _all = [];

    public static Fields Of(byte[] message)
    {
        var fields = new Fields();
        for (var at = 0; at < message.Length; )
        {
            var tag = Varint(message, ref at);
            var (number, kind) = ((int)(tag >> 3), (int)(tag & 7));
            var length = kind switch
            {
                0 => VarintLength(message, at),
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                _ => throw new InvalidDataException($"Wire type {kind}"),
            };
            fields._all.Add((number, message[at..(at + length)]));
            at += length;
        }
        return fields;
    }

    public long Integer(int number)
    {
        var at = 0;
        return Last(number) is { } content ? (long)Varint(content, ref at) : 0;
    }

    public double Double(int number) => Last(number) is { } content ? BitConverter.ToDouble(content) : 0;

    public float Single(int number) => Last(number) is { } content ? BitConverter.ToSingle(content) : 0;

    public string? Text(int number) => Last(number) is { } content ? Encoding.UTF8.GetString(content) : null;

    public byte[] Bytes(int number) => Last(number) ?? [];

    public IEnumerable<Fields> Messages(int number) =>
        _all.Where(field => field.Number == number).Select(field => Of(field.Content));

    public double[] Doubles(int number) =>
        [
            .. _all.Where(f => f.Number == number)
                .SelectMany(f => f.Content.Chunk(8))
                .Select(c => BitConverter.ToDouble(c)),
        ];

    private byte[]? Last(int number) => _all.LastOrDefault(field => field.Number == number).Content;

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    private static int VarintLength(byte[] bytes, int at)
    {
        var end = at;
        Varint(bytes, ref end);
        return end - at;
    }
}
