using System.Globalization;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>Pixels for terminals that know Kitty's graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol).</summary>
internal static class KittyGraphics
{
    // The protocol's own limit for the base64 in one sequence.
    private const int ChunkLength = 4096;

    /// <summary>The sequences that show a PNG file at the cursor.</summary>
    /// <param name="png">The file's bytes.</param>
    /// <param name="columns">How many columns wide it is shown.</param>
    public static string Write(byte[] png, int columns)
    {
        var content = Convert.ToBase64String(png);
        var text = new StringBuilder();
        for (var start = 0; start < content.Length; start += ChunkLength)
        {
            var chunk = content.AsSpan(start, Math.Min(ChunkLength, content.Length - start));
            var more = start + ChunkLength < content.Length ? 1 : 0;
            // q=2: no answer, which would be read as if it had been typed.
            var keys = start == 0 ? string.Create(CultureInfo.InvariantCulture, $"a=T,f=100,q=2,c={columns},") : "";
            text.Append("\e_G").Append(keys).Append("m=").Append(more).Append(';').Append(chunk).Append("\e\\");
        }
        return text.ToString();
    }
}
