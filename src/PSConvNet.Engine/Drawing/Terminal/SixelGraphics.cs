using System.Globalization;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>Pixels for terminals that know DEC's Sixel graphics (VT340; xterm, foot, WezTerm, Windows Terminal 1.22).</summary>
internal static class SixelGraphics
{
    // What a VT340's heirs have at least.
    private const int MostColours = 256;
    private const int Band = 6;

    /// <summary>The sequence that shows a raster at the cursor.</summary>
    public static string Write(Bitmap bitmap)
    {
        var (palette, indices) = Reduce(bitmap);
        var text = new StringBuilder("\ePq");
        text.Append(CultureInfo.InvariantCulture, $"\"1;1;{bitmap.Width};{bitmap.Height}");
        for (var i = 0; i < palette.Count; i++)
        {
            var (red, green, blue) = palette[i];
            text.Append(CultureInfo.InvariantCulture, $"#{i};2;{Percent(red)};{Percent(green)};{Percent(blue)}");
        }
        for (var top = 0; top < bitmap.Height; top += Band)
        {
            Append(text, bitmap, indices, top);
            text.Append('-');
        }
        return text.Append("\e\\").ToString();

        static int Percent(byte level) => (level * 100 + 127) / 255;
    }

    /// <summary>Six rows of pixels: one line over the others for each colour in them.</summary>
    private static void Append(StringBuilder text, Bitmap bitmap, byte[] indices, int top)
    {
        var height = Math.Min(Band, bitmap.Height - top);
        var rows = indices.AsSpan(top * bitmap.Width, height * bitmap.Width);
        var colours = new SortedSet<byte>(rows.ToArray());
        var bits = new byte[bitmap.Width];
        foreach (var colour in colours)
        {
            Array.Clear(bits);
            for (var i = 0; i < rows.Length; i++)
            {
                if (rows[i] == colour)
                    bits[i % bitmap.Width] |= (byte)(1 << (i / bitmap.Width));
            }
            text.Append('#').Append(colour);
            AppendRuns(text, bits);
            text.Append('$');
        }
    }

    private static void AppendRuns(StringBuilder text, byte[] bits)
    {
        for (int start = 0, end; start < bits.Length; start = end)
        {
            for (end = start + 1; end < bits.Length && bits[end] == bits[start]; end++) { }
            var sign = (char)('?' + bits[start]);
            if (end - start > 3)
                text.Append('!').Append(end - start).Append(sign);
            else
                text.Append(sign, end - start);
        }
    }

    /// <summary>The most frequent colours, and of each pixel the nearest of them.</summary>
    private static (IReadOnlyList<(byte Red, byte Green, byte Blue)> Palette, byte[] Indices) Reduce(Bitmap bitmap)
    {
        var colours = Enumerable
            .Range(0, bitmap.Width * bitmap.Height)
            .Select(i => bitmap[i % bitmap.Width, i / bitmap.Width])
            .ToArray();
        var palette = colours
            .GroupBy(colour => colour)
            .OrderByDescending(group => group.Count())
            .Take(MostColours)
            .Select(group => group.Key)
            .ToArray();
        var nearest = new Dictionary<(byte, byte, byte), byte>();
        for (var i = 0; i < palette.Length; i++)
            nearest[palette[i]] = (byte)i;
        var indices = new byte[colours.Length];
        for (var i = 0; i < colours.Length; i++)
        {
            if (!nearest.TryGetValue(colours[i], out var index))
                nearest[colours[i]] = index = Nearest(palette, colours[i]);
            indices[i] = index;
        }
        return (palette, indices);
    }

    private static byte Nearest((byte Red, byte Green, byte Blue)[] palette, (byte Red, byte Green, byte Blue) colour)
    {
        var (best, distance) = (0, int.MaxValue);
        for (var i = 0; i < palette.Length; i++)
        {
            var (red, green, blue) = (
                palette[i].Red - colour.Red,
                palette[i].Green - colour.Green,
                palette[i].Blue - colour.Blue
            );
            if (red * red + green * green + blue * blue is var found && found < distance)
                (best, distance) = (i, found);
        }
        return (byte)best;
    }
}
