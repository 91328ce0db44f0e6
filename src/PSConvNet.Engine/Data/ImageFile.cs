using System.Runtime.CompilerServices;
using PSConvNet.Runtime;
using SkiaSharp;

namespace PSConvNet;

/// <summary>Reads a picture (PNG, JPEG, BMP, GIF, WebP) as one sample for a network.</summary>
public static class ImageFile
{
    /// <summary>The largest picture that is decoded, in pixels: 50 million, what a good phone takes.</summary>
    public const long MaximumPixels = 50_000_000;

    // A JPEG's own limit. Of a picture one pixel wide and fifty million high, each row would be made as wide as the sample.
    private const int MaximumSide = 65_535;

    private const long MaximumBytes = 256L << 20;

    private const int BandPixels = 1 << 18;

    /// <summary>Reads, turns upright as the camera noted, resizes and converts a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">
    /// The sample's shape: height x width or height x width x 1 for grey (Rec. 601 luma), height x width x 3 for red, green, blue.
    /// The picture is stretched to it.
    /// </param>
    /// <param name="invert">Turn dark on light, as on paper, into light on dark, as in MNIST.</param>
    /// <returns><paramref name="target"/>.Size bytes, 0 to 255. Transparent places are white, before inverting.</returns>
    /// <exception cref="ConvNetException">
    /// <c>FileNotFound</c>; <c>ImageFileInvalid</c>: not a whole picture of a known format, or too large;
    /// <c>ImageShapeUnsupported</c>: <paramref name="target"/> is no picture; <c>DataFileUnreadable</c>; <c>NativeLibraryMissing</c>.
    /// </exception>
    public static byte[] Read(string path, Shape target, bool invert = false)
    {
        var channels = target.Rank switch
        {
            2 => 1,
            3 when target[2] is 1 or 3 => target[2],
            _ => throw new ConvNetException(
                "ImageShapeUnsupported",
                ErrorKind.InvalidArgument,
                $"A picture can't become {target}: the shape must be height x width, height x width x 1 (grey) or height x width x 3 (colour).",
                target
            ),
        };
        return Read(path, (_, _) => (target[0], target[1]), channels, invert).Pixels;
    }

    /// <summary>Reads a picture in colour to look at it: in its own shape, no larger than asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">The most pixels a side, at least 1; a larger picture is reduced, a smaller one stays.</param>
    /// <exception cref="ConvNetException">As <see cref="Read(string, Shape, bool)"/>.</exception>
    public static ImageSample ReadThumbnail(string path, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var (pixels, height, width) = Read(path, Reduced, channels: 3, invert: false);
        return new ImageSample(pixels, new Shape(height, width, 3));

        (int, int) Reduced(int height, int width)
        {
            var scale = Math.Min(1, (double)side / Math.Max(height, width));
            return (Math.Max(1, (int)Math.Round(height * scale)), Math.Max(1, (int)Math.Round(width * scale)));
        }
    }

    /// <param name="path">The file.</param>
    /// <param name="size">The height and width wanted, of those of the upright picture.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="invert">Whether light and dark are exchanged.</param>
    private static (byte[] Pixels, int Height, int Width) Read(
        string path,
        Func<int, int, (int Height, int Width)> size,
        int channels,
        bool invert
    )
    {
        if (!File.Exists(path))
            throw new ConvNetException(
                "FileNotFound",
                ErrorKind.NotFound,
                $"There is no picture at {path}; check the path.",
                path
            );
        var content = ReadContent(path);
        try
        {
            return Decode(path, content, size, channels, invert);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or FileNotFoundException)
        {
            throw new ConvNetException(
                "NativeLibraryMissing",
                ErrorKind.Unavailable,
                $"SkiaSharp, which reads pictures, can't be loaded from {DependencyContext.Folder}: build the project again (dotnet build -c Release) or reinstall the module.",
                DependencyContext.Folder,
                e
            );
        }
    }

    private static byte[] ReadContent(string path)
    {
        try
        {
            // A link's own length is not that of its file.
            var length = (
                File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)
            ).Length;
            // A pipe has no length either, and reading one would wait for ever.
            if (length == 0)
                throw Invalid(path, "it is empty");
            if (length > MaximumBytes)
                throw Invalid(path, $"it has {length} bytes, and at most {MaximumBytes} are read");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConvNetException(
                "DataFileUnreadable",
                ErrorKind.Unavailable,
                $"{path} can't be read: {e.Message} Check that you may read it.",
                path,
                e
            );
        }
    }

    /// <summary>A decoded picture: height x width x 4 bytes, red, green, blue, alpha (not premultiplied).</summary>
    private readonly ref struct Picture(ReadOnlySpan<byte> rgba, int height, int width, SKEncodedOrigin origin)
    {
        public ReadOnlySpan<byte> Rgba { get; } = rgba;
        public int Height { get; } = height;
        public int Width { get; } = width;
        public SKEncodedOrigin Origin { get; } = origin;
        public bool IsTurned => Origin >= SKEncodedOrigin.LeftTop;
    }

    // Not inlined: the JIT resolves SkiaSharp when it compiles this, and a failure of that must end in the caller's handler.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (byte[] Pixels, int Height, int Width) Decode(
        string path,
        byte[] content,
        Func<int, int, (int Height, int Width)> size,
        int channels,
        bool invert
    )
    {
        using var data = SKData.CreateCopy(content);
        using var codec =
            SKCodec.Create(data)
            ?? throw Invalid(path, "its content is no picture of a known format (PNG, JPEG, BMP, GIF, WebP)");
        var (storedWidth, storedHeight) = (codec.Info.Width, codec.Info.Height);
        if (
            storedWidth is < 1 or > MaximumSide
            || storedHeight is < 1 or > MaximumSide
            || (long)storedWidth * storedHeight > MaximumPixels
        )
            throw Invalid(
                path,
                $"it is {storedWidth} x {storedHeight} pixels, and at most {MaximumPixels} pixels are decoded, of no more than {MaximumSide} a side"
            );
        using var bitmap = new SKBitmap(
            new SKImageInfo(storedWidth, storedHeight, SKColorType.Rgba8888, SKAlphaType.Unpremul)
        );
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw Invalid(path, $"its content is damaged or cut off ({result})");
        var picture = new Picture(bitmap.GetPixelSpan(), storedHeight, storedWidth, codec.EncodedOrigin);
        // The camera may have lain on its side: then the stored rows are columns.
        var (height, width) = picture.IsTurned ? size(storedWidth, storedHeight) : size(storedHeight, storedWidth);
        return (Convert(picture, height, width, channels, invert), height, width);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] Convert(Picture picture, int height, int width, int channels, bool invert)
    {
        var stored = Resize(picture, picture.IsTurned ? width : height, picture.IsTurned ? height : width, channels);
        var sample = new byte[height * width * channels];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (row, column) = Stored(picture.Origin, y, x, height, width);
            for (var c = 0; c < channels; c++)
            {
                var level = stored[(row * (picture.IsTurned ? height : width) + column) * channels + c];
                sample[(y * width + x) * channels + c] = (byte)
                    Math.Clamp((invert ? 255 - level : level) + 0.5f, 0, 255);
            }
        }
        return sample;
    }

    /// <summary>
    /// Flattens and resizes a picture, some rows at a time: as numbers, a large one would take several times its own memory.
    /// </summary>
    private static float[] Resize(Picture picture, int height, int width, int channels)
    {
        var narrow = new float[picture.Height * width * channels];
        var rows = Math.Clamp(BandPixels / picture.Width, 1, picture.Height);
        var band = new float[rows * picture.Width * channels];
        for (var top = 0; top < picture.Height; top += rows)
        {
            var count = Math.Min(rows, picture.Height - top);
            Flatten(picture.Rgba.Slice(top * picture.Width * 4, count * picture.Width * 4), channels, band);
            ImageResampler
                .ResizeRows(band, count, picture.Width, channels, width)
                .AsSpan(0, count * width * channels)
                .CopyTo(narrow.AsSpan(top * width * channels));
        }
        return ImageResampler.ResizeColumns(narrow, picture.Height, width * channels, height);
    }

    /// <summary>Where the upright picture's pixel lies in the stored one; the EXIF orientations 1 to 8.</summary>
    private static (int Row, int Column) Stored(SKEncodedOrigin origin, int y, int x, int height, int width) =>
        origin switch
        {
            SKEncodedOrigin.TopRight => (y, width - 1 - x),
            SKEncodedOrigin.BottomRight => (height - 1 - y, width - 1 - x),
            SKEncodedOrigin.BottomLeft => (height - 1 - y, x),
            SKEncodedOrigin.LeftTop => (x, y),
            SKEncodedOrigin.RightTop => (width - 1 - x, y),
            SKEncodedOrigin.RightBottom => (width - 1 - x, height - 1 - y),
            SKEncodedOrigin.LeftBottom => (x, height - 1 - y),
            _ => (y, x),
        };

    /// <summary>Lays the picture on white paper; grey or red, green, blue in 0 to 255.</summary>
    private static void Flatten(ReadOnlySpan<byte> rgba, int channels, Span<float> flat)
    {
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += channels)
        {
            var alpha = rgba[from + 3] / 255f;
            var paper = 255 * (1 - alpha);
            var red = alpha * rgba[from] + paper;
            var green = alpha * rgba[from + 1] + paper;
            var blue = alpha * rgba[from + 2] + paper;
            if (channels == 1)
                flat[to] = 0.299f * red + 0.587f * green + 0.114f * blue;
            else
                (flat[to], flat[to + 1], flat[to + 2]) = (red, green, blue);
        }
    }

    private static ConvNetException Invalid(string path, string reason) =>
        new(
            "ImageFileInvalid",
            ErrorKind.InvalidData,
            $"{path} can't be used as a picture: {reason}. Save it again as PNG or JPEG.",
            path
        );
}
