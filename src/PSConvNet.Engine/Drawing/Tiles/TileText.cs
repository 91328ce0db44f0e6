using System.Text;

namespace PSConvNet.Drawing;

/// <summary>Tiles in characters: half blocks in 24-bit colours, or plain characters from light to heavy.</summary>
internal static class TileText
{
    private const int Gap = 2;
    private const int Fewest = 8;

    // From no ink to much; each is a little denser in common faces than the one before it.
    private const string Ramp = " .:-=+*#%@";

    /// <summary>The picture in lines.</summary>
    public static string Write(string title, IReadOnlyList<TileSection> sections, int columns, bool colour)
    {
        var text = new StringBuilder();
        foreach (var line in TextWrap.Lines(title, columns, line => TextCells.Width(line)))
            text.Append(line).Append('\n');
        foreach (var section in sections)
        {
            text.Append('\n');
            if (section.Heading is { } heading)
                text.Append(TextCells.Fit(heading, columns)).Append('\n');
            Append(text, section, columns, colour);
        }
        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, TileSection section, int columns, bool colour)
    {
        if (section.Tiles.Count == 0)
            return;
        var image = section.Tiles.Max(tile => tile.Image.Width);
        var caption = section.Tiles.SelectMany(tile => tile.Caption).Select(TextCells.Width).Append(0).Max();
        // Few, as large as they are; of many, at most five or so in a row, still large enough to be recognised.
        var perRow = Math.Clamp(Math.Min(section.Columns, section.Tiles.Count), 1, colour ? 5 : 4);
        if (image <= Fewest)
            perRow = Math.Clamp(Math.Min(section.Columns, section.Tiles.Count), 1, (columns + Gap) / (image + Gap));
        var room = Math.Max(Fewest, (columns - Gap * (perRow - 1)) / perRow);
        var width = Math.Min(image, room);
        var cell = Math.Max(width, Math.Min(caption, room));
        foreach (var row in section.Tiles.Chunk(perRow))
        {
            var pictures = Array.ConvertAll(row, tile => Lines(tile.Image, width, colour));
            for (var line = 0; line < pictures.Max(picture => picture.Length); line++)
                Append(text, pictures.Select(picture => line < picture.Length ? picture[line] : ("", 0)), cell);
            for (var line = 0; line < row.Max(tile => tile.Caption.Count); line++)
            {
                var captions = row.Select(tile =>
                    line < tile.Caption.Count ? TextCells.Fit(tile.Caption[line], cell) : ""
                );
                Append(text, captions.Select(words => (words, TextCells.Width(words))), cell);
            }
            text.Append('\n');
        }
    }

    /// <summary>A line of all tiles in a row, each as wide as a cell.</summary>
    private static void Append(StringBuilder text, IEnumerable<(string Text, int Cells)> parts, int cell)
    {
        var line = new StringBuilder();
        foreach (var (part, cells) in parts)
            line.Append(part).Append(' ', cell - cells + Gap);
        text.Append(line.ToString().TrimEnd(' ')).Append('\n');
    }

    private static (string Text, int Cells)[] Lines(Bitmap image, int width, bool colour)
    {
        // A cell is about twice as high as it is wide, and so is a half block square.
        var height = Math.Max(1, (int)Math.Round((double)image.Height * width / image.Width));
        return colour
            ? [.. HalfBlocks.Lines(image.Resize(width, height)).Select(line => (line, width))]
            : [.. Plain(image.Resize(width, Math.Max(1, (height + 1) / 2))).Select(line => (line, line.Length))];
    }

    private static IEnumerable<string> Plain(Bitmap image)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var line = new StringBuilder();
            for (var x = 0; x < image.Width; x++)
            {
                var (red, green, blue) = image[x, y];
                var luma = 0.299 * red + 0.587 * green + 0.114 * blue;
                line.Append(Ramp[(int)Math.Min(Ramp.Length - 1, luma / 256 * Ramp.Length)]);
            }
            yield return line.ToString().TrimEnd(' ');
        }
    }
}
