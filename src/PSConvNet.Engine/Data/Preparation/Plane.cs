namespace PSConvNet;

/// <summary>One byte a pixel, row after row. The steps of the preparation make one plane of another.</summary>
internal sealed class Plane(int width, int height, byte[] levels)
{
    public Plane(int width, int height)
        : this(width, height, new byte[width * height]) { }

    public int Width => width;

    public int Height => height;

    public byte[] Levels => levels;

    public byte this[int x, int y] => levels[y * width + x];

    /// <summary>The plane with light and dark exchanged.</summary>
    public Plane Inverted()
    {
        var inverted = new byte[levels.Length];
        for (var i = 0; i < inverted.Length; i++)
            inverted[i] = (byte)(255 - levels[i]);
        return new Plane(width, height, inverted);
    }

    /// <summary>The plane with rows and columns exchanged.</summary>
    public Plane Transposed()
    {
        var turned = new byte[levels.Length];
        // In squares that fit the cache.
        const int side = 32;
        for (var top = 0; top < height; top += side)
        for (var left = 0; left < width; left += side)
        {
            var (bottom, right) = (Math.Min(top + side, height), Math.Min(left + side, width));
            for (var y = top; y < bottom; y++)
            for (var x = left; x < right; x++)
                turned[x * height + y] = levels[y * width + x];
        }
        return new Plane(height, width, turned);
    }

    /// <summary>The box around the pixels of a level and above; null where there are none.</summary>
    public PixelBox? Box(int level)
    {
        var (left, top, right, bottom) = (width, height, 0, 0);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            if (levels[y * width + x] < level)
                continue;
            (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y + 1));
        }
        return right > left ? new PixelBox(left, top, right - left, bottom - top) : null;
    }

    /// <summary>The level that a share of the pixels lies at or below.</summary>
    public int Percentile(double share) => Percentile(Histogram(), share);

    /// <summary>How often each level occurs.</summary>
    public int[] Histogram()
    {
        var counts = new int[256];
        foreach (var level in levels)
            counts[level]++;
        return counts;
    }

    /// <summary>The level that a share of what is counted lies at or below.</summary>
    public static int Percentile(ReadOnlySpan<int> counts, double share)
    {
        var total = 0L;
        foreach (var count in counts)
            total += count;
        var sum = 0L;
        for (var level = 0; level < counts.Length; level++)
        {
            sum += counts[level];
            if (sum >= share * total)
                return level;
        }
        return counts.Length - 1;
    }
}
