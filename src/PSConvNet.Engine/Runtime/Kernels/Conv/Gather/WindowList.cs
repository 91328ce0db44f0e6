namespace PSConvNet.Runtime.Kernels;

/// <summary>Windows of pixels, the rows of a matrix that isn't in memory: the number in a row's column is at the row's pixel plus the column's tap.</summary>
internal unsafe struct WindowList
{
    /// <summary>Where the pixels' and taps' offsets count from.</summary>
    public float* Start;

    /// <summary>The offset of each window's pixel.</summary>
    public int* Pixels;

    /// <summary>Where each window's results go.</summary>
    public int* Targets;

    /// <summary>The number of windows.</summary>
    public int Count;

    /// <summary>The offset of each number of a window from its pixel.</summary>
    public int* Taps;

    /// <summary>How many numbers a window has.</summary>
    public int Depth;
}
