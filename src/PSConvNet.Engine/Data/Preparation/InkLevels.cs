using System.Numerics;
using System.Runtime.InteropServices;

namespace PSConvNet.Data;

/// <summary>From a picture's colours to grey levels, and from these to how much ink there is.</summary>
internal static class InkLevels
{
    /// <summary>The paper's colour is lighter than this share of the pixels.</summary>
    private const double PaperShare = 0.95;

    /// <summary>Darker paper than this isn't made lighter: only its noise would grow.</summary>
    private const int DarkestWhite = 96;

    /// <summary>The share of the pixels that are certainly paper: what they have of ink is noise.</summary>
    private const double PaperPixels = 0.2;

    /// <summary>Dark paper is taken to be at least this light, as a level: else noise in shadows would look like ink.</summary>
    private const int DarkestPaper = 64;

    private static readonly byte[] s_shares = Shares();

    /// <summary>How light the paper is, of which ink is a share.</summary>
    public static int Light(Plane paper) => Math.Max(DarkestPaper, paper.Percentile(PaperShare));

    /// <summary>
    /// Grey levels in which the paper is white and ink of any colour dark: each channel is divided by the paper's, and the least of the three
    /// counts.
    /// </summary>
    public static Plane Grey(PixelPicture picture, bool isLightOnDark, out double stretch)
    {
        var pixels = picture.Pixels.Span;
        var grey = new byte[picture.Width * picture.Height];
        var exchange = isLightOnDark ? 255 : 0;
        Span<int> counts = stackalloc int[3 * 256];
        for (var i = 0; i + 3 < pixels.Length; i += 4)
        {
            counts[pixels[i] ^ exchange]++;
            counts[256 + (pixels[i + 1] ^ exchange)]++;
            counts[512 + (pixels[i + 2] ^ exchange)]++;
        }
        Span<int> paper = stackalloc int[3];
        for (var c = 0; c < 3; c++)
            paper[c] = Math.Max(DarkestWhite, Plane.Percentile(counts.Slice(256 * c, 256), PaperShare));
        stretch = 255.0 / Math.Min(Math.Min(paper[0], paper[1]), paper[2]);
        Span<byte> shares = stackalloc byte[3 * 256];
        for (var c = 0; c < 3; c++)
        for (var level = 0; level < 256; level++)
            shares[256 * c + level] = (byte)Math.Min(255, (255 * level + paper[c] / 2) / paper[c]);
        for (int i = 0, at = 0; i < grey.Length; i++, at += 4)
            grey[i] = Math.Min(
                Math.Min(shares[pixels[at] ^ exchange], shares[256 + (pixels[at + 1] ^ exchange)]),
                shares[512 + (pixels[at + 2] ^ exchange)]
            );
        return new Plane(picture.Width, picture.Height, grey);
    }

    /// <summary>The paper where it isn't looked for: of one level everywhere.</summary>
    public static Plane FlatPaper(Plane grey)
    {
        var levels = new byte[grey.Levels.Length];
        levels.AsSpan().Fill((byte)grey.Percentile(PaperShare));
        return new Plane(grey.Width, grey.Height, levels);
    }

    /// <summary>The ink: how much darker than the paper, as a share of the paper.</summary>
    public static Plane Ink(Plane grey, Plane paper)
    {
        var ink = new Plane(grey.Width, grey.Height);
        var (levels, lights, darks, shares) = (ink.Levels, paper.Levels, grey.Levels, s_shares);
        for (var i = 0; i < levels.Length; i++)
            levels[i] = shares[lights[i] << 8 | darks[i]];
        // Noise makes the paper lighter than it is, for it is as light as the lightest pixel near.
        var noise = (byte)ink.Percentile(PaperPixels);
        var all = MemoryMarshal.Cast<byte, Vector<byte>>(levels.AsSpan());
        foreach (ref var some in all)
            some = Vector.Max(some, new Vector<byte>(noise)) - new Vector<byte>(noise);
        foreach (ref var level in levels.AsSpan(all.Length * Vector<byte>.Count))
            level = (byte)Math.Max(0, level - noise);
        return ink;
    }

    /// <summary>The ink of each level of paper and grey.</summary>
    private static byte[] Shares()
    {
        var shares = new byte[256 * 256];
        for (var paper = 0; paper < 256; paper++)
        for (var grey = 0; grey < paper; grey++)
        {
            var light = Math.Max(DarkestPaper, paper);
            shares[paper << 8 | grey] = (byte)Math.Min(255, (255 * (paper - grey) + light / 2) / light);
        }
        return shares;
    }
}
