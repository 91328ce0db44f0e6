using System.Buffers.Binary;
using System.IO.Compression;
using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>Changes IDX files; packed ones are unpacked for it and packed again, and half of the time the header is made to count what is there.</summary>
internal sealed class IdxMutation : IMutation
{
    private const int Largest = 1 << 20;
    private const int CountAt = 4;
    private const int ImageHeader = 16;
    private const int LabelHeader = 8;
    private static readonly ByteMutation s_bytes = new();

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        if (random.Next(5) == 0 || Unpack(input) is not { } content)
            return s_bytes.Apply(input, other, random);
        var mutated = s_bytes.Apply(content, Unpack(other) ?? other, random);
        if (random.Next(2) == 0)
            Count(mutated);
        return random.Next(3) == 0 ? Pack(mutated) : mutated;
    }

    private static void Count(byte[] idx)
    {
        if (idx.Length <= ImageHeader)
            return;
        if (idx[3] == 1)
        {
            BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(CountAt), idx.Length - LabelHeader);
            return;
        }
        var size =
            (long)BinaryPrimitives.ReadUInt32BigEndian(idx.AsSpan(8))
            * BinaryPrimitives.ReadUInt32BigEndian(idx.AsSpan(12));
        if (size > 0)
            BinaryPrimitives.WriteUInt32BigEndian(idx.AsSpan(CountAt), (uint)((idx.Length - ImageHeader) / size));
    }

    private static byte[]? Unpack(byte[] file)
    {
        if (file is not [0x1f, 0x8b, ..])
            return file;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
            var content = new byte[Largest];
            return content[..gzip.ReadAtLeast(content, Largest, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Pack(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return memory.ToArray();
    }
}
