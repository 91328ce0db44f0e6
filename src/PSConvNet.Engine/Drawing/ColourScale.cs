using ScottPlot;
using ScottPlot.Colormaps;

namespace PSConvNet.Drawing;

/// <summary>Numbers as colours that people with any colour vision can put in order.</summary>
internal static class ColourScale
{
    private static readonly Viridis s_sequential = new();

    /// <summary>From the least, dark, to the most, bright: viridis (Smith and van der Walt, 2015), which is even in lightness.</summary>
    public static Bitmap Sequential(ReadOnlySpan<float> values, int width, int height, float low, float high) =>
        Paint(values, width, height, value => s_sequential.GetColor(high > low ? (value - low) / (high - low) : 0));

    /// <summary>The same scale as so many colours, dark to bright, each as rrggbb.</summary>
    public static IEnumerable<string> Steps(int count) =>
        Enumerable
            .Range(0, count)
            .Select(i => s_sequential.GetColor((double)i / (count - 1)))
            .Select(colour => $"{colour.R:x2}{colour.G:x2}{colour.B:x2}");

    /// <summary>Around zero, white: blue below and orange above, as strong as far from it.</summary>
    public static Bitmap Diverging(ReadOnlySpan<float> values, int width, int height, float reach) =>
        Paint(
            values,
            width,
            height,
            value =>
            {
                var end = value < 0 ? Theme.Light.Right : Theme.Light.Wrong;
                return Theme.Plot(Theme.Mix(SkiaSharp.SKColors.White, end, reach > 0 ? Math.Abs(value) / reach : 0));
            }
        );

    private static Bitmap Paint(ReadOnlySpan<float> values, int width, int height, Func<double, Color> colour)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            // What is not a number has no place on the scale: grey.
            var shade = i < values.Length && float.IsFinite(values[i]) ? colour(values[i]) : new Color(128, 128, 128);
            (rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]) = (shade.R, shade.G, shade.B);
        }
        return new Bitmap(width, height, rgb);
    }
}
