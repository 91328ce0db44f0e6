using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>One byte a pixel, row after row. The steps of the preparation make one plane of another.</summary>
internal sealed class Plane(int width, int height, byte[] levels)
{
    public Plane(int width, int height)
        : this(width, height, new byte[width * height]) { }

    public int Width => width;

    public int Height => height;

    public byte[] Levels => levels;

    public byte this[int x, int y] => levels[y * width + x];

    /// <summary>The plane with rows and columns exchanged.</summary>
    public Plane Transposed()
    {
        const int side = 8;
        var turned = GC.AllocateUninitializedArray<byte>(levels.Length);
        var (wholeHeight, wholeWidth) = (height - height % side, width - width % side);
        Span<ulong> rows = stackalloc ulong[side];
        for (var top = 0; top < wholeHeight; top += side)
        for (var left = 0; left < wholeWidth; left += side)
        {
            for (var i = 0; i < side; i++)
                rows[i] = BinaryPrimitives.ReadUInt64LittleEndian(levels.AsSpan((top + i) * width + left));
            Transpose(rows);
            for (var i = 0; i < side; i++)
                BinaryPrimitives.WriteUInt64LittleEndian(turned.AsSpan((left + i) * height + top), rows[i]);
        }
        for (var y = 0; y < height; y++)
        for (var x = y < wholeHeight ? wholeWidth : 0; x < width; x++)
            turned[x * height + y] = levels[y * width + x];
        return new Plane(height, width, turned);
    }

    /// <summary>Exchanges rows and columns of eight by eight bytes: halves first, then quarters, then neighbours.</summary>
    private static void Transpose(Span<ulong> rows)
    {
        for (var i = 0; i < 4; i++)
            Exchange(ref rows[i], ref rows[i + 4], 32, 0x00000000FFFFFFFF);
        for (var i = 0; i < 8; i += i % 2 == 0 ? 1 : 3)
            Exchange(ref rows[i], ref rows[i + 2], 16, 0x0000FFFF0000FFFF);
        for (var i = 0; i < 8; i += 2)
            Exchange(ref rows[i], ref rows[i + 1], 8, 0x00FF00FF00FF00FF);

        static void Exchange(ref ulong upper, ref ulong lower, int shift, ulong mask)
        {
            var differing = (upper >> shift ^ lower) & mask;
            lower ^= differing;
            upper ^= differing << shift;
        }
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
        // In two tables: a level that comes twice in a row would wait for itself.
        var counts = new int[256];
        Span<int> others = stackalloc int[256];
        var i = 0;
        for (; i + 1 < levels.Length; i += 2)
        {
            counts[levels[i]]++;
            others[levels[i + 1]]++;
        }
        if (i < levels.Length)
            counts[levels[i]]++;
        for (var level = 0; level < 256; level++)
            counts[level] += others[level];
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
