using ScottPlot;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Gives ScottPlot the faces that pictures are set in, whatever it asks for.</summary>
internal sealed class PlotFonts : IFontResolver
{
    private static readonly Lazy<bool> s_known = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new PlotFonts());
        Fonts.Default = Fonts.Sans = PictureFonts.Family;
        return true;
    });

    /// <summary>Makes them known to ScottPlot; further calls do nothing.</summary>
    public static void Register() => _ = s_known.Value;

    /// <inheritdoc />
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == PictureFonts.Family ? PictureFonts.Face(weight >= FontWeight.SemiBold) : null;

    /// <inheritdoc />
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName == PictureFonts.Family ? PictureFonts.Face(bold) : null;
}
