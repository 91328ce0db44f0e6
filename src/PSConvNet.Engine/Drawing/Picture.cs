using System.Net;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>
/// A picture as text for a terminal, PNG, SVG, or HTML for pages and notebooks. Later changes to the objects it was made from don't affect it.
/// </summary>
public abstract class Picture
{
    private const double ColumnPixels = 8;

    private protected Picture(string title, string description) =>
        (Title, Description) = (PrintableText.Of(title), PrintableText.Of(description, lines: true));

    /// <summary>What it shows, on one line.</summary>
    public string Title { get; }

    /// <summary>What it shows, in sentences for those who can't see it.</summary>
    public string Description { get; }

    /// <summary>The width in pixels of a page (96 an inch).</summary>
    public abstract int Width { get; }

    /// <summary>The height in pixels of a page.</summary>
    public abstract int Height { get; }

    /// <summary>The picture in characters.</summary>
    /// <param name="columns">The columns there are, at least 20.</param>
    /// <param name="colour">Whether the terminal understands 24-bit colours; without, plain characters only.</param>
    /// <returns>Lines ending in a line feed, but for the last, which ends in none.</returns>
    public abstract string ToText(int columns = 80, bool colour = false);

    /// <summary>The sequences that show it as pixels in a terminal that has graphics.</summary>
    /// <param name="graphics">Kitty's or Sixel's; the terminal has to know it.</param>
    /// <param name="columns">The columns there are, at least 20; a picture that is wider is made smaller.</param>
    /// <param name="dark">Light on dark.</param>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public string ToGraphics(TerminalGraphics graphics, int columns, bool dark = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 20);
        // A column is about 8 pixels wide nearly everywhere.
        var fits = Math.Min(1, columns * ColumnPixels / Width);
        return graphics switch
        {
            TerminalGraphics.Kitty => KittyGraphics.Write(
                ToPng(scale: Math.Max(0.1, 2 * fits), dark),
                Math.Min(columns, (int)Math.Ceiling(Width * fits / ColumnPixels))
            ),
            TerminalGraphics.Sixel => SixelGraphics.Write(Bitmap.FromPng(ToPng(Math.Max(0.1, fits), dark))),
            _ => ToText(columns, colour: graphics == TerminalGraphics.Blocks),
        };
    }

    /// <summary>Whether a terminal shows it better as text, even where it has graphics.</summary>
    public virtual bool IsText => false;

    /// <summary>An SVG element with a title and a description for screen readers; it refers to nothing outside itself.</summary>
    public abstract string ToSvg();

    /// <summary>The picture as a PNG file's bytes.</summary>
    /// <param name="scale">Pixels of the file for one of the picture, 0.1 to 8.</param>
    /// <param name="dark">Light on dark.</param>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public abstract byte[] ToPng(double scale = 2, bool dark = false);

    /// <summary>A figure for a page: the SVG element, which shrinks where the page is narrow.</summary>
    public string ToHtml() =>
        $"<figure class=\"psconvnet-picture\" style=\"margin:0;max-width:{Width}px\">{ToSvg()}</figure>";

    /// <summary>Writes the picture to a file; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <param name="format">The format, or null for what the path's ending says.</param>
    /// <exception cref="ConvNetException">
    /// <c>PictureFormatUnknown</c>: the ending says none. <c>PictureFormatUnsupported</c>: this picture has no such format.
    /// <c>FileNotWritten</c>.
    /// </exception>
    public void Save(string path, PictureFormat? format = null)
    {
        var bytes = ToBytes(format ?? FormatOf(path));
        WholeFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The format that a path's ending says.</summary>
    /// <exception cref="ConvNetException"><c>PictureFormatUnknown</c>: with the endings that there are for this picture.</exception>
    public PictureFormat FormatOf(string path) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => PictureFormat.Png,
            ".SVG" => PictureFormat.Svg,
            ".HTML" or ".HTM" => PictureFormat.Html,
            ".TXT" => PictureFormat.Text,
            ".MMD" or ".MERMAID" => PictureFormat.Mermaid,
            _ => throw new ConvNetException(
                ErrorIds.PictureFormatUnknown,
                ErrorKind.InvalidArgument,
                $"The extension of {path} doesn't say how to draw; use {Endings:text}.",
                path
            ),
        };

    /// <summary>The endings of files that it can be written to, in words.</summary>
    private protected virtual string Endings => ".png, .svg, .html or .txt";

    /// <summary>The picture in a format that is text.</summary>
    /// <param name="format">Text, Svg, Html, or Mermaid.</param>
    /// <exception cref="ConvNetException"><c>PictureFormatUnsupported</c>: Png, or what this picture has not.</exception>
    public virtual string ToString(PictureFormat format) =>
        format switch
        {
            PictureFormat.Text => ToText(),
            PictureFormat.Svg => ToSvg(),
            PictureFormat.Html => Page(),
            PictureFormat.Png => throw Unsupported("a PNG isn't text; give a path that ends in .png"),
            _ => throw Unsupported($"only networks can be drawn as a Mermaid flowchart; use {Endings}"),
        };

    /// <summary>The picture as plain text, as wide as it is shown in a usual terminal: a line of all its columns would be followed by an empty one.</summary>
    public override string ToString() => ToText(TextTable.Width - 1);

    private byte[] ToBytes(PictureFormat format) =>
        format == PictureFormat.Png ? ToPng() : Encoding.UTF8.GetBytes(ToString(format) + "\n");

    private ConvNetException Unsupported(string message) =>
        new(ErrorIds.PictureFormatUnsupported, ErrorKind.InvalidArgument, $"{Title}: {message:text}.", this);

    private string Page() =>
        $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{{WebUtility.HtmlEncode(Title)}}</title>
            <style>
            body{margin:1rem;font-family:"DejaVu Sans",Verdana,sans-serif}
            @media (prefers-color-scheme:dark){
            body{background:#0d1117;color:#e6edf3}
            }
            </style>
            </head>
            <body>
            {{ToHtml()}}
            </body>
            </html>
            """.ReplaceLineEndings("\n");
}
