namespace PSConvNet.Data;

/// <summary>How wide strokes are, and making them wider or narrower.</summary>
internal static class StrokeWidth
{
    /// <summary>The mean width of strokes in pixels: a stroke's area is length x width, its outline twice the length.</summary>
    public static double Of(Plane ink, int level)
    {
        var (width, area, outline) = (ink.Width, 0L, 0.0);
        // A row with nothing beside it, and the one above.
        var (here, above) = (new int[width + 2], new int[width + 2]);
        for (var y = 0; y <= ink.Height; y++)
        {
            (here, above) = (above, here);
            Array.Clear(here);
            if (y < ink.Height)
            {
                var row = ink.Levels.AsSpan(y * width, width);
                for (var x = 0; x < row.Length; x++)
                    here[x + 1] = row[x] > level ? row[x] : 0;
            }
            for (var x = 1; x < here.Length; x++)
            {
                area += here[x];
                var (across, down) = (here[x] - here[x - 1], here[x] - above[x]);
                if ((across | down) != 0)
                    outline += Math.Sqrt(across * across + down * down);
            }
        }
        return outline == 0 ? 0 : 2.0 * area / outline;
    }

    /// <summary>Strokes wider by a distance on either side, or narrower by it where it is negative.</summary>
    /// <param name="ink">Strokes with so much room around them.</param>
    /// <param name="distance">In pixels.</param>
    public static Plane Grown(Plane ink, double distance)
    {
        var grows = distance > 0;
        var far = Distances(ink, grows);
        var result = new byte[ink.Levels.Length];
        for (var i = 0; i < result.Length; i++)
        {
            // A pixel's distance is to the middle of the next one, half a pixel beyond its edge.
            var cover = grows ? Math.Clamp(distance + 1 - far[i], 0, 1) : Math.Clamp(far[i] + distance, 0, 1);
            var level = (int)(255 * cover + 0.5);
            result[i] = (byte)(grows ? Math.Max(ink.Levels[i], level) : Math.Min(ink.Levels[i], level));
        }
        return new Plane(ink.Width, ink.Height, result);
    }

    /// <summary>Of each pixel how far the next one is that is ink, or is none (chamfer distances of 1 and the root of 2).</summary>
    private static double[] Distances(Plane ink, bool toInk)
    {
        const double straight = 1;
        const double diagonal = 1.4142135623730951;
        var (width, height) = (ink.Width, ink.Height);
        var far = new double[width * height];
        for (var i = 0; i < far.Length; i++)
            far[i] = ink.Levels[i] >= 128 == toInk ? 0 : 1e9;
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            Take(x, y, -1, 0, straight);
            Take(x, y, 0, -1, straight);
            Take(x, y, -1, -1, diagonal);
            Take(x, y, 1, -1, diagonal);
        }
        for (var y = height - 1; y >= 0; y--)
        for (var x = width - 1; x >= 0; x--)
        {
            Take(x, y, 1, 0, straight);
            Take(x, y, 0, 1, straight);
            Take(x, y, 1, 1, diagonal);
            Take(x, y, -1, 1, diagonal);
        }
        return far;

        void Take(int x, int y, int dx, int dy, double step)
        {
            var (nx, ny) = (x + dx, y + dy);
            if (nx < 0 || ny < 0 || nx >= width || ny >= height)
                return;
            ref var here = ref far[y * width + x];
            here = Math.Min(here, far[ny * width + nx] + step);
        }
    }
}
