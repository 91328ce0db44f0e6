using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Where the images and captions of a tile picture lie.</summary>
internal sealed class TileLayout
{
    private const double Margin = 16;
    private const double GapX = 10;
    private const double GapY = 12;
    private const double TitleSize = 15;
    private const double HeadingSize = 12;
    private const double CaptionSize = 11;
    private const double CaptionMost = 120;
    private const double CaptionHeight = 14;

    private readonly List<Action<Pen>> _steps = [];

    public TileLayout(string title, IReadOnlyList<TileSection> sections)
    {
        var width = Math.Max(
            sections.Max(section => SectionWidth(section)),
            sections.Max(section => section.Heading is { } heading ? Pen.Measure(heading, HeadingSize, bold: true) : 0)
        );
        // A title that is wider than the tiles goes on in a second line.
        width = Math.Max(width, Math.Min(Pen.Measure(title, TitleSize, bold: true), 320));
        var y = Margin;
        foreach (var line in TextWrap.Lines(title, width, text => Pen.Measure(text, TitleSize, bold: true)))
        {
            y += TitleSize * 1.25;
            var baseLine = y - 4;
            _steps.Add(pen => pen.Text(line, Margin, baseLine, TitleSize, pen.Theme.Ink, bold: true));
        }
        // On whole pixels from here on: an image's own pixels are to have sharp edges.
        y = Math.Ceiling(y);
        foreach (var section in sections)
            y = Place(section, y + GapY);
        Width = (int)Math.Ceiling(width + 2 * Margin);
        Height = (int)Math.Ceiling(y + Margin);
    }

    /// <summary>The picture's width.</summary>
    public int Width { get; }

    /// <summary>The picture's height.</summary>
    public int Height { get; }

    /// <summary>Draws everything.</summary>
    public void Draw(Pen pen)
    {
        foreach (var step in _steps)
            step(pen);
    }

    private static double CellWidth(TileSection section)
    {
        var image = section.Tiles.Count == 0 ? 0 : section.Tiles.Max(tile => tile.Image.Width * section.PixelSize);
        var captions = section.Tiles.SelectMany(tile => tile.Caption).Select(line => Pen.Measure(line, CaptionSize));
        return Math.Ceiling(Math.Max(image, Math.Min(CaptionMost, captions.Append(0).Max())));
    }

    private static double SectionWidth(TileSection section)
    {
        var columns = Math.Max(1, Math.Min(section.Columns, section.Tiles.Count));
        return columns * CellWidth(section) + (columns - 1) * GapX;
    }

    /// <returns>Where the section ends.</returns>
    private double Place(TileSection section, double y)
    {
        if (section.Heading is { } heading)
        {
            y += HeadingSize;
            var baseLine = y;
            _steps.Add(pen => pen.Text(heading, Margin, baseLine, HeadingSize, pen.Theme.Ink, bold: true));
            y += 8;
        }
        var cell = CellWidth(section);
        foreach (var row in section.Tiles.Chunk(section.Columns))
        {
            var image = row.Max(tile => tile.Image.Height * section.PixelSize);
            var lines = row.Max(tile => tile.Caption.Count);
            for (var column = 0; column < row.Length; column++)
                Place(row[column], Margin + column * (cell + GapX), y, cell, section.PixelSize);
            y += Math.Ceiling(image) + lines * CaptionHeight + GapY;
        }
        return y - GapY;
    }

    private void Place(Tile tile, double x, double y, double cell, double pixel)
    {
        var (width, height) = (tile.Image.Width * pixel, tile.Image.Height * pixel);
        // Captions stand under their image's middle, and so do images that are narrower than a caption.
        var left = x + Math.Floor((cell - width) / 2);
        var captions = tile.Caption.Select(line => Pen.Fit(line, cell, CaptionSize)).ToArray();
        _steps.Add(pen =>
        {
            pen.Image(tile.Image, left, y, width, height);
            pen.Frame(left - 0.5, y - 0.5, width + 1, height + 1, Edge(pen.Theme, tile.Tone), 1);
            for (var i = 0; i < captions.Length; i++)
            {
                pen.Text(
                    captions[i],
                    x + cell / 2,
                    y + height + (i + 1) * CaptionHeight - 2,
                    CaptionSize,
                    i == 0 ? Ink(pen.Theme, tile.Tone) : pen.Theme.Faint,
                    align: 0.5,
                    bold: false
                );
            }
        });
    }

    private static SKColor Edge(Theme theme, TileTone tone) => tone == TileTone.Plain ? theme.Rule : Ink(theme, tone);

    private static SKColor Ink(Theme theme, TileTone tone) =>
        tone switch
        {
            TileTone.Right => theme.Right,
            TileTone.Wrong => theme.Wrong,
            _ => theme.Ink,
        };
}
