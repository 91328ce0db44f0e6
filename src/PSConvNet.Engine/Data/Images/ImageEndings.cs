namespace PSConvNet.Data;

/// <summary>What the endings of files' names say.</summary>
internal static class ImageEndings
{
    private static readonly HashSet<string> s_read = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png",
        ".apng",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".bmp",
        ".dib",
        ".gif",
        ".webp",
    };

    // Pictures that aren't read, and archives, which may hold some.
    private static readonly HashSet<string> s_passedOver = new(
        (
            ".heic .heif .hif .avif .tif .tiff .jxl .jp2 .j2k .jpf .jpx .ico .cur .icns .svg .svgz .eps .ai .pdf .psd .xcf .tga .pcx .ppm .pgm "
            + ".pbm .pnm .pam .qoi .dds .exr .hdr .emf .wmf .dng .raw .cr2 .cr3 .crw .nef .nrw .arw .srf .sr2 .orf .rw2 .raf .pef .srw "
            + ".zip .7z .rar .tar .tgz .gz"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The endings that are read, as a person reads them.</summary>
    public static string Read { get; } = string.Join(", ", s_read);

    /// <summary>Whether files of this ending are read.</summary>
    public static bool IsRead(string ending) => s_read.Contains(ending);

    /// <summary>Whether files of this ending are pictures that aren't read, or archives.</summary>
    public static bool IsPassedOver(string ending) => s_passedOver.Contains(ending);
}
