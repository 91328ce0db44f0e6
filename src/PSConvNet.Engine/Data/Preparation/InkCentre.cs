namespace PSConvNet.Data;

/// <summary>What goes to the middle of a sample.</summary>
public enum InkCentre
{
    /// <summary>The strokes' centre of mass, as in MNIST.</summary>
    Mass,

    /// <summary>The middle of the box around them.</summary>
    Box,
}
