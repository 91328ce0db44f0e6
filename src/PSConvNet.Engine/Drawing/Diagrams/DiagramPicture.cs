namespace PSConvNet.Drawing;

/// <summary>What text is for, and so how large and heavy it is set.</summary>
internal enum TextRole
{
    /// <summary>The model's name.</summary>
    Title,

    /// <summary>A layer's name.</summary>
    Name,

    /// <summary>What a layer does.</summary>
    Body,

    /// <summary>Shapes, counts and notes.</summary>
    Note,
}

/// <summary>Which side of a text is at its point.</summary>
internal enum TextAnchor
{
    /// <summary>It begins there.</summary>
    Start,

    /// <summary>Its middle is there.</summary>
    Middle,
}

/// <summary>A line of text.</summary>
/// <param name="X">Where it is anchored, in pixels from the left.</param>
/// <param name="Y">Its base line, in pixels from the top.</param>
/// <param name="Text">The text.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Anchor">Which side of it is at <paramref name="X"/>.</param>
internal sealed record PictureText(double X, double Y, string Text, TextRole Role, TextAnchor Anchor);

/// <summary>A box with what stands in it.</summary>
/// <param name="X">Its left side.</param>
/// <param name="Y">Its upper side.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Family">The layers whose colour it has; null for the input, the output and sums.</param>
/// <param name="Lines">The text in it.</param>
/// <param name="Layer">The layer's name; null for what is none.</param>
internal sealed record PictureBox(
    double X,
    double Y,
    double Width,
    double Height,
    LayerFamily? Family,
    IReadOnlyList<PictureText> Lines,
    string? Layer
);

/// <summary>A frame around a residual block.</summary>
/// <param name="X">Its left side.</param>
/// <param name="Y">Its upper side.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Layer">The block's name.</param>
internal sealed record PictureFrame(double X, double Y, double Width, double Height, string Layer);

/// <summary>A line through points; the way of the data.</summary>
/// <param name="Points">Its corners.</param>
/// <param name="Arrow">Whether it ends in an arrowhead.</param>
internal sealed record PicturePath(IReadOnlyList<(double X, double Y)> Points, bool Arrow);

/// <summary>A diagram arranged: the place of each part, however it is drawn.</summary>
internal sealed record DiagramPicture
{
    /// <summary>The width in pixels.</summary>
    public double Width { get; set; }

    /// <summary>The height in pixels.</summary>
    public double Height { get; set; }

    /// <summary>What it shows, on one line.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows, in sentences for those who can't see it.</summary>
    public required string Description { get; init; }

    /// <summary>The frames, outermost first; they lie under everything else.</summary>
    public List<PictureFrame> Frames { get; } = [];

    /// <summary>The lines.</summary>
    public List<PicturePath> Paths { get; } = [];

    /// <summary>The boxes.</summary>
    public List<PictureBox> Boxes { get; } = [];

    /// <summary>The text outside boxes.</summary>
    public List<PictureText> Texts { get; } = [];
}
