namespace PSConvNet.Drawing;

/// <summary>How a terminal shows pictures.</summary>
public enum TerminalGraphics
{
    /// <summary>Plain characters.</summary>
    Text,

    /// <summary>Half blocks in 24-bit colours.</summary>
    Blocks,

    /// <summary>Pixels, by DEC's Sixel graphics.</summary>
    Sixel,

    /// <summary>Pixels, by Kitty's graphics protocol.</summary>
    Kitty,
}
