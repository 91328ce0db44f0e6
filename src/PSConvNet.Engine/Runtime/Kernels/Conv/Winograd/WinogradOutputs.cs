using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The way from the planes of a Winograd convolution to outputs, height x width x filters, and that of their gradients back. The tiles of a block are
/// transformed one after another.
/// </summary>
/// <remarks>
/// Fast because neighbouring filters are one vector, so that each transform is a few additions of whole vectors, which are in registers between the two
/// passes, down and across. The plain version is PlainConv in the tests.
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
    /// <param name="work">Memory for a tile of vectors.</param>
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
                OutputTile(planes, t, k, blank, work);
                var shift = TWide.Load(bias + k);
                var count = Math.Min(_filters - k, lanes);
                if (count == lanes)
                    WriteTile(work, shift, relu, rows, columns, corner + k);
                else
                    WriteFirst(work, shift, relu, rows, columns, corner + k, count);
            }
        }
    }

    /// <summary>The gradients of tiles' products, from those of the outputs.</summary>
    /// <param name="gradients">The gradients of all images' outputs.</param>
    /// <param name="end">Where their memory ends.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise null.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="planes">Receives points x tiles x filters. Numbers beyond the last filter mean nothing.</param>
    /// <param name="work">Memory for a tile of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OutputsAdjoint<T>(T* gradients, T* end, T* outputs, ConvBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)_filters, (nint)_outWidth * _filters);
        var target = planes.At(0);
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn(), target += planes.Row)
        {
            var (top, left) = (position.Row * size, position.Column * size);
            var offset = ((nint)position.Image * _outHeight + top) * rowStep + left * pixelStep;
            var corner = gradients + offset;
            var part = new TilePart(top, left, size, _outHeight, _outWidth);
            // Whether the vectors of the last pixel end within the gradients' memory.
            var last = corner + (part.EndRow - 1) * rowStep + (part.EndColumn - 1) * pixelStep + planes.Row;
            if (typeof(T) == typeof(float) && outputs == null && part.IsWhole && last <= end)
            {
                for (var k = 0; k < _filters; k += lanes)
                    TTile.OutputsAdjoint<TWide>((float*)(corner + k), rowStep, pixelStep, target + k, planes.Plane);
                continue;
            }
            if (!part.IsWhole)
                new Span<float>(work, size * size * lanes).Clear();
            for (var k = 0; k < _filters; k += lanes)
            {
                if (last <= end)
                    CopyTile(corner + k, outputs == null ? null : outputs + offset + k, part, work);
                else
                    CopyFirst(corner + k, outputs == null ? null : outputs + offset + k, _filters - k, part, work);
                TTile.OutputsAdjoint<TWide>(work, size * lanes, lanes, target + k, planes.Plane);
            }
        }
    }

    /// <summary>A tile's outputs for a vector of filters, row by row, without bias.</summary>
    /// <param name="planes">points x tiles x filters.</param>
    /// <param name="t">Which tile.</param>
    /// <param name="k">The first filter.</param>
    /// <param name="blank">The outputs that are exactly 0, as <see cref="BlankWindows{TTile}"/> gives them.</param>
    /// <param name="tile">Receives a vector per output.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputTile(Planes planes, int t, int k, ulong blank, float* tile)
    {
        TTile.Outputs<TWide>(planes.At(0) + (nint)t * planes.Row + k, planes.Plane, tile);
        for (; blank != 0; blank >>= 1, tile += TWide.Lanes)
        {
            if ((blank & 1) != 0)
                TWide.Zero.Store(tile);
        }
    }

    /// <summary>Writes a vector of each of a tile's outputs that the image has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteTile<T>(float* tile, TWide shift, bool relu, int rows, int columns, T* corner)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++)
        {
            var source = tile + i * TTile.Size * TWide.Lanes;
            var target = corner + (nint)i * _outWidth * _filters;
            for (var j = 0; j < columns; j++, source += TWide.Lanes, target += _filters)
            {
                var value = TWide.Load(source) + shift;
                Element.Store(relu ? WideRelu.Of(value) : value, target);
            }
        }
    }

    /// <summary>As <see cref="WriteTile"/>, where there are fewer filters than in a vector.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteFirst<T>(float* tile, TWide shift, bool relu, int rows, int columns, T* corner, int count)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
        {
            var value = TWide.Load(tile + (i * TTile.Size + j) * TWide.Lanes) + shift;
            var target = corner + ((nint)i * _outWidth + j) * _filters;
            Element.StoreFirst(relu ? WideRelu.Of(value) : value, target, count);
        }
    }

    /// <summary>Copies a vector of each of a tile's gradients that the image has, without those that ReLU cuts off, in fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyTile<T>(T* gradients, T* outputs, TilePart part, float* tile)
        where T : unmanaged
    {
        for (var i = part.FirstRow; i < part.EndRow; i++)
        for (var j = part.FirstColumn; j < part.EndColumn; j++)
        {
            var at = ((nint)i * _outWidth + j) * _filters;
            var gradient = Element.Load<TWide, T>(gradients + at);
            if (outputs != null)
                gradient = WideRelu.Backward(gradient, Element.Load<TWide, T>(outputs + at));
            gradient.Store(tile + (i * TTile.Size + j) * TWide.Lanes);
        }
    }

    /// <summary>As <see cref="CopyTile"/>, where whole vectors might end beyond the memory of the gradients, and of the outputs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CopyFirst<T>(T* gradients, T* outputs, int filters, TilePart part, float* tile)
        where T : unmanaged
    {
        var count = Math.Min(filters, TWide.Lanes);
        for (var i = part.FirstRow; i < part.EndRow; i++)
        for (var j = part.FirstColumn; j < part.EndColumn; j++)
        {
            var at = ((nint)i * _outWidth + j) * _filters;
            var gradient = Element.LoadFirst<TWide, T>(gradients + at, count);
            if (outputs != null)
                gradient = WideRelu.Backward(gradient, Element.LoadFirst<TWide, T>(outputs + at, count));
            gradient.Store(tile + (i * TTile.Size + j) * TWide.Lanes);
        }
    }
}
