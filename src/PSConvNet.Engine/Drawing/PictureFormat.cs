namespace PSConvNet.Drawing;

/// <summary>How a picture is written.</summary>
public enum PictureFormat
{
    /// <summary>Lines of plain text.</summary>
    Text,

    /// <summary>A vector picture that needs nothing but itself, with colours for light and dark.</summary>
    Svg,

    /// <summary>Pixels: two for each of the picture's own, for sharp screens.</summary>
    Png,

    /// <summary>A web page with the picture and its description.</summary>
    Html,

    /// <summary>A Mermaid flowchart, which GitHub and many editors draw; networks only.</summary>
    Mermaid,
}
