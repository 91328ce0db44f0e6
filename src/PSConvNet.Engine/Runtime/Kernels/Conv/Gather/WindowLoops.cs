using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Gathers the windows of pixels as rows of a matrix, height x width x channels of one group each, and adds such rows back to the pixels that they came
/// from. Images are height x width x channels.
/// </summary>
/// <remarks>
/// Fast because channels that lie side by side are copied as vectors, a whole row of the window at a time where it is in one piece.
/// A row may be overwritten up to a vector beyond its end, so rows are written in order, and the last one has room after it.
/// </remarks>
internal sealed unsafe class WindowLoops<TWide>
    where TWide : struct, IWide<TWide>
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly int _groupChannels;
    private readonly int _outPixels;
    private readonly int _outWidth;
    private readonly Window _window;
    private readonly Window _stride;
    private readonly Window _dilation;
    private readonly Edges _edges;

    // Pieces of a window's row that lie side by side in the image: one, or one per pixel.
    private readonly int _pieces;
    private readonly int _pieceLength;

    public WindowLoops(Shape input, Shape output, ConvGeometry geometry)
    {
        (_height, _width, _channels) = (input[0], input[1], input[2]);
        _groupChannels = _channels / geometry.Groups;
        (_outPixels, _outWidth) = (output[0] * output[1], output[1]);
        (_window, _stride, _dilation, _edges) = (geometry.Window, geometry.Stride, geometry.Dilation, geometry.Edges);
        var whole = geometry.Groups == 1 && _dilation.Width == 1;
        (_pieces, _pieceLength) = whole ? (1, _window.Width * _channels) : (_window.Width, _groupChannels);
        PaddedWidth = _width + _edges.Left + _edges.Right;
        PaddedHeight = _height + _edges.Top + _edges.Bottom;
    }

    /// <summary>The width of an image with its padding.</summary>
    public int PaddedWidth { get; }

    /// <summary>The height of an image with its padding.</summary>
    public int PaddedHeight { get; }

    /// <summary>Gathers the windows of a block's pixels.</summary>
    /// <param name="images">All images.</param>
    /// <param name="end">Where their memory ends.</param>
    /// <param name="block">Which outputs.</param>
    /// <param name="group">The group of channels.</param>
    /// <param name="rows">Receives a row per output.</param>
    /// <param name="rowStep">The distance between rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather<T>(T* images, T* end, ConvBlock block, int group, float* rows, nint rowStep)
        where T : unmanaged
    {
        var lastWhole = end - TWide.Lanes;
        var position = new BlockPosition(block, _outPixels, _outWidth);
        for (var t = 0; t < block.Count; t++, position.MoveOn(), rows += rowStep)
        {
            var image = images + (nint)position.Image * _height * _width * _channels + group * _groupChannels;
            var left = position.Column * _stride.Width - _edges.Left;
            var target = rows;
            for (var i = 0; i < _window.Height; i++)
            {
                var y = position.Row * _stride.Height - _edges.Top + i * _dilation.Height;
                var row = image + (nint)y * _width * _channels;
                if ((uint)y >= (uint)_height)
                {
                    Clear(target, _window.Width * _groupChannels);
                    target += _window.Width * _groupChannels;
                }
                else if (_pieces == 1 && left >= 0 && left + _window.Width <= _width)
                {
                    Copy(row + left * _channels, lastWhole, target, _pieceLength);
                    target += _pieceLength;
                }
                else
                {
                    for (var j = 0; j < _window.Width; j++, target += _groupChannels)
                    {
                        var x = left + j * _dilation.Width;
                        if ((uint)x < (uint)_width)
                            Copy(row + x * _channels, lastWhole, target, _groupChannels);
                        else
                            Clear(target, _groupChannels);
                    }
                }
            }
        }
    }

    /// <summary>Adds rows to the pixels of their windows.</summary>
    /// <param name="rows">A row per output.</param>
    /// <param name="rowStep">The distance between rows.</param>
    /// <param name="block">Which outputs.</param>
    /// <param name="group">The group of channels.</param>
    /// <param name="images">The images of the block with their padding.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter(float* rows, nint rowStep, ConvBlock block, int group, float* images)
    {
        var pixelStep = (nint)_dilation.Width * _channels;
        var position = new BlockPosition(block, _outPixels, _outWidth);
        for (var t = 0; t < block.Count; t++, position.MoveOn(), rows += rowStep)
        {
            var image = images + (nint)(position.Image - block.Image) * PaddedHeight * PaddedWidth * _channels;
            var left = (nint)position.Column * _stride.Width * _channels + group * _groupChannels;
            var source = rows;
            for (var i = 0; i < _window.Height; i++)
            {
                var y = (nint)position.Row * _stride.Height + i * _dilation.Height;
                var target = image + y * PaddedWidth * _channels + left;
                for (var j = 0; j < _pieces; j++, source += _pieceLength, target += pixelStep)
                    Add(source, target, _pieceLength);
            }
        }
    }

    /// <summary>Writes an image's gradient, without padding, in its own precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyImage<T>(float* image, T* target)
        where T : unmanaged
    {
        var length = _width * _channels;
        for (var y = 0; y < _height; y++, target += length)
        {
            var source = image + ((nint)(y + _edges.Top) * PaddedWidth + _edges.Left) * _channels;
            var i = 0;
            for (; i + TWide.Lanes <= length; i += TWide.Lanes)
                Element.Store(TWide.Load(source + i), target + i);
            if (i < length)
                Element.StoreFirst(Element.LoadFirst<TWide, float>(source + i, length - i), target + i, length - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* source, T* lastWhole, float* target, int length)
        where T : unmanaged
    {
        for (var i = 0; i < length; i += TWide.Lanes)
        {
            var values =
                source + i <= lastWhole
                    ? Element.Load<TWide, T>(source + i)
                    : Element.LoadFirst<TWide, T>(source + i, Math.Min(length - i, TWide.Lanes));
            values.Store(target + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* target, int length)
    {
        for (var i = 0; i < length; i += TWide.Lanes)
            TWide.Zero.Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* source, float* target, int length)
    {
        var i = 0;
        for (; i + TWide.Lanes <= length; i += TWide.Lanes)
            (TWide.Load(target + i) + TWide.Load(source + i)).Store(target + i);
        for (; i < length; i++)
            target[i] += source[i];
    }
}
