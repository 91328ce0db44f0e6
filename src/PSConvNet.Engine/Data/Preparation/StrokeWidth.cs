namespace PSConvNet;

/// <summary>How wide strokes are, and making them wider or narrower.</summary>
internal static class StrokeWidth
{
    /// <summary>The mean width of strokes in pixels: a stroke's area is length x width, its outline twice the length.</summary>
    public static double Of(Plane ink, int level)
    {
        var (area, outline) = (0.0, 0.0);
        for (var y = 0; y <= ink.Height; y++)
        for (var x = 0; x <= ink.Width; x++)
        {
            var here = Level(x, y);
            area += here;
            var (across, down) = (here - Level(x - 1, y), here - Level(x, y - 1));
            outline += Math.Sqrt(across * across + down * down);
        }
        return outline == 0 ? 0 : 2 * area / outline;

        double Level(int x, int y) =>
            x >= 0 && y >= 0 && x < ink.Width && y < ink.Height && ink[x, y] > level ? ink[x, y] : 0;
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
