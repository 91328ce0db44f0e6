namespace PSConvNet.Data;

/// <summary>What comes into a moved image from outside it.</summary>
public enum EdgeFill
{
    /// <summary>Black: right where the ground is black, as with digits.</summary>
    Zero,

    /// <summary>The outermost pixels, drawn out: for photographs.</summary>
    Edge,
}
