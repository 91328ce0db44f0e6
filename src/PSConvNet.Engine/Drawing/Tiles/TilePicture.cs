namespace PSConvNet.Drawing;

/// <summary>Images in rows, each with a caption, in sections with a heading.</summary>
internal sealed class TilePicture : CanvasPicture
{
    private readonly TileLayout _layout;

    public TilePicture(string title, string description, IReadOnlyList<TileSection> sections)
        : base(title, description)
    {
        Sections = sections;
        _layout = WithSkia(() => new TileLayout(title, sections));
    }

    /// <summary>The sections, first to last.</summary>
    public IReadOnlyList<TileSection> Sections { get; }

    /// <inheritdoc />
    public override int Width => _layout.Width;

    /// <inheritdoc />
    public override int Height => _layout.Height;

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        TileText.Write(Title, Sections, Math.Max(columns, 20), colour);

    internal override void Draw(Pen pen) => _layout.Draw(pen);
}
