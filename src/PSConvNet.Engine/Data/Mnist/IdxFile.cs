using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>Images read from an IDX file.</summary>
/// <param name="Count">How many there are, at least 1.</param>
/// <param name="Height">Rows of one image.</param>
/// <param name="Width">Columns of one image.</param>
/// <param name="Pixels">Count x Height x Width bytes, row by row.</param>
/// <param name="Sha256">The SHA-256 of the decompressed file, header included, in lower-case hexadecimal.</param>
internal sealed record IdxImages(int Count, int Height, int Width, byte[] Pixels, string Sha256);

/// <summary>Labels read from an IDX file.</summary>
/// <param name="Values">One class index an image.</param>
/// <param name="Sha256">The SHA-256 of the decompressed file, header included, in lower-case hexadecimal.</param>
internal sealed record IdxLabels(int[] Values, string Sha256);

/// <summary>
/// Reads the IDX files of MNIST and its kin (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"):
/// a big-endian header of magic number and dimensions, then unsigned bytes. Plain or gzip, told apart by content.
/// </summary>
/// <remarks>
/// Nothing a file claims is believed: memory follows the bytes that are there, the total is capped, and whatever does not fit
/// the format ends in one <c>IdxFileInvalid</c> error that names the file, what was expected and what was found.
/// </remarks>
internal static class IdxFile
{
    /// <summary>The largest payload that is read, in bytes: 1 GiB, ample for every published set of this format.</summary>
    public const long MaximumBytes = 1L << 30;

    private const int MaximumSide = 4096;
    private const uint ImageMagic = 0x0803;
    private const uint LabelMagic = 0x0801;

    /// <summary>Reads a file of images (magic number 0x00000803).</summary>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="ConvNetException"><c>IdxFileInvalid</c>, or <c>DataFileUnreadable</c> when it can't be opened.</exception>
    public static IdxImages ReadImages(string path, CancellationToken cancellation = default)
    {
        using var input = IdxInput.Open(path);
        return ReadImages(input, cancellation);
    }

    /// <summary>Reads a file of labels (magic number 0x00000801).</summary>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="classes">How many classes there are; a label is below it.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="ConvNetException"><c>IdxFileInvalid</c>, or <c>DataFileUnreadable</c> when it can't be opened.</exception>
    public static IdxLabels ReadLabels(string path, int classes, CancellationToken cancellation = default)
    {
        using var input = IdxInput.Open(path);
        return ReadLabels(input, classes, cancellation);
    }

    internal static IdxImages ReadImages(IdxInput input, CancellationToken cancellation)
    {
        Span<byte> header = stackalloc byte[16];
        ReadHeader(input, header, ImageMagic);
        var count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        var width = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        RequireCount(input, count, "images");
        if (height is < 1 or > MaximumSide || width is < 1 or > MaximumSide)
            throw input.Invalid($"images of 1 x 1 to {MaximumSide} x {MaximumSide} pixels", $"{height} x {width}");
        var pixels = input.ReadToEnd(count * (long)height * width, header.Length, cancellation);
        return new IdxImages((int)count, (int)height, (int)width, pixels, input.Sha256());
    }

    internal static IdxLabels ReadLabels(IdxInput input, int classes, CancellationToken cancellation)
    {
        Span<byte> header = stackalloc byte[8];
        ReadHeader(input, header, LabelMagic);
        var count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        RequireCount(input, count, "labels");
        var bytes = input.ReadToEnd(count, header.Length, cancellation);
        var labels = new int[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] >= classes)
                throw input.Invalid($"labels from 0 to {classes - 1}", $"{bytes[i]} at position {i}");
            labels[i] = bytes[i];
        }
        return new IdxLabels(labels, input.Sha256());
    }

    private static void ReadHeader(IdxInput input, Span<byte> header, uint magic)
    {
        var read = input.Read(header);
        // A file of the other kind can be shorter than this header, and its magic number says more than its length.
        if (read >= 4 && BinaryPrimitives.ReadUInt32BigEndian(header) is var found && found != magic)
            throw input.Invalid(
                $"the magic number 0x{magic:X8} ({Describe(magic)})",
                $"0x{found:X8} ({Describe(found)})"
            );
        if (read < header.Length)
            throw input.Invalid($"a header of {header.Length} bytes", $"{read} bytes in all");
    }

    private static void RequireCount(IdxInput input, uint count, string what)
    {
        if (count is < 1 or > int.MaxValue)
            throw input.Invalid($"1 to {int.MaxValue} {what}", $"a header that says {count}");
    }

    private static string Describe(uint magic) =>
        magic switch
        {
            ImageMagic => "IDX images",
            LabelMagic => "IDX labels",
            0x1F8B0800 or 0x1F8B0808 => "gzip within gzip",
            _ when magic >> 16 == 0x504B => "a zip archive",
            _ when magic >> 8 == 0x3C2144 || magic >> 8 == 0x3C6874 => "an HTML page",
            _ => "neither IDX images nor labels",
        };
}
