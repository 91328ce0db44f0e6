namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Which outputs of a tile have windows that are all zeros, such as those on black paper. Before the bias these outputs are 0, and Winograd's filtering leaves a
/// residue of rounding there: where the bias is 0, as in every new network, ReLU's derivative would depend on the residue's sign.
/// </summary>
internal sealed unsafe class BlankWindows<TTile>(WinogradGeometry geometry)
    where TTile : struct, IWinogradTile
{
    private readonly int _height = geometry.Input[0];
    private readonly int _width = geometry.Input[1];
    private readonly int _channels = geometry.Channels;
    private readonly int _filters = geometry.Filters;
    private readonly int _top = geometry.Padding.Top;
    private readonly int _left = geometry.Padding.Left;

    /// <summary>Whether blank windows matter: only where a filter's bias is 0.</summary>
    public bool Matter(float* bias) => new ReadOnlySpan<float>(bias, _filters).Contains(0f);

    /// <summary>A bit per output of a tile, row by row: whether its window is blank.</summary>
    public ulong Of<T>(T* images, BlockPosition tile)
        where T : unmanaged
    {
        if (HasNoBlankCore(images, tile))
            return 0;
        var (points, size, window) = (TTile.Points, TTile.Size, TTile.Window);
        var first = UInt128.Zero;
        for (var y = 0; y < window; y++)
            first |= ((UInt128.One << window) - 1) << (y * points);
        UInt128? zeros = null;
        var blank = 0UL;
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
        {
            if (!IsZero(images, tile, y + window / 2, x + window / 2))
                continue;
            var taps = first << (y * points + x);
            zeros ??= Zeros(images, tile);
            if ((zeros & taps) == taps)
                blank |= 1UL << (y * size + x);
        }
        return blank;
    }

    /// <summary>A bit per pixel of a tile, row by row: whether it is 0 in all channels.</summary>
    private UInt128 Zeros<T>(T* images, BlockPosition tile)
        where T : unmanaged
    {
        var zeros = UInt128.Zero;
        for (var y = 0; y < TTile.Points; y++)
        for (var x = 0; x < TTile.Points; x++)
        {
            if (IsZero(images, tile, y, x))
                zeros |= UInt128.One << (y * TTile.Points + x);
        }
        return zeros;
    }

    /// <summary>
    /// Whether some pixels of a tile say that no window is blank: each window has one of them, being in row window - 1 or a multiple of the window below, and
    /// likewise in one of the columns. Most tiles need no more.
    /// </summary>
    private bool HasNoBlankCore<T>(T* images, BlockPosition tile)
        where T : unmanaged
    {
        for (var y = TTile.Window - 1; y < TTile.Points; y += TTile.Window)
        for (var x = TTile.Window - 1; x < TTile.Points; x += TTile.Window)
        {
            if (IsZero(images, tile, y, x))
                return false;
        }
        return true;
    }

    private bool IsZero<T>(T* images, BlockPosition tile, int row, int column)
        where T : unmanaged
    {
        var (y, x) = (tile.Row * TTile.Size + row - _top, tile.Column * TTile.Size + column - _left);
        return (uint)y >= (uint)_height
            || (uint)x >= (uint)_width
            || !new ReadOnlySpan<byte>(
                images + (((nint)tile.Image * _height + y) * _width + x) * _channels,
                _channels * sizeof(T)
            ).ContainsAnyExcept((byte)0);
    }
}
