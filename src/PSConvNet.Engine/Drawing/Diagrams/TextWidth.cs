using System.Text;

namespace PSConvNet.Drawing;

/// <summary>
/// How wide text in a sans-serif face gets at most, without the font: a picture is drawn in whatever font its reader has. The widths are
/// those of DejaVu Sans Bold, rounded up: the widest of the faces that a browser falls back to.
/// </summary>
internal static class TextWidth
{
    private static readonly float[] s_ascii = Table(
        (0.86f, null),
        (0.36f, "ijl'"),
        (0.42f, " .,:;|/\\IJ-"),
        (0.48f, "()[]f!t"),
        (0.54f, "r*\"_`"),
        (0.72f, "abcdeghknopqsuvxyz0123456789?${}L"),
        (1.01f, "w&M%@"),
        (1.12f, "mW")
    );

    /// <summary>The width in pixels.</summary>
    /// <param name="text">A line of text.</param>
    /// <param name="size">The font size in pixels.</param>
    public static double Of(string text, double size)
    {
        var em = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            em += rune.Value switch
            {
                >= 32 and < 127 => s_ascii[rune.Value - 32],
                < 0x250 => 1.0,
                < 0x1100 => 1.2,
                _ => 1.4,
            };
        }
        return em * size;
    }

    private static float[] Table(params ReadOnlySpan<(float Width, string? Letters)> groups)
    {
        var widths = new float[95];
        foreach (var (width, letters) in groups)
        {
            if (letters is null)
            {
                Array.Fill(widths, width);
                continue;
            }
            foreach (var letter in letters)
                widths[letter - 32] = width;
        }
        return widths;
    }
}
