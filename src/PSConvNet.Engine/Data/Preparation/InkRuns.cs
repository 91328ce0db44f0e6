using System.Runtime.InteropServices;

namespace PSConvNet.Data;

/// <summary>The runs of ink in each row of a picture, and which of them are connected, neighbours at corners included.</summary>
internal sealed class InkRuns
{
    private readonly List<Run> _runs = [];

    /// <summary>Finds the runs among pixels above a level, row after row.</summary>
    public InkRuns(Plane ink, int level)
    {
        if (level >= byte.MaxValue)
            return;
        var least = (byte)(level + 1);
        var above = 0;
        for (var y = 0; y < ink.Height; y++)
        {
            var here = _runs.Count;
            Add(ink.Levels.AsSpan(y * ink.Width, ink.Width), y, least);
            Join(CollectionsMarshal.AsSpan(_runs), above, here);
            above = here;
        }
    }

    /// <summary>Pixels from <paramref name="Start"/> to before <paramref name="End"/>, and a run before it, or itself, that it is connected to.</summary>
    public record struct Run(int Y, int Start, int End, int Leader);

    /// <summary>
    /// The runs. Each one's leader is the first run of its part: it leads itself, and comes before the others.
    /// </summary>
    public ReadOnlySpan<Run> Led()
    {
        var runs = CollectionsMarshal.AsSpan(_runs);
        for (var i = 0; i < runs.Length; i++)
            runs[i].Leader = runs[runs[i].Leader].Leader;
        return runs;
    }

    private void Add(ReadOnlySpan<byte> row, int y, byte least)
    {
        for (var x = 0; x < row.Length; )
        {
            var gap = row[x..].IndexOfAnyInRange(least, byte.MaxValue);
            if (gap < 0)
                return;
            var start = x + gap;
            var length = row[start..].IndexOfAnyExceptInRange(least, byte.MaxValue);
            x = length < 0 ? row.Length : start + length;
            _runs.Add(new Run(y, start, x, _runs.Count));
        }
    }

    /// <summary>Joins the runs of a row with those of the row above that they touch.</summary>
    private static void Join(Span<Run> runs, int above, int here)
    {
        for (int up = above, down = here; up < here && down < runs.Length; )
        {
            if (runs[up].End >= runs[down].Start && runs[up].Start <= runs[down].End)
            {
                var (one, other) = (First(runs, up), First(runs, down));
                // The earlier one leads, so that each leader is at or before the run it leads.
                runs[Math.Max(one, other)].Leader = Math.Min(one, other);
            }
            if (runs[up].End < runs[down].End)
                up++;
            else
                down++;
        }
    }

    private static int First(Span<Run> runs, int at)
    {
        while (runs[at].Leader != at)
            at = runs[at].Leader = runs[runs[at].Leader].Leader;
        return at;
    }
}
