namespace PSConvNet.Runtime.Kernels;

/// <summary>Which rows of an image a row of outputs reads, and which rows of outputs read a row of the image.</summary>
/// <param name="axis">The window from top to bottom.</param>
/// <param name="outputs">The number of rows of outputs.</param>
internal readonly struct LaneWindow(WindowAxis axis, int outputs)
{
    /// <summary>The row of the image that a row of the window is on; it may lie outside.</summary>
    /// <param name="output">The row of outputs.</param>
    /// <param name="tap">The row of the window.</param>
    public int InputRow(int output, int tap) => output * axis.Stride - axis.Before + tap * axis.Dilation;

    /// <summary>The row of outputs whose window has one of its rows on a row of the image; null if there is none.</summary>
    /// <param name="input">The row of the image.</param>
    /// <param name="tap">The row of the window.</param>
    public int? OutputRow(int input, int tap)
    {
        var (row, rest) = Math.DivRem(input + axis.Before - tap * axis.Dilation, axis.Stride);
        return rest == 0 && (uint)row < (uint)outputs ? row : null;
    }

    /// <summary>Whether no row of outputs after one reads a row of the image.</summary>
    public bool IsComplete(int input, int output) =>
        output == outputs - 1 || (input + axis.Before) / axis.Stride <= output;
}

/// <summary>Which rows of images have been read.</summary>
internal struct LaneReader(int height)
{
    private long _image = -1;
    private int _next;

    /// <summary>The rows to read so that those from first to last have been; in the image, and in order.</summary>
    public (int First, int Last) Move(long image, int first, int last)
    {
        if (image != _image)
            (_image, _next) = (image, 0);
        var (from, to) = (Math.Max(_next, first), Math.Min(height - 1, last));
        _next = Math.Max(_next, to + 1);
        return (from, to);
    }
}
