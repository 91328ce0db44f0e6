namespace PSConvNet.Data;

/// <summary>How the strokes of a part end.</summary>
/// <param name="Edges">How much of their outline lies on an edge of the picture, where the grey grows from the strokes outwards: 0 to 1.</param>
/// <param name="Width">Their mean width in pixels.</param>
internal readonly record struct StrokeOutline(double Edges, double Width)
{
    /// <summary>Edges are looked for this share of a part's longer side to either side of its outline: they may be out of focus.</summary>
    private const int EdgeSteps = 40;

    /// <summary>An edge counts whole where it is this share of the ink's height.</summary>
    private const double EdgeHeight = 0.5;

    /// <summary>The outline of a part.</summary>
    public static StrokeOutline Of(InkReading reading, InkPart part)
    {
        var (edges, length) = Follow(reading, part, part.Box.LongSide / EdgeSteps);
        // The outline is counted in sides of pixels, which are 4 / pi times as long as a line in any direction.
        return new StrokeOutline(edges, 2 * part.Area / (length * Math.PI / 4));
    }

    /// <summary>
    /// The same, but for strokes that are thinner than the usual search for edges reaches: there edges are looked for no further than the strokes' middle.
    /// </summary>
    public static StrokeOutline OfThin(InkReading reading, InkPart part)
    {
        var usual = Of(reading, part);
        return usual.Width / 2 >= part.Box.LongSide / EdgeSteps
            ? usual
            : usual with
            {
                Edges = Follow(reading, part, (int)(usual.Width / 2)).Edges,
            };
    }

    /// <summary>A part's outline: how much of it lies on an edge of the picture, where the grey grows from the part outwards (0 to 1), and its length in sides of pixels.</summary>
    /// <param name="reading">The reading in which it is.</param>
    /// <param name="part">The part.</param>
    /// <param name="far">How many pixels to either side the edge is looked for, one at least.</param>
    private static (double Edges, int Length) Follow(InkReading reading, InkPart part, int far)
    {
        far = Math.Max(1, far);
        var (grey, paper, inside) = (reading.Grey, reading.Paper, reading.Inside);
        var (width, height) = (grey.Width, grey.Height);
        var (count, sum) = (0, 0.0);
        var labels = reading.Strokes!.Labels;
        for (var y = part.Box.Top; y < part.Box.Bottom; y++)
        for (var x = part.Box.Left; x < part.Box.Right; x++)
        {
            if (labels[y * width + x] != part.Label)
                continue;
            if (!IsPart(x - 1, y))
                Look(x, y, -1, 0);
            if (!IsPart(x + 1, y))
                Look(x, y, 1, 0);
            if (!IsPart(x, y - 1))
                Look(x, y, 0, -1);
            if (!IsPart(x, y + 1))
                Look(x, y, 0, 1);
        }
        return (sum / count, count);

        bool IsPart(int x, int y) => x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] == part.Label;

        void Look(int x, int y, int dx, int dy)
        {
            count++;
            var (nx, ny) = (x + dx, y + dy);
            if (nx < 0 || ny < 0 || nx >= width || ny >= height)
                return;
            int before = grey[Math.Clamp(x - far * dx, 0, width - 1), Math.Clamp(y - far * dy, 0, height - 1)];
            int after = grey[Math.Clamp(nx + far * dx, 0, width - 1), Math.Clamp(ny + far * dy, 0, height - 1)];
            var full = EdgeHeight * inside * paper[x, y] / 255;
            sum += Math.Clamp((after - before) / Math.Max(1, full), 0, 1);
        }
    }
}
