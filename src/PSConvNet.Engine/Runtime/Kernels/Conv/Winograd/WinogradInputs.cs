using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The way of images, height x width x channels, into the planes of a Winograd convolution, and that of their gradients back. The tiles of a block
/// are transformed one after another.
/// </summary>
/// <remarks>
/// Fast because neighbouring channels are one vector, so that each transform is a few additions of whole vectors, and because the numbers
/// between the two passes, down and across, stay in the first-level cache. The plain version is PlainConv in the tests.
/// </remarks>
internal sealed unsafe class WinogradInputs<TTile, TWide>(WinogradGeometry geometry)
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    private readonly int _height = geometry.Input[0];
    private readonly int _width = geometry.Input[1];
    private readonly int _channels = geometry.Channels;
    private readonly int _across = geometry.TilesAcross;
    private readonly int _tiles = geometry.Tiles;
    private readonly int _top = geometry.Padding.Top;
    private readonly int _left = geometry.Padding.Left;
    private readonly int _readWidth = geometry.ReadWidth;
    private readonly int _readSize = geometry.ReadHeight * geometry.ReadWidth;

    /// <summary>Numbers that the transforms need for a tile's intermediate results.</summary>
    public static int WorkLength => 2 * TTile.Points * TTile.Points * TWide.Lanes;

    /// <summary>The inputs of tiles.</summary>
    /// <param name="images">All images.</param>
    /// <param name="end">Where their memory ends.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="planes">Receives points x tiles x channels. Numbers beyond the last channel mean nothing.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inputs<T>(T* images, T* end, ConvBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)_channels, (nint)_width * _channels);
        var half = work;
        var whole = work + points * points * lanes;
        var last = (points - 1) * rowStep + (points - 1) * pixelStep + planes.Row;
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * TTile.Size - _top, position.Column * TTile.Size - _left);
            var corner = images + (position.Image * _height + top) * rowStep + left * pixelStep;
            var inside =
                top >= 0 && left >= 0 && top + points <= _height && left + points <= _width && corner + last <= end;
            for (var c = 0; c < _channels; c += lanes)
            {
                if (inside)
                {
                    for (var j = 0; j < points; j++)
                        TTile.Inputs<TWide, T>(corner + j * pixelStep + c, rowStep, half + j * lanes, points * lanes);
                }
                else
                {
                    for (var i = 0; i < points; i++)
                    for (var j = 0; j < points; j++)
                    {
                        var exists = (uint)(top + i) < (uint)_height && (uint)(left + j) < (uint)_width;
                        var pixel = corner + i * rowStep + j * pixelStep + c;
                        var values = exists ? Element.LoadBefore<TWide, T>(pixel, end, _channels - c) : TWide.Zero;
                        values.Store(whole + (i * points + j) * lanes);
                    }
                    for (var j = 0; j < points; j++)
                        TTile.Inputs<TWide, float>(whole + j * lanes, points * lanes, half + j * lanes, points * lanes);
                }
                var target = planes.At(0) + (nint)t * planes.Row + c;
                for (var i = 0; i < points; i++)
                    TTile.Inputs<TWide, float>(
                        half + i * points * lanes,
                        lanes,
                        target + i * points * planes.Plane,
                        planes.Plane
                    );
            }
        }
    }

    /// <summary>Adds the gradients of tiles' inputs to those of the images that the tiles read, which overlap.</summary>
    /// <param name="planes">points x tiles x channels.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="images">The images of the block as the tiles read them, with padding; a pixel has whole vectors of channels.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InputsAdjoint(Planes planes, ConvBlock block, float* images, float* work)
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)planes.Row, (nint)_readWidth * planes.Row);
        var half = work;
        var row = work + points * points * lanes;
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var image = images + (nint)(position.Image - block.Image) * _readSize * pixelStep;
            var corner = image + position.Row * TTile.Size * rowStep + position.Column * TTile.Size * pixelStep;
            for (var c = 0; c < _channels; c += lanes)
            {
                var source = planes.At(0) + (nint)t * planes.Row + c;
                for (var j = 0; j < points; j++)
                    TTile.InputsAdjoint<TWide>(
                        source + j * planes.Plane,
                        points * planes.Plane,
                        half + j * lanes,
                        points * lanes
                    );
                for (var i = 0; i < points; i++)
                {
                    TTile.InputsAdjoint<TWide>(half + i * points * lanes, lanes, row, lanes);
                    var target = corner + i * rowStep + c;
                    for (var j = 0; j < points; j++, target += pixelStep)
                        (TWide.Load(target) + TWide.Load(row + j * lanes)).Store(target);
                }
            }
        }
    }

    /// <summary>Writes an image's gradient, without padding, in its own precision.</summary>
    /// <param name="image">The image as tiles read it.</param>
    /// <param name="pixelStep">The distance between its pixels.</param>
    /// <param name="target">height x width x channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyImage<T>(float* image, nint pixelStep, T* target)
        where T : unmanaged
    {
        // A vector beyond the last channel writes to pixels that follow, and are written afterwards.
        var lastWhole = target + (nint)_height * _width * _channels - TWide.Lanes;
        for (var y = 0; y < _height; y++)
        {
            var source = image + ((nint)(y + _top) * _readWidth + _left) * pixelStep;
            for (var x = 0; x < _width; x++, source += pixelStep, target += _channels)
            for (var c = 0; c < _channels; c += TWide.Lanes)
            {
                if (target + c <= lastWhole)
                    Element.Store(TWide.Load(source + c), target + c);
                else
                    Element.StoreFirst(TWide.Load(source + c), target + c, Math.Min(_channels - c, TWide.Lanes));
            }
        }
    }
}
