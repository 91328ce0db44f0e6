namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Which outputs of a tile have windows that are all zeros, such as those on black paper. Before the bias these outputs are 0, and Winograd's filtering leaves a
/// residue of rounding there: where the bias is 0, as in every new network, ReLU's derivative would depend on the residue's sign.
/// </summary>
internal sealed unsafe class BlankWindows<TTile>(WinogradGeometry geometry)
    where TTile : struct, IWinogradTile
{
    private const int Window = 3;

    private readonly int _height = geometry.Input[0];
    private readonly int _width = geometry.Input[1];
    private readonly int _channels = geometry.Channels;
    private readonly int _filters = geometry.Filters;
    private readonly int _top = geometry.Padding.Top;
    private readonly int _left = geometry.Padding.Left;

    /// <summary>Whether blank windows matter: only where a filter's bias is 0.</summary>
    public bool Matter(float* bias) => new ReadOnlySpan<float>(bias, _filters).Contains(0f);

    /// <summary>A bit per output of a tile, row by row: whether its window is blank.</summary>
    public uint Of<T>(T* images, BlockPosition tile)
        where T : unmanaged
    {
        var (points, size) = (TTile.Points, TTile.Size);
        // Bits of pixels, row by row, points in each.
        var zeros = 0UL;
        for (var y = 0; y < points; y++)
        for (var x = 0; x < points; x++)
        {
            if (IsZero(images, tile.Image, tile.Row * size + y - _top, tile.Column * size + x - _left))
                zeros |= 1UL << (y * points + x);
        }
        var blank = 0u;
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
        {
            var window = 0UL;
            for (var row = y; row < y + Window; row++)
                window |= 0b111UL << (row * points + x);
            if ((zeros & window) == window)
                blank |= 1u << (y * size + x);
        }
        return blank;
    }

    private bool IsZero<T>(T* images, int image, int y, int x)
        where T : unmanaged =>
        (uint)y >= (uint)_height
        || (uint)x >= (uint)_width
        || !new ReadOnlySpan<byte>(
            images + (((nint)image * _height + y) * _width + x) * _channels,
            _channels * sizeof(T)
        ).ContainsAnyExcept((byte)0);
}
