namespace PSConvNet.Data;

/// <summary>The formats of pictures that are read.</summary>
internal enum ImageFormat
{
    Png,
    Jpeg,
    Bmp,
    Gif,
    Webp,
}

/// <summary>The format of a file, recognised by its first bytes and not by its name.</summary>
/// <param name="Format">The format, where it is one that is read.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="IsPicture">Whether it is a picture, read or not.</param>
internal sealed record ImageSignature(ImageFormat? Format, string Name, bool IsPicture = true)
{
    /// <summary>How many bytes of a file are enough.</summary>
    public const int Length = 64;

    /// <summary>The formats that are read, as a person reads them.</summary>
    public const string Formats = "PNG, JPEG, BMP, GIF, WebP";

    private static readonly (byte[] Start, ImageSignature Signature)[] s_starts =
    [
        ([0x89, .. "PNG\r\n"u8, 0x1A, 0x0A], new(ImageFormat.Png, "PNG")),
        ([0xFF, 0xD8, 0xFF], new(ImageFormat.Jpeg, "JPEG")),
        ([.. "GIF8"u8], new(ImageFormat.Gif, "GIF")),
        ([.. "BM"u8], new(ImageFormat.Bmp, "BMP")),
        ([.. "II*\0"u8], new(null, "TIFF or a camera's raw format")),
        ([.. "MM\0*"u8], new(null, "TIFF or a camera's raw format")),
        ([.. "II+\0"u8], new(null, "BigTIFF")),
        ([.. "MM\0+"u8], new(null, "BigTIFF")),
        ([0xFF, 0x0A], new(null, "JPEG XL")),
        ([0, 0, 0, 12, .. "JXL "u8], new(null, "JPEG XL")),
        ([0, 0, 0, 12, .. "jP  "u8], new(null, "JPEG 2000")),
        ([0xFF, 0x4F, 0xFF, 0x51], new(null, "JPEG 2000")),
        ([0, 0, 1, 0], new(null, "ICO, an icon")),
        ([.. "8BPS"u8], new(null, "PSD of Photoshop")),
        ([.. "gimp xcf"u8], new(null, "XCF of GIMP")),
        ([.. "qoif"u8], new(null, "QOI")),
        ([.. "FUJIFILMCCD-RAW"u8], new(null, "a camera's raw format")),
        ([.. "<svg"u8], new(null, "SVG, a drawing")),
        ([.. "%PDF"u8], new(null, "PDF", IsPicture: false)),
        ([.. "PK\x3\x4"u8], new(null, "a ZIP archive", IsPicture: false)),
        ([0x1F, 0x8B], new(null, "a gzip archive", IsPicture: false)),
        ([.. "<!DOCTYPE html"u8], new(null, "a web page", IsPicture: false)),
        ([.. "<html"u8], new(null, "a web page", IsPicture: false)),
        (
            [.. "version https://git-lfs"u8],
            new(null, "a pointer of Git LFS, for which git lfs pull fetches the picture", IsPicture: false)
        ),
    ];

    /// <summary>Looks at a file's first bytes.</summary>
    /// <param name="start">The file or its beginning, of <see cref="Length"/> bytes if it has so many.</param>
    /// <returns>What it is, or null where nobody knows.</returns>
    public static ImageSignature? Of(ReadOnlySpan<byte> start)
    {
        foreach (var (bytes, signature) in s_starts)
        {
            if (start.StartsWith(bytes))
                return signature;
        }
        if (start.Length < 12)
            return null;
        if (start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8))
            return new ImageSignature(ImageFormat.Webp, "WebP");
        return start[4..].StartsWith("ftyp"u8) ? OfBrand(System.Text.Encoding.Latin1.GetString(start[8..12])) : null;
    }

    /// <summary>What a file of the family of MP4 is, which phones' pictures and films belong to.</summary>
    private static ImageSignature OfBrand(string brand) =>
        brand switch
        {
            "avif" or "avis" => new(null, "AVIF"),
            "crx " => new(null, "a camera's raw format"),
            "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" or "mif1" or "msf1" => new(
                null,
                "HEIC, as phones save it"
            ),
            _ => new(null, "a film", IsPicture: false),
        };
}
