using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The way of images, height x width x channels, into the planes of a Winograd convolution, and that of their gradients back. The tiles of a block
/// are transformed one after another.
/// </summary>
/// <remarks>
/// Fast because neighbouring channels are one vector, so that each transform is a few additions of whole vectors, which are in registers between the two
/// passes, down and across. Tiles at the image's edges, and images in bf16, are copied into a patch first. The plain version is PlainConv in the tests.
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

    /// <summary>Numbers of a tile's patch, which is the largest that the transforms need.</summary>
    public static int WorkLength => TTile.Points * TTile.Points * TWide.Lanes;

    /// <summary>The inputs of tiles.</summary>
    /// <param name="images">All images.</param>
    /// <param name="end">Where their memory ends.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="planes">Receives points x tiles x channels. Numbers beyond the last channel mean nothing.</param>
    /// <param name="work">Memory for a tile of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inputs<T>(T* images, T* end, ConvBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)_channels, (nint)_width * _channels);
        var target = planes.At(0);
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn(), target += planes.Row)
        {
            var (top, left) = (position.Row * TTile.Size - _top, position.Column * TTile.Size - _left);
            var corner = images + (position.Image * _height + top) * rowStep + left * pixelStep;
            var part = new TilePart(top, left, points, _height, _width);
            // Whether the vectors of the last pixel end within the images' memory.
            var last = corner + (part.EndRow - 1) * rowStep + (part.EndColumn - 1) * pixelStep + planes.Row;
            if (typeof(T) == typeof(float) && part.IsWhole && last <= end)
            {
                for (var c = 0; c < _channels; c += lanes)
                    TTile.Inputs<TWide>((float*)(corner + c), rowStep, pixelStep, target + c, planes.Plane);
                continue;
            }
            if (!part.IsWhole)
                new Span<float>(work, WorkLength).Clear();
            for (var c = 0; c < _channels; c += lanes)
            {
                if (last <= end)
                    Copy(corner + c, part, work);
                else
                    CopyBefore(corner + c, end, _channels - c, part, work);
                TTile.Inputs<TWide>(work, points * lanes, lanes, target + c, planes.Plane);
            }
        }
    }

    /// <summary>Adds the gradients of tiles' inputs to those of the images that the tiles read, which overlap.</summary>
    /// <param name="planes">points x tiles x channels.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="images">The images of the block as the tiles read them, with padding; a pixel has whole vectors of channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InputsAdjoint(Planes planes, ConvBlock block, float* images)
    {
        var (pixelStep, rowStep) = ((nint)planes.Row, (nint)_readWidth * planes.Row);
        var source = planes.At(0);
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn(), source += planes.Row)
        {
            var image = images + (nint)(position.Image - block.Image) * _readSize * pixelStep;
            var corner = image + position.Row * TTile.Size * rowStep + position.Column * TTile.Size * pixelStep;
            for (var c = 0; c < _channels; c += TWide.Lanes)
                TTile.InputsAdjoint<TWide>(source + c, planes.Plane, corner + c, rowStep, pixelStep);
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

    /// <summary>Copies a vector of each of a tile's pixels that the image has into the patch, in fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Copy<T>(T* corner, TilePart part, float* patch)
        where T : unmanaged
    {
        for (var i = part.FirstRow; i < part.EndRow; i++)
        {
            var pixel = corner + ((nint)i * _width + part.FirstColumn) * _channels;
            var target = patch + (i * TTile.Points + part.FirstColumn) * TWide.Lanes;
            for (var j = part.FirstColumn; j < part.EndColumn; j++, pixel += _channels, target += TWide.Lanes)
                Element.Load<TWide, T>(pixel).Store(target);
        }
    }

    /// <summary>As <see cref="Copy"/>, where whole vectors might end beyond the memory of the images.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CopyBefore<T>(T* corner, T* end, int channels, TilePart part, float* patch)
        where T : unmanaged
    {
        for (var i = part.FirstRow; i < part.EndRow; i++)
        for (var j = part.FirstColumn; j < part.EndColumn; j++)
        {
            var pixel = corner + ((nint)i * _width + j) * _channels;
            var target = patch + (i * TTile.Points + j) * TWide.Lanes;
            Element.LoadBefore<TWide, T>(pixel, end, channels).Store(target);
        }
    }
}
