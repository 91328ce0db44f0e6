using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The way from the planes of a Winograd convolution to outputs, height x width x filters, and that of their gradients back. The tiles of a block are
/// transformed one after another.
/// </summary>
/// <remarks>
/// Fast because neighbouring channels are one vector, so that each transform is a few additions of whole vectors, and because the numbers
/// between the two passes, down and across, stay in the first-level cache. The plain version is PlainConv in the tests.
/// </remarks>
internal sealed unsafe class WinogradOutputs<TTile, TWide>(WinogradGeometry geometry)
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    private readonly BlankWindows<TTile> _blank = new(geometry);
    private readonly int _outHeight = geometry.Output[0];
    private readonly int _outWidth = geometry.Output[1];
    private readonly int _filters = geometry.Filters;
    private readonly int _across = geometry.TilesAcross;
    private readonly int _tiles = geometry.Tiles;

    /// <summary>The outputs of tiles, with bias, and with or without ReLU.</summary>
    /// <param name="planes">points x tiles x filters.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="images">All images.</param>
    /// <param name="bias">A number per filter, in whole vectors.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">The outputs of all images.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Outputs<T>(Planes planes, ConvBlock block, T* images, float* bias, bool relu, T* outputs, float* work)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var position = new BlockPosition(block, _tiles, _across);
        var cleans = relu && _blank.Matter(bias);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * size, position.Column * size);
            var (rows, columns) = (Math.Min(size, _outHeight - top), Math.Min(size, _outWidth - left));
            var corner = outputs + (((nint)position.Image * _outHeight + top) * _outWidth + left) * _filters;
            var blank = cleans ? _blank.Of(images, position) : 0;
            for (var k = 0; k < _filters; k += lanes)
            {
                var tile = OutputTile(planes, t, k, blank, work);
                var shift = TWide.Load(bias + k);
                var count = Math.Min(_filters - k, lanes);
                if (rows == size && columns == size && count == lanes)
                {
                    WriteTile(tile, shift, relu, corner + k);
                    continue;
                }
                for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                {
                    var value = TWide.Load(tile + (i * size + j) * lanes) + shift;
                    var target = corner + ((nint)i * _outWidth + j) * _filters + k;
                    Element.StoreFirst(relu ? Relu(value) : value, target, count);
                }
            }
        }
    }

    /// <summary>The gradients of tiles' products, from those of the outputs.</summary>
    /// <param name="gradients">The gradients of all images' outputs.</param>
    /// <param name="end">Where their memory ends.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise null.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="planes">Receives points x tiles x filters. Numbers beyond the last filter mean nothing.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OutputsAdjoint<T>(T* gradients, T* end, T* outputs, ConvBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)_filters, (nint)_outWidth * _filters);
        var tile = work + TTile.Points * TTile.Points * lanes;
        var last = (size - 1) * rowStep + (size - 1) * pixelStep + planes.Row;
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * size, position.Column * size);
            var offset = ((nint)position.Image * _outHeight + top) * rowStep + left * pixelStep;
            var corner = gradients + offset;
            var inside = top + size <= _outHeight && left + size <= _outWidth && corner + last <= end;
            for (var k = 0; k < _filters; k += lanes)
            {
                if (inside && outputs == null)
                {
                    GradientTile<T>(corner + k, rowStep, pixelStep, planes, t, k, work);
                    continue;
                }
                if (inside)
                {
                    MaskTile(corner + k, outputs + offset + k, tile);
                    GradientTile<float>(tile, size * lanes, lanes, planes, t, k, work);
                    continue;
                }
                for (var i = 0; i < size; i++)
                for (var j = 0; j < size; j++)
                {
                    var at = i * rowStep + j * pixelStep + k;
                    var exists = top + i < _outHeight && left + j < _outWidth;
                    var count = _filters - k;
                    var gradient = exists ? Element.LoadBefore<TWide, T>(corner + at, end, count) : TWide.Zero;
                    if (outputs != null && exists)
                    {
                        // Both spans are equally long.
                        var output = Element.LoadBefore<TWide, T>(
                            outputs + offset + at,
                            outputs + (end - gradients),
                            count
                        );
                        gradient = ReluBackward(gradient, output);
                    }
                    gradient.Store(tile + (i * size + j) * lanes);
                }
                GradientTile<float>(tile, size * lanes, lanes, planes, t, k, work);
            }
        }
    }

    /// <summary>A tile's outputs for a vector of filters, row by row, without bias.</summary>
    /// <param name="planes">points x tiles x filters.</param>
    /// <param name="t">Which tile.</param>
    /// <param name="k">The first filter.</param>
    /// <param name="blank">The outputs that are exactly 0, as <see cref="BlankWindows{TTile}"/> gives them.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* OutputTile(Planes planes, int t, int k, uint blank, float* work)
    {
        var (points, size, lanes) = (TTile.Points, TTile.Size, TWide.Lanes);
        var half = work;
        var whole = work + points * points * lanes;
        var source = planes.At(0) + (nint)t * planes.Row + k;
        for (var j = 0; j < points; j++)
            TTile.Outputs<TWide>(source + j * planes.Plane, points * planes.Plane, half + j * lanes, points * lanes);
        for (var i = 0; i < size; i++)
            TTile.Outputs<TWide>(half + i * points * lanes, lanes, whole + i * size * lanes, lanes);
        for (var i = 0; blank != 0; i++, blank >>= 1)
        {
            if ((blank & 1) != 0)
                TWide.Zero.Store(whole + i * lanes);
        }
        return whole;
    }

    /// <summary>The gradients of a tile's products, for a vector of filters, from those of its outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GradientTile<T>(
        T* source,
        nint rowStep,
        nint pixelStep,
        Planes planes,
        int t,
        int k,
        float* half
    )
        where T : unmanaged
    {
        var (points, size, lanes) = (TTile.Points, TTile.Size, TWide.Lanes);
        for (var j = 0; j < size; j++)
            TTile.OutputsAdjoint<TWide, T>(source + j * pixelStep, rowStep, half + j * lanes, size * lanes);
        var target = planes.At(0) + (nint)t * planes.Row + k;
        for (var i = 0; i < points; i++)
            TTile.OutputsAdjoint<TWide, float>(
                half + i * size * lanes,
                lanes,
                target + i * points * planes.Plane,
                planes.Plane
            );
    }

    /// <summary>Writes a whole tile of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteTile<T>(float* tile, TWide shift, bool relu, T* corner)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        for (var i = 0; i < size; i++)
        {
            var target = corner + (nint)i * _outWidth * _filters;
            for (var j = 0; j < size; j++, target += _filters)
            {
                var value = TWide.Load(tile + (i * size + j) * lanes) + shift;
                Element.Store(relu ? Relu(value) : value, target);
            }
        }
    }

    /// <summary>A whole tile of gradients, without those that ReLU cuts off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MaskTile<T>(T* gradients, T* outputs, float* tile)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        for (var i = 0; i < size; i++)
        {
            var at = (nint)i * _outWidth * _filters;
            for (var j = 0; j < size; j++, at += _filters)
            {
                var gradient = Element.Load<TWide, T>(gradients + at);
                var output = Element.Load<TWide, T>(outputs + at);
                ReluBackward(gradient, output).Store(tile + (i * size + j) * lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Relu(TWide value) => TWide.Select(TWide.IsAtMost(value, TWide.Zero), TWide.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide ReluBackward(TWide gradient, TWide output) =>
        TWide.Select(TWide.IsAtMost(output, TWide.Zero), TWide.Zero, gradient);
}
