using System.Text;

namespace PSConvNet.Files;

/// <summary>Recognises files that hold neither a network nor weights: texts, tables, pictures, packed files. They are not damaged either.</summary>
internal static class PlainFile
{
    /// <summary>What to do about a file that is something else altogether.</summary>
    public const string NoWeights =
        "It contains no weights: give a file that ModelFile.Save wrote (.psconvnet), a checkpoint, or weights as .safetensors.";

    private const int MostShown = 60;

    private static readonly (byte[] Start, string Program)[] s_packed =
    [
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "7-Zip"),
        ([.. "Rar!"u8], "RAR"),
        ([0xFD, .. "7zXZ\0"u8], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
        ([.. "BZh"u8], "bzip2"),
    ];

    /// <summary>Says what a file is, by its first bytes, and what to do; null where nobody knows.</summary>
    public static (string What, string Remedy)? Recognise(ReadOnlySpan<byte> bytes, string file)
    {
        foreach (var (start, program) in s_packed)
        {
            if (bytes.StartsWith(start))
                return ($"packed by {program}", "Unpack it first, and give the file inside.");
        }
        if (bytes.StartsWith("PK\u0005\u0006"u8))
            return ("an empty zip archive", NoWeights);
        if (bytes.Length > 262 && bytes[257..].StartsWith("ustar"u8))
            return ("a tar archive", "Unpack it first (tar -xf), and give the file inside.");
        if (bytes is [0, 0, 8, 1 or 3, ..])
            return ("a file of images or labels in MNIST's format (IDX)", "Read its folder with MnistSource.Read.");
        if (Text(bytes) is { } text)
            return OfText(text, file);
        if (ImageSignature.Of(bytes[..Math.Min(bytes.Length, ImageSignature.Length)]) is { } signature)
        {
            return signature.IsPicture
                ? (
                    $"a picture ({signature.Name})",
                    "Pictures go to ImageFolder.Read and PictureFiles.Prepare. " + NoWeights
                )
                : ($"something else ({signature.Name})", NoWeights);
        }
        return bytes.ContainsAnyExcept((byte)0)
            ? null
            : ("filled with zeros at its beginning", "The download or copy was interrupted; repeat it.");
    }

    /// <summary>A stranger's name as it can be shown.</summary>
    public static string Printable(string name) => PrintableText.Cut(PrintableText.Of(name), MostShown);

    private static (string What, string Remedy) OfText(string text, string file)
    {
        var lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length > 2 && ((char[])[',', ';', '\t']).Any(mark => IsTable(lines.Take(lines.Length - 1), mark)))
        {
            return (
                "a table in a text file (CSV)",
                $"To use the numbers of tables as weights, run in Python: import numpy; from safetensors.numpy import save_file; save_file({{'dense_1.weight': numpy.loadtxt({CodeText.Python(file)}, delimiter=',', dtype='float32')}}, 'net.safetensors') with a table for each parameter. Then here: WeightsFile.Load(model, \"net.safetensors\")."
            );
        }
        return lines.Length == 0
            ? ("a text file without any words", NoWeights)
            : ($"a text file that begins with '{Printable(lines[0])}'", NoWeights);
    }

    /// <summary>Whether lines have equal numbers of fields, several each.</summary>
    private static bool IsTable(IEnumerable<string> lines, char mark) =>
        lines.Select(line => line.Count(letter => letter == mark)).Distinct().Take(2).ToArray() is [> 0];

    /// <summary>The beginning of a text; null where it has bytes that texts don't have.</summary>
    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) && bytes.Length % 2 == 0)
            return IsText(Encoding.Unicode.GetString(bytes[2..]));
        // A character may be cut off where the beginning ends.
        var end = bytes.Length;
        while (end > 0 && bytes.Length - end < 4 && (bytes[end - 1] & 0xC0) == 0x80)
            end--;
        if (end > 0 && bytes[end - 1] >= 0xC0)
            end--;
        else
            end = bytes.Length;
        try
        {
            return IsText(
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes[..end]).TrimStart('\uFEFF')
            );
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? IsText(string text) =>
        text.Any(letter => char.IsControl(letter) && letter is not ('\t' or '\r' or '\n' or '\f')) ? null : text;
}
