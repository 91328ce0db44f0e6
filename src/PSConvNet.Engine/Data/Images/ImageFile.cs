using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace PSConvNet.Data;

/// <summary>Reads a picture (PNG, JPEG, BMP, GIF, WebP) as one sample for a network.</summary>
public static class ImageFile
{
    /// <summary>The largest picture that is decoded, in pixels: 50 million, what a good phone takes.</summary>
    public const long MaximumPixels = 50_000_000;

    // A JPEG's own limit. Of a picture one pixel wide and fifty million high, each row would be made as wide as the sample.
    private const int MaximumSide = 65_535;

    private const int WithAlpha = 4;

    private const string Again = "Save it again as PNG or JPEG.";

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
    public static byte[] Read(string path, Shape target, bool invert = false) =>
        Read(path, target, invert, new ImageMemory());

    /// <summary>Reads a picture in colour to look at it: in its own shape, no larger than asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">The most pixels a side, at least 1; a larger picture is reduced, a smaller one stays.</param>
    /// <exception cref="ConvNetException">As <see cref="Read(string, Shape, bool)"/>.</exception>
    public static ImageSample ReadThumbnail(string path, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var (pixels, height, width) = Read(
            path,
            (height, width) => Within(side, height, width),
            channels: 3,
            invert: false,
            new ImageMemory()
        );
        return new ImageSample(pixels, new Shape(height, width, 3));
    }

    private static (int Height, int Width) Within(int side, int height, int width)
    {
        var scale = Math.Min(1, (double)side / Math.Max(height, width));
        return (Math.Max(1, (int)Math.Round(height * scale)), Math.Max(1, (int)Math.Round(width * scale)));
    }

    /// <summary>Reads a picture to prepare it: upright, in colour and with its transparency, no larger than asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">The most pixels a side, at least 1; a larger picture is reduced, a smaller one stays.</param>
    /// <exception cref="ConvNetException">As <see cref="Read(string, Shape, bool)"/>.</exception>
    public static PixelPicture ReadPicture(string path, int side = ImagePreparation.WorkingSide) =>
        ReadPicture(path, side, new ImageMemory());

    /// <summary>Reads as <see cref="ReadPicture(string, int)"/> does, within memory that others share.</summary>
    internal static PixelPicture ReadPicture(string path, int side, ImageMemory memory)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var (originalHeight, originalWidth) = (0, 0);
        var (pixels, height, width) = Read(path, Reduced, WithAlpha, invert: false, memory);
        // Colours were multiplied by alpha, so that clear pixels' colours count for nothing in a mean.
        for (var at = 0; at < pixels.Length; at += WithAlpha)
        {
            int alpha = pixels[at + 3];
            if (alpha is 0 or 255)
                continue;
            for (var c = 0; c < 3; c++)
                pixels[at + c] = (byte)Math.Min(255, (pixels[at + c] * 255 + alpha / 2) / alpha);
        }
        return new PixelPicture(width, height, pixels)
        {
            OriginalWidth = originalWidth,
            OriginalHeight = originalHeight,
        };

        (int, int) Reduced(int height, int width)
        {
            (originalHeight, originalWidth) = (height, width);
            return Within(side, height, width);
        }
    }

    /// <summary>Reads as <see cref="Read(string, Shape, bool)"/> does, within memory that others share.</summary>
    internal static byte[] Read(string path, Shape target, bool invert, ImageMemory memory) =>
        Read(path, (_, _) => (target[0], target[1]), Channels(target), invert, memory).Pixels;

    private static int Channels(Shape target) =>
        target.Rank switch
        {
            2 => 1,
            3 when target[2] is 1 or 3 => target[2],
            _ => throw new ConvNetException(
                ErrorIds.ImageShapeUnsupported,
                ErrorKind.InvalidArgument,
                $"A picture can't become {target}: the shape must be height x width, height x width x 1 (grey) or height x width x 3 (colour).",
                target
            ),
        };

    /// <param name="path">The file.</param>
    /// <param name="size">The height and width wanted, of those of the upright picture.</param>
    /// <param name="channels">1 for grey, 3 for colour, 4 for colour, multiplied by alpha, and alpha.</param>
    /// <param name="invert">Whether light and dark are exchanged.</param>
    /// <param name="memory">What it may take.</param>
    private static (byte[] Pixels, int Height, int Width) Read(
        string path,
        Func<int, int, (int Height, int Width)> size,
        int channels,
        bool invert,
        ImageMemory memory
    )
    {
        var length = Length(path);
        using var lease = memory.Files.Take(length);
        try
        {
            return Decode(path, length, size, channels, invert, memory.Decoding);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or FileNotFoundException)
        {
            throw new ConvNetException(
                ErrorIds.NativeLibraryMissing,
                ErrorKind.Unavailable,
                $"SkiaSharp, which reads pictures, can't be loaded from {DependencyContext.Folder}: build the project again (dotnet build -c Release) or install PSConvNet again.",
                DependencyContext.Folder,
                e
            );
        }
    }

    private static long Length(string path)
    {
        if (!File.Exists(path))
            throw new ConvNetException(
                ErrorIds.FileNotFound,
                ErrorKind.NotFound,
                Directory.Exists(path)
                    ? MessageText.Of($"{path} is a folder; name the pictures in it, such as {Path.Combine(path, "*")}.")
                    : MessageText.Of($"{path} doesn't exist; check the path."),
                path
            );
        return Open(
            path,
            () =>
            {
                // A link's own length is not that of its file.
                var length = (
                    File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)
                ).Length;
                if (RegularFile.IsSpecial(path))
                    throw Invalid(path, "it is a pipe or a device, not a file");
                if (length == 0)
                    throw Invalid(path, "it is empty");
                return length <= ImageMemory.LargestFile
                    ? length
                    : throw Invalid(
                        path,
                        $"it has {length} bytes, and at most {ImageMemory.LargestFile} are read",
                        Again
                    );
            }
        );
    }

    /// <summary>A file's content, in memory that is given back at once.</summary>
    private static SKData Content(string path, long length)
    {
        var content = SKData.Create(length);
        try
        {
            return Open(path, () => Fill(path, content));
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static SKData Fill(string path, SKData content)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var rest = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(content.AsSpan()), (int)content.Size);
        for (var done = 0; rest.Length > 0; )
        {
            var read = RandomAccess.Read(file, rest, done);
            if (read == 0)
                throw Invalid(path, "it became shorter while it was read", "Try again.");
            rest = rest[read..];
            done += read;
        }
        return content;
    }

    private static T Open<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConvNetException(
                ErrorIds.DataFileUnreadable,
                ErrorKind.Unavailable,
                $"{path} can't be read: {e.Message:text} Check that you may read it.",
                path,
                e
            );
        }
    }

    // Not inlined: the JIT resolves SkiaSharp when it compiles this, and a failure of that must end in the caller's handler.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (byte[] Pixels, int Height, int Width) Decode(
        string path,
        long length,
        Func<int, int, (int Height, int Width)> size,
        int channels,
        bool invert,
        MemoryBudget memory
    )
    {
        using var content = Content(path, length);
        var signature = ImageSignature.Of(content.AsSpan());
        if (signature?.Format is not { } format)
            throw Invalid(
                path,
                signature is null
                    ? $"its content isn't a picture of a known format ({ImageSignature.Formats})"
                    : $"its content is {signature.Name}, and the formats that can be read are {ImageSignature.Formats}",
                signature is { IsPicture: true } ? "Convert it to PNG or JPEG." : Again
            );
        var layout = ImageLayout.Of(format, content.AsSpan());
        using var codec = SKCodec.Create(content) ?? throw Damaged(path, format, "its header is invalid");
        var rows = new ImageRows(codec, layout.Decoding);
        var (storedHeight, storedWidth) = (rows.Height, rows.Width);
        if (
            storedWidth is < 1 or > MaximumSide
            || storedHeight is < 1 or > MaximumSide
            || (long)storedWidth * storedHeight > MaximumPixels
        )
            throw Invalid(
                path,
                $"it is {storedWidth} x {storedHeight} pixels, and at most {MaximumPixels} pixels are decoded, and at most {MaximumSide} per side",
                "Make it smaller."
            );
        if (!layout.IsWhole)
            throw Damaged(path, format, "it ends early");

        // The camera may have lain on its side: then the stored rows are columns.
        var isTurned = ImageOrientation.IsTurned(layout.Orientation);
        var (height, width) = isTurned ? size(storedWidth, storedHeight) : size(storedHeight, storedWidth);
        var (newHeight, newWidth) = isTurned ? (width, height) : (height, width);
        if (channels == WithAlpha && format == ImageFormat.Jpeg)
        {
            rows = new ImageRows(codec, layout.Decoding, size: Reduced(codec, newHeight, newWidth));
            (storedWidth, storedHeight) = (rows.Width, rows.Height);
        }
        var needed =
            rows.Memory
            + (long)(layout.HeldPerPixel * codec.Info.Height * codec.Info.Width)
            + sizeof(float) * (long)storedWidth * channels
            + ImageResampler.Memory(storedHeight, storedWidth, channels, newHeight, newWidth)
            + (long)height * width * channels;
        if (needed > ImageMemory.LargestPicture)
            throw Invalid(
                path,
                $"decoding it would take {needed >> 20} MB, and at most {ImageMemory.LargestPicture >> 20} MB are used: a {signature.Name} like this one can't be decoded in bands",
                "Make it smaller, or save it as a PNG that isn't interlaced or a JPEG that isn't progressive."
            );
        using var lease = memory.Take(needed);
        // Of a reduced photograph counting blocks takes as long as decoding, so both are done at the same time; but many scans are counted
        // before they are decoded.
        var count =
            format != ImageFormat.Jpeg ? Task.FromResult(true)
            : layout.HeldPerPixel == 0 ? Task.Run(() => JpegScans.AreWhole(content.AsSpan()))
            : Task.FromResult(JpegScans.AreWhole(content.AsSpan()));
        if (count is { IsCompletedSuccessfully: true, Result: false })
            throw Damaged(path, format, "its content is damaged or ends early");
        var resampler = new ImageResampler(storedHeight, storedWidth, channels, newHeight, newWidth);
        var line = new float[storedWidth * channels];
        SKCodecResult result;
        try
        {
            result = rows.Decode(
                (y, row) =>
                {
                    Flatten(row, rows.IsGrey, channels, line);
                    resampler.Add(y, line);
                }
            );
        }
        finally
        {
            // The content is not let go while somebody reads it.
            ((IAsyncResult)count).AsyncWaitHandle.WaitOne();
        }
        if (!count.GetAwaiter().GetResult())
            throw Damaged(path, format, "its content is damaged or ends early");
        return result == SKCodecResult.Success
            ? (
                ImageOrientation.Upright(resampler.Result, layout.Orientation, height, width, channels, invert),
                height,
                width
            )
            : throw Damaged(path, format, $"its content is damaged or ends early ({result})");
    }

    /// <summary>
    /// The smallest size that a JPEG's decoder gives by leaving out fine detail, an eighth, a quarter or a half, and that is large enough: it
    /// takes a fraction of the time.
    /// </summary>
    private static SKSizeI Reduced(SKCodec codec, int height, int width)
    {
        foreach (var scale in (ReadOnlySpan<float>)[0.125f, 0.25f, 0.5f])
        {
            var size = codec.GetScaledDimensions(scale);
            if (size.Height >= height && size.Width >= width && size.Height < codec.Info.Height)
                return size;
        }
        return codec.Info.Size;
    }

    /// <summary>Lays a row on white paper, or multiplies it by alpha where that is wanted; grey or red, green, blue in 0 to 255.</summary>
    private static void Flatten(ReadOnlySpan<byte> row, bool isGrey, int channels, Span<float> flat)
    {
        if (channels == WithAlpha)
        {
            if (isGrey)
            {
                for (int from = 0, to = 0; from < row.Length; from++, to += WithAlpha)
                {
                    flat.Slice(to, 3).Fill(row[from]);
                    flat[to + 3] = 255;
                }
                return;
            }
            var isOpaque = true;
            for (var at = 3; at < row.Length; at += WithAlpha)
                isOpaque &= row[at] == 255;
            if (isOpaque)
            {
                ToFloats(row, flat);
                return;
            }
            for (var at = 0; at + 3 < row.Length; at += WithAlpha)
            {
                var alpha = row[at + 3] / 255f;
                for (var c = 0; c < 3; c++)
                    flat[at + c] = alpha * row[at + c];
                flat[at + 3] = row[at + 3];
            }
            return;
        }
        if (isGrey)
        {
            for (int from = 0, to = 0; from < row.Length; from++, to += channels)
                flat.Slice(to, channels).Fill(row[from]);
            return;
        }
        for (int from = 0, to = 0; from + 3 < row.Length; from += 4, to += channels)
        {
            float red = row[from];
            float green = row[from + 1];
            float blue = row[from + 2];
            if (row[from + 3] < 255)
            {
                var alpha = row[from + 3] / 255f;
                var paper = 255 * (1 - alpha);
                (red, green, blue) = (alpha * red + paper, alpha * green + paper, alpha * blue + paper);
            }
            if (channels == 1)
                flat[to] = 0.299f * red + 0.587f * green + 0.114f * blue;
            else
                (flat[to], flat[to + 1], flat[to + 2]) = (red, green, blue);
        }
    }

    private static void ToFloats(ReadOnlySpan<byte> row, Span<float> flat)
    {
        var at = 0;
        for (; at + Vector<byte>.Count <= row.Length; at += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[at..]), out var low, out var high);
            Widen(low, flat[at..]);
            Widen(high, flat[(at + Vector<ushort>.Count)..]);
        }
        for (; at < row.Length; at++)
            flat[at] = row[at];

        static void Widen(Vector<ushort> levels, Span<float> to)
        {
            Vector.Widen(levels, out var low, out var high);
            Vector.ConvertToSingle(Vector.AsVectorInt32(low)).CopyTo(to);
            Vector.ConvertToSingle(Vector.AsVectorInt32(high)).CopyTo(to[Vector<uint>.Count..]);
        }
    }

    private static ConvNetException Damaged(string path, ImageFormat format, string reason) =>
        Invalid(path, $"it is a {format.ToString().ToUpperInvariant()}, but {reason}", "Use another copy of it.");

    private static ConvNetException Invalid(string path, string reason, string remedy = Again) =>
        new(
            ErrorIds.ImageFileInvalid,
            ErrorKind.InvalidData,
            $"{path} can't be used as a picture: {reason:text}. {remedy:text}",
            path
        );
}
