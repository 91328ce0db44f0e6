using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace PSConvNet.Tests.Data;

/// <summary>Makes IDX files byte by byte, independently of the reader.</summary>
internal static class IdxBytes
{
    public static byte[] Header(params uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), words[i]);
        return bytes;
    }

    public static byte[] Images(int count, int height = 28, int width = 28, int seed = 1)
    {
        var pixels = new byte[count * height * width];
        new Random(seed).NextBytes(pixels);
        return [.. Header(0x803, (uint)count, (uint)height, (uint)width), .. pixels];
    }

    public static byte[] Labels(int count) =>
        [.. Header(0x801, (uint)count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    public static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    public static string Sha256(byte[] content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
}
