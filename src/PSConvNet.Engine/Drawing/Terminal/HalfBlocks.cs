using System.Text;

namespace PSConvNet.Drawing;

/// <summary>Pixels as upper half blocks: two in a character, in 24-bit colours.</summary>
internal static class HalfBlocks
{
    private const string Reset = "\e[0m";

    /// <summary>A line for each two rows of pixels, as many characters wide as the bitmap has columns; each ends in a reset.</summary>
    public static IEnumerable<string> Lines(Bitmap bitmap)
    {
        for (var y = 0; y < bitmap.Height; y += 2)
        {
            var line = new StringBuilder();
            ((byte, byte, byte)? Upper, (byte, byte, byte)? Lower) last = (null, null);
            for (var x = 0; x < bitmap.Width; x++)
            {
                var upper = bitmap[x, y];
                var lower = y + 1 < bitmap.Height ? bitmap[x, y + 1] : ((byte, byte, byte)?)null;
                if (x == 0 || last.Upper != upper)
                    line.Append(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"\e[38;2;{upper.Red};{upper.Green};{upper.Blue}m"
                    );
                if (lower is { } below && (x == 0 || last.Lower != lower))
                    line.Append(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"\e[48;2;{below.Item1};{below.Item2};{below.Item3}m"
                    );
                line.Append('▀');
                last = (upper, lower);
            }
            yield return line.Append(Reset).ToString();
        }
    }
}
