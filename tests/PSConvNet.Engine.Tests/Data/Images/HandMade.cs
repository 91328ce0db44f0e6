using System.Buffers.Binary;
using System.IO.Compression;

namespace PSConvNet.Tests.Data.Images;

/// <summary>Picture files written by their formats' descriptions, without a library that also reads them.</summary>
internal static class HandMade
{
    /// <summary>A PNG of any colour type.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bits">Bits a sample.</param>
    /// <param name="type">0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha.</param>
    /// <param name="row">A row's bytes, without the filter's number.</param>
    /// <param name="before">Chunks between header and pixels.</param>
    public static byte[] Png(int width, int height, int bits, int type, Func<int, byte[]> row, params byte[][] before)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
                zlib.Write([0, .. row(y)]);
        }
        return Png(width, height, bits, type, interlaced: false, packed.ToArray(), before);
    }

    /// <summary>A PNG around pixels that are compressed already.</summary>
    public static byte[] Png(
        int width,
        int height,
        int bits,
        int type,
        bool interlaced,
        byte[] packed,
        params byte[][] before
    ) =>
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1A,
            0x0A,
            .. Chunk("IHDR", [.. Big(width), .. Big(height), (byte)bits, (byte)type, 0, 0, (byte)(interlaced ? 1 : 0)]),
            .. before.SelectMany(chunk => chunk),
            .. Chunk("IDAT", packed),
            .. Chunk("IEND", []),
        ];

    /// <summary>A PNG's chunk.</summary>
    public static byte[] Chunk(string kind, byte[] content)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(kind), .. content];
        return [.. Big(content.Length), .. named, .. Big((int)Crc32(named))];
    }

    /// <summary>A GIF of two colours, black and white; of several frames if wanted.</summary>
    public static byte[] Gif(int width, int height, Func<int, int, bool> isWhite, int frames = 1)
    {
        // Two bits a code are the least; a clear code before each pixel keeps codes at three.
        var codes = new List<int>();
        for (var i = 0; i < width * height; i++)
            codes.AddRange([4, isWhite(i % width, i / width) ? 1 : 0]);
        codes.Add(5);
        var data = new byte[(codes.Count * 3 + 7) / 8];
        for (var i = 0; i < codes.Count * 3; i++)
            data[i / 8] |= (byte)((codes[i / 3] >> (i % 3) & 1) << (i % 8));
        byte[] frame =
        [
            0x21,
            0xF9,
            4,
            0,
            5,
            0,
            0,
            0,
            0x2C,
            0,
            0,
            0,
            0,
            (byte)width,
            0,
            (byte)height,
            0,
            0,
            2,
            .. data.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]),
            0,
        ];
        return
        [
            .. "GIF89a"u8,
            (byte)width,
            0,
            (byte)height,
            0,
            0x80,
            0,
            0,
            0,
            0,
            0,
            255,
            255,
            255,
            .. Enumerable.Repeat(frame, frames).SelectMany(bytes => bytes),
            0x3B,
        ];
    }

    /// <summary>Puts a WebP's pixels into a container with a block of EXIF.</summary>
    public static byte[] Webp(byte[] plain, int width, int height, byte[] exif)
    {
        byte[] extended = [8, 0, 0, 0, .. Little(width - 1)[..3], .. Little(height - 1)[..3]];
        byte[] chunks =
        [
            .. "WEBPVP8X"u8,
            .. Little(extended.Length),
            .. extended,
            .. plain[12..],
            .. "EXIF"u8,
            .. Little(exif.Length),
            .. exif,
            .. new byte[exif.Length % 2],
        ];
        return [.. "RIFF"u8, .. Little(chunks.Length), .. chunks];
    }

    /// <summary>A block of EXIF that says how the camera was held, after another tag.</summary>
    public static byte[] Exif(int orientation, bool isLittle)
    {
        var (half, word) = isLittle
            ? ((Func<int, byte[]>)(v => [(byte)v, (byte)(v >> 8)]), Little)
            : ((Func<int, byte[]>)(v => [(byte)(v >> 8), (byte)v]), (Func<int, byte[]>)Big);
        return
        [
            .. isLittle ? "II"u8 : "MM"u8,
            .. half(42),
            .. word(8),
            .. half(2),
            .. half(0x0100),
            .. half(3),
            .. word(1),
            .. half(7),
            0,
            0,
            .. half(0x0112),
            .. half(3),
            .. word(1),
            .. half(orientation),
            0,
            0,
            .. word(0),
        ];
    }

    /// <summary>A JPEG with a segment of its own behind the first marker.</summary>
    public static byte[] WithApp1(byte[] jpeg, byte[] content) =>
        [
            .. jpeg[..2],
            0xFF,
            0xE1,
            (byte)((content.Length + 2) >> 8),
            (byte)(content.Length + 2),
            .. content,
            .. jpeg[2..],
        ];

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(int value) => BitConverter.GetBytes(value);

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
