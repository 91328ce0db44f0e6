namespace PSConvNet.Drawing;

/// <summary>A line of text before it has a place.</summary>
/// <param name="Text">The text.</param>
/// <param name="Role">What it is for.</param>
internal readonly record struct StyledLine(string Text, TextRole Role)
{
    /// <summary>The widest it can get, in pixels.</summary>
    public double Width => TextWidth.Of(Text, Role.Size());

    /// <summary>The height it takes, in pixels.</summary>
    public double Height => Math.Ceiling(Role.Size() * 1.35);

    /// <summary>A text in lines that are no wider than a number of pixels; none for an empty text.</summary>
    public static IEnumerable<StyledLine> Wrap(string text, TextRole role, double width) =>
        text.Length == 0
            ? []
            : TextWrap
                .Lines(text, width, line => TextWidth.Of(line, role.Size()))
                .Select(line => new StyledLine(line, role));

    /// <summary>Lines below each other, each anchored at <paramref name="x"/>; the first line's top is at <paramref name="y"/>.</summary>
    public static IReadOnlyList<PictureText> Stack(IEnumerable<StyledLine> lines, double x, double y, TextAnchor anchor)
    {
        var stacked = new List<PictureText>();
        foreach (var line in lines)
        {
            // Letters stand on the base line and reach about a quarter of the size below it.
            stacked.Add(new PictureText(x, y + line.Height * 0.76, line.Text, line.Role, anchor));
            y += line.Height;
        }
        return stacked;
    }
}

internal static class TextRoleExtensions
{
    /// <summary>The font size in pixels.</summary>
    public static double Size(this TextRole role) =>
        role switch
        {
            TextRole.Title => 18,
            TextRole.Name or TextRole.Body => 13,
            _ => 11,
        };
}
