namespace PSConvNet.Runtime.Kernels;

/// <summary>Windows of a block that read the same rows of an image, and those taps of a window that are on them: products with padding are left out.</summary>
/// <param name="First">The first window.</param>
/// <param name="Count">How many windows.</param>
/// <param name="FirstTap">The first tap.</param>
/// <param name="Depth">How many taps.</param>
internal readonly record struct WindowRun(int First, int Count, int FirstTap, int Depth)
{
    /// <summary>All taps of all windows of a block, by windows that read the same rows: the taps of each run follow each other.</summary>
    /// <param name="part">The windows.</param>
    /// <param name="block">The block.</param>
    /// <param name="count">The windows that the part has in it.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="step">The rows between neighbouring windows.</param>
    /// <param name="together">Windows that are computed together: a run takes as long as the next multiple.</param>
    public static WindowRun[] ByWindows(WindowPart part, ConvBlock block, int count, int height, int step, int together)
    {
        WindowRun whole = new(0, count, 0, part.Taps.Length);
        var across = part.Across.Outputs;
        var tapsPerRow = part.Taps.Length / Math.Max(1, part.Down.Taps.Length);
        var runs = new List<WindowRun>();
        for (var row = 0; row < count / across; row++)
        {
            var top = (block.First + row) * step;
            var isInside = Array.ConvertAll(part.Down.Taps, tap => (uint)(top + tap.Offset) < (uint)height);
            var (first, last) = (Array.IndexOf(isInside, true), Array.LastIndexOf(isInside, true));
            WindowRun run = new(
                row * across,
                across,
                Math.Max(0, first) * tapsPerRow,
                first < 0 ? 0 : (last - first + 1) * tapsPerRow
            );
            if (runs.Count > 0 && (runs[^1].FirstTap, runs[^1].Depth) == (run.FirstTap, run.Depth))
                runs[^1] = runs[^1] with { Count = runs[^1].Count + across };
            else
                runs.Add(run);
        }
        return runs.Sum(Products) < Products(whole) ? [.. runs] : [whole];

        int Products(WindowRun run) => (run.Count + together - 1) / together * together * run.Depth;
    }

    /// <summary>The same by taps that are on the image in the same windows.</summary>
    /// <param name="part">The windows.</param>
    /// <param name="block">The block.</param>
    /// <param name="count">The windows that the part has in it.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="step">The rows between neighbouring windows.</param>
    /// <param name="together">Taps that are computed together.</param>
    public static WindowRun[] ByTaps(WindowPart part, ConvBlock block, int count, int height, int step, int together)
    {
        WindowRun whole = new(0, count, 0, part.Taps.Length);
        var across = part.Across.Outputs;
        var tapsPerRow = part.Taps.Length / Math.Max(1, part.Down.Taps.Length);
        var runs = new List<WindowRun>();
        for (var tap = 0; tap < part.Down.Taps.Length; tap++)
        {
            var offset = part.Down.Taps[tap].Offset + block.First * step;
            // The first row of windows whose tap isn't above the image, and the first whose tap is below it.
            var first = Math.Clamp((step - 1 - offset) / step, 0, count / across);
            var end = Math.Clamp((height - offset + step - 1) / step, first, count / across);
            WindowRun run = new(first * across, (end - first) * across, tap * tapsPerRow, tapsPerRow);
            if (runs.Count > 0 && (runs[^1].First, runs[^1].Count) == (run.First, run.Count))
                runs[^1] = runs[^1] with { Depth = runs[^1].Depth + tapsPerRow };
            else
                runs.Add(run);
        }
        return runs.Sum(Products) < Products(whole) ? [.. runs] : [whole];

        int Products(WindowRun run) => (run.Depth + together - 1) / together * together * run.Count;
    }
}
