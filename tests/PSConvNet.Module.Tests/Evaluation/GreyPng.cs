using System.Buffers.Binary;
using System.IO.Compression;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>Writes grey pictures as PNG by the specification (W3C PNG, section 5), with nothing the product uses.</summary>
internal static class GreyPng
{
    private static readonly byte[] s_signature = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A];

    /// <summary>The file's bytes.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        // Eight bits, grey, the only compression and filter methods there are, not interlaced.
        header[8] = 8;
        var content = new MemoryStream();
        using (var zlib = new ZLibStream(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                // Every row begins with its filter: none.
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(y * width, width));
            }
        }
        return
        [
            .. s_signature,
            .. Chunk("IHDR"u8, header),
            .. Chunk("IDAT"u8, content.ToArray()),
            .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] typed = [.. type, .. content];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(typed));
        return [.. length, .. typed, .. checksum];
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
