using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PSConvNet.Files;

/// <summary>A tensor to write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Gives its numbers; called once, when they are written.</param>
internal sealed record NamedTensor(string Name, IReadOnlyList<long> Shape, Func<float[]> Values)
{
    /// <summary>How many bytes it takes.</summary>
    public long Bytes => Shape.Aggregate(4L, (product, dimension) => checked(product * dimension));
}

/// <summary>
/// Writes fp32 tensors as the reference writer does (huggingface/safetensors, <c>serialize</c>): sorted by name, metadata first, compact
/// JSON, spaces up to a multiple of eight bytes so that numbers are aligned.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    private delegate void BytesWriter(ReadOnlySpan<byte> bytes);

    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where it goes.</param>
    /// <param name="tensors">What it holds; no two of one name.</param>
    /// <param name="metadata">Texts by name; written in the order of their names.</param>
    /// <param name="withSum">Whether the metadata get a <see cref="SafetensorsSum"/>; the stream has to seek then.</param>
    public static void Write(
        Stream stream,
        IEnumerable<NamedTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        bool withSum = false
    )
    {
        var sorted = tensors.OrderBy(tensor => tensor.Name, Utf8Order.Instance).ToList();
        var texts = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>());
        if (withSum)
            texts[SafetensorsSum.Key] = SafetensorsSum.None;
        var header = Header(sorted, texts);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        Write(length);
        Write(header);
        var block = new byte[64 * 1024];
        foreach (var tensor in sorted)
            WriteValues(tensor.Values(), block, Write);
        if (withSum)
            SafetensorsSum.Write(stream, header, hash);

        void Write(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            if (withSum)
                hash.AppendData(bytes);
        }
    }

    private static byte[] Header(List<NamedTensor> tensors, Dictionary<string, string> metadata)
    {
        var json = new StringBuilder("{");
        if (metadata.Count > 0)
        {
            var texts = metadata.OrderBy(pair => pair.Key, Utf8Order.Instance);
            json.Append("\"__metadata__\":{")
                .AppendJoin(',', texts.Select(pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}"))
                .Append('}');
        }
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            if (json.Length > 1)
                json.Append(',');
            var end = offset + tensor.Bytes;
            json.Append(
                FormattableString.Invariant(
                    $"{Quote(tensor.Name)}:{{\"dtype\":\"{TensorType.Float32}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{offset},{end}]}}"
                )
            );
            offset = end;
        }
        var bytes = Encoding.UTF8.GetBytes(json.Append('}').ToString());
        var padded = new byte[(bytes.Length + Alignment - 1) / Alignment * Alignment];
        bytes.CopyTo(padded, 0);
        padded.AsSpan(bytes.Length).Fill((byte)' ');
        return padded;
    }

    private static void WriteValues(float[] values, byte[] block, BytesWriter write)
    {
        for (var done = 0; done < values.Length; )
        {
            var count = Math.Min(values.Length - done, block.Length / 4);
            for (var i = 0; i < count; i++)
                BinaryPrimitives.WriteSingleLittleEndian(block.AsSpan(4 * i), values[done + i]);
            write(block.AsSpan(0, 4 * count));
            done += count;
        }
    }

    private static string Quote(string text) =>
        $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>The order of the names' bytes, as Rust compares strings.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public static Utf8Order Instance { get; } = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
