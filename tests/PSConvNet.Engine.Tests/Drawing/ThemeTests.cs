using SkiaSharp;

namespace PSConvNet.Tests.Drawing;

/// <summary>Colours that can be read and told apart, whatever eyes look at them.</summary>
public class ThemeTests
{
    public static TheoryData<bool> Dark => [false, true];

    [Theory]
    [MemberData(nameof(Dark))]
    public void Text_has_the_contrast_that_WCAG_asks_for(bool dark)
    {
        var theme = Of(dark);

        Assert.InRange(Contrast(theme.Ink, theme.Page), 7, 21);
        foreach (var colour in new[] { theme.Faint, theme.Right, theme.Wrong })
            Assert.InRange(Contrast(colour, theme.Page), 4.5, 21);
        // Lines and marks.
        Assert.All(theme.Series, colour => Assert.InRange(Contrast(colour, theme.Page), 3, 21));
    }

    /// <summary>Machado, Oliveira and Fernandes (2009), severity 1: protanopia, deuteranopia, tritanopia.</summary>
    private static readonly double[][] s_deficiencies =
    [
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ];

    [Theory]
    [MemberData(nameof(Dark))]
    public void The_first_series_and_right_and_wrong_differ_for_every_kind_of_colour_vision(bool dark)
    {
        var theme = Of(dark);
        foreach (var eyes in s_deficiencies)
        {
            Assert.InRange(Distance(theme.Right, theme.Wrong, eyes), 25, 200);
            for (var i = 0; i < 4; i++)
            for (var j = 0; j < i; j++)
                Assert.InRange(Distance(theme.Series[i], theme.Series[j], eyes), 10, 200);
        }
    }

    [Fact]
    public void Black_or_white_is_chosen_by_the_better_contrast()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var ground = new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            Assert.InRange(Contrast(Theme.TextOn(ground), ground), 4.5, 21);
        }
    }

    private static Theme Of(bool dark) => dark ? Theme.Dark : Theme.Light;

    private static double Linear(byte level) =>
        level / 255.0 is var s && s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);

    private static double Contrast(SKColor a, SKColor b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(SKColor c) =>
        0.2126 * Linear(c.Red) + 0.7152 * Linear(c.Green) + 0.0722 * Linear(c.Blue);

    /// <summary>CIE 1976 colour difference of what the eyes make of two colours.</summary>
    private static double Distance(SKColor a, SKColor b, double[] eyes)
    {
        var (l1, a1, b1) = Lab(a, eyes);
        var (l2, a2, b2) = Lab(b, eyes);
        return Math.Sqrt((l1 - l2) * (l1 - l2) + (a1 - a2) * (a1 - a2) + (b1 - b2) * (b1 - b2));
    }

    private static (double, double, double) Lab(SKColor colour, double[] eyes)
    {
        double[] rgb = [Linear(colour.Red), Linear(colour.Green), Linear(colour.Blue)];
        var seen = Enumerable
            .Range(0, 3)
            .Select(i => Math.Clamp(eyes[i * 3] * rgb[0] + eyes[i * 3 + 1] * rgb[1] + eyes[i * 3 + 2] * rgb[2], 0, 1))
            .ToArray();
        var x = F((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
        var y = F(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
        var z = F((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));

        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
    }
}
