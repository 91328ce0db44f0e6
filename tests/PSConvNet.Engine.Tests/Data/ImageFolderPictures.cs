using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace PSConvNet.Tests.Data;

/// <summary>Pictures for the tests of folders: PNG and JPEG by Skia, BMP by hand.</summary>
internal static class ImageFolderPictures
{
    public static byte[] Encode(
        int width,
        int height,
        Func<int, int, SKColor> color,
        SKEncodedImageFormat format = SKEncodedImageFormat.Png
    )
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        // SetPixel would take a minute for a photograph.
        var rgba = new byte[width * height * 4];
        for (var i = 0; i < width * height; i++)
        {
            var c = color(i % width, i / width);
            (rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]) = (c.Red, c.Green, c.Blue, c.Alpha);
        }
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    /// <summary>A small PNG of one grey level, by which a test knows it again.</summary>
    public static byte[] Plain(int level) => Encode(2, 2, (_, _) => Grey(level));

    public static SKColor Grey(int level) => new((byte)level, (byte)level, (byte)level);

    /// <summary>24 bits a pixel, blue first, the lowest row first, rows filled up to four bytes.</summary>
    public static byte[] Bmp(int width, int height, Func<int, int, SKColor> color)
    {
        const int headers = 54;
        var stride = (width * 3 + 3) / 4 * 4;
        var bytes = new byte[headers + stride * height];
        "BM"u8.CopyTo(bytes);
        Put(2, bytes.Length);
        Put(10, headers);
        Put(14, 40);
        Put(18, width);
        Put(22, height);
        bytes[26] = 1;
        bytes[28] = 24;
        Put(34, stride * height);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var at = headers + (height - 1 - y) * stride + x * 3;
            (bytes[at], bytes[at + 1], bytes[at + 2]) = (color(x, y).Blue, color(x, y).Green, color(x, y).Red);
        }
        return bytes;

        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
    }

    /// <summary>A JPEG with an EXIF segment that notes how the camera lay.</summary>
    public static byte[] Oriented(byte[] jpeg, byte orientation)
    {
        // A TIFF block of one entry: tag 0x0112, one short.
        byte[] tiff = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>The beginning of a PNG that claims a size; nothing of it is there.</summary>
    public static byte[] Claim(int width, int height)
    {
        byte[] header = [.. "IHDR"u8, .. Word(width), .. Word(height), 8, 2, 0, 0, 0];
        byte[] signature = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A];
        return
        [
            .. signature,
            .. Word(13),
            .. header,
            .. Word((int)Crc32(header)),
            .. Word(0),
            .. "IDAT"u8,
            .. Word((int)Crc32("IDAT"u8)),
        ];
    }

    private static byte[] Word(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
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

/// <summary>Keeps what a reading tells.</summary>
internal sealed class ImageFolderRecorder : IImageFolderObserver
{
    public List<(int Done, int Count)> Steps { get; } = [];

    public List<ConvNetException> Unreadable { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Messages { get; } = [];

    /// <summary>Is called at every step.</summary>
    public Action<int>? Step { get; init; }

    public void OnRead(int done, int count)
    {
        Steps.Add((done, count));
        Step?.Invoke(done);
    }

    public void OnUnreadable(ConvNetException reason) => Unreadable.Add(reason);

    public void OnWarning(string message) => Warnings.Add(message);

    public void OnMessage(string message) => Messages.Add(message);
}
