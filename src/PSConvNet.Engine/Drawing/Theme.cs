using ScottPlot;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>The colours of a picture, for light or for dark pages.</summary>
/// <param name="IsDark">Light on dark.</param>
/// <param name="Page">Behind everything.</param>
/// <param name="Ink">Text.</param>
/// <param name="Faint">Lesser text and axes; at least 4.5 : 1 against the page.</param>
/// <param name="Rule">Grid lines and frames.</param>
/// <param name="Right">What is right, and the diagonal of a confusion matrix.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Series">
/// Colours that people with any colour vision tell apart, after Okabe and Ito (2008), those that are faint on the page made stronger.
/// </param>
internal sealed record Theme(
    bool IsDark,
    SKColor Page,
    SKColor Ink,
    SKColor Faint,
    SKColor Rule,
    SKColor Right,
    SKColor Wrong,
    IReadOnlyList<SKColor> Series
)
{
    /// <summary>Dark on light.</summary>
    public static Theme Light { get; } =
        new(
            IsDark: false,
            Hex(0xffffff),
            Hex(0x1f2328),
            Hex(0x57606a),
            Hex(0xd0d7de),
            Right: Hex(0x0060a8),
            Wrong: Hex(0xc44f00),
            [Hex(0x0072b2), Hex(0xd55e00), Hex(0x009e73), Hex(0xb0568c), Hex(0x8a6d00), Hex(0x2f86b8), Hex(0x1f2328)]
        );

    /// <summary>Light on dark.</summary>
    public static Theme Dark { get; } =
        new(
            IsDark: true,
            Hex(0x0d1117),
            Hex(0xe6edf3),
            Hex(0xadb6c0),
            Hex(0x3d444d),
            Right: Hex(0x56b4e9),
            Wrong: Hex(0xf08a3c),
            [Hex(0x56b4e9), Hex(0xe69f00), Hex(0x12a67c), Hex(0xe58cc0), Hex(0xf0e442), Hex(0x8ab4ff), Hex(0xe6edf3)]
        );

    /// <summary>The colour of the n-th series; after the last they begin again, and line patterns tell them apart.</summary>
    public SKColor SeriesColor(int index) => Series[index % Series.Count];

    /// <summary>A colour between two.</summary>
    public static SKColor Mix(SKColor from, SKColor to, double share)
    {
        share = Math.Clamp(share, 0, 1);
        return new SKColor(Part(from.Red, to.Red), Part(from.Green, to.Green), Part(from.Blue, to.Blue));

        byte Part(byte a, byte b) => (byte)Math.Round(a + (b - a) * share);
    }

    /// <summary>Black or white, whichever is easier to read on a colour (WCAG's relative luminance).</summary>
    public static SKColor TextOn(SKColor colour)
    {
        var luminance = 0.2126 * Linear(colour.Red) + 0.7152 * Linear(colour.Green) + 0.0722 * Linear(colour.Blue);
        // Where both have the same contrast: (1 + 0.05) / (L + 0.05) = (L + 0.05) / 0.05.
        return luminance > 0.179 ? SKColors.Black : SKColors.White;

        static double Linear(byte level) =>
            level / 255.0 is var share && share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    /// <summary>A colour as ScottPlot has it.</summary>
    public static Color Plot(SKColor colour) => new(colour.Red, colour.Green, colour.Blue, colour.Alpha);

    private static SKColor Hex(uint rgb) => new(0xff000000 | rgb);
}
