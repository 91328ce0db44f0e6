namespace PSConvNet.Runtime.Kernels;

/// <summary>How many rows and columns of padding go on each side of an image.</summary>
internal readonly record struct Edges(int Top, int Bottom, int Left, int Right)
{
    public bool IsSymmetric => Top == Bottom && Left == Right;

    public bool IsNone => this == default;
}
