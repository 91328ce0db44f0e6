using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Files;

/// <summary>
/// The checksum of a safetensors file, which the format has none of: a SHA-256 in the metadata, of the whole file with zeros in place of its own
/// 64 digits. So the header is covered, too: a wrong bit in a name or a shape is found as one in a weight is.
/// </summary>
internal static class SafetensorsSum
{
    /// <summary>Its name in the metadata.</summary>
    public const string Key = "psconvnet.sha256";

    /// <summary>How many digits it has.</summary>
    public const int Digits = 64;

    private const int Prefix = 8;

    /// <summary>The digits in its place while it is computed.</summary>
    public static string None { get; } = new('0', Digits);

    /// <summary>Puts the sum of what was written in the place that was kept for it.</summary>
    /// <param name="stream">The file, which began at its beginning.</param>
    /// <param name="header">Its header's JSON.</param>
    /// <param name="hash">The hash of all of it.</param>
    public static void Write(Stream stream, byte[] header, IncrementalHash hash)
    {
        var start = $"\"{Key}\":\"";
        var at = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes(start + None)) + start.Length;
        var end = stream.Position;
        stream.Position = Prefix + at;
        stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant()));
        stream.Position = end;
    }

    /// <summary>
    /// Compares a file with its sum and leaves the stream where it was. Files of other programs need have none; one that says it is of this
    /// program must, or a wrong bit in the sum's own name would have the whole file believed.
    /// </summary>
    /// <param name="stream">The file; of what can't seek nothing is compared, for an archive has sums of its own.</param>
    /// <param name="header">Its header.</param>
    /// <param name="file">The file's path, for the error.</param>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: they differ, or there is none.</exception>
    public static void Require(Stream stream, SafetensorsHeader header, string file)
    {
        if (!stream.CanSeek)
            return;
        if (header.SumAt is not { } at)
        {
            if (header.IsOfThisProgram)
                throw FileFault.Invalid(
                    file,
                    "the metadata",
                    $"they say that PSConvNet wrote the file, but have no {Key}, which PSConvNet always writes"
                );
            return;
        }
        var position = stream.Position;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[64 * 1024];
        stream.Position = 0;
        for (var done = 0L; ; )
        {
            var bytes = block.AsSpan(0, stream.Read(block));
            if (bytes.IsEmpty)
                break;
            for (var i = Math.Max(at, done); i < Math.Min(at + Digits, done + bytes.Length); i++)
                bytes[(int)(i - done)] = (byte)'0';
            hash.AppendData(bytes);
            done += bytes.Length;
        }
        stream.Position = position;
        var found = Convert.ToHexString(hash.GetHashAndReset());
        if (!found.Equals(header.Metadata[Key], StringComparison.OrdinalIgnoreCase))
            throw FileFault.Invalid(file, $"the metadata's {Key}", "the checksum of the file's bytes doesn't match");
    }
}
