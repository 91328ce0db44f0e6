namespace PSConvNet;

/// <summary>How a diagram is drawn.</summary>
public enum DiagramFormat
{
    /// <summary>Lines of text for a terminal.</summary>
    Text,

    /// <summary>A picture for web pages and documents: one SVG element that needs nothing else.</summary>
    Svg,

    /// <summary>A Mermaid flowchart, which GitHub and many editors draw.</summary>
    Mermaid,
}
