using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Where a plane of transformed numbers is: one plane per point of a tile, each a row per tile.</summary>
/// <param name="Start">The first plane.</param>
/// <param name="Plane">The distance between planes.</param>
/// <param name="Row">The distance between tiles.</param>
internal readonly unsafe record struct Planes(nint Start, nint Plane, int Row)
{
    /// <summary>The first number of a point's plane.</summary>
    public float* At(int point) => (float*)Start + point * Plane;
}

/// <summary>
/// The ways of images and gradients into a Winograd convolution's planes and back. Images are height x width x channels, in fp32 or bf16, and the tiles
/// of a block are transformed one after another.
/// </summary>
/// <remarks>
/// Fast because neighbouring channels are one vector, so that each transform is a few additions of whole vectors, and because the numbers
/// between the two passes, down and across, stay in the first-level cache. The plain version is PlainWinograd in the tests.
/// </remarks>
internal sealed unsafe class WinogradTransforms<TTile, TWide>(WinogradGeometry geometry)
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    private readonly int _height = geometry.Input[0];
    private readonly int _width = geometry.Input[1];
    private readonly int _channels = geometry.Channels;
    private readonly int _outHeight = geometry.Output[0];
    private readonly int _outWidth = geometry.Output[1];
    private readonly int _filters = geometry.Filters;
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
    public void Inputs<T>(T* images, T* end, TileBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)_channels, (nint)_width * _channels);
        var half = work;
        var whole = work + points * points * lanes;
        var last = (points - 1) * rowStep + (points - 1) * pixelStep + planes.Row;
        var position = new TilePosition(block, _tiles, _across);
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
                        LoadInside(
                                corner + i * rowStep + j * pixelStep + c,
                                end,
                                _channels - c,
                                (uint)(top + i) < (uint)_height && (uint)(left + j) < (uint)_width
                            )
                            .Store(whole + (i * points + j) * lanes);
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
    public void InputsAdjoint(Planes planes, TileBlock block, float* images, float* work)
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)planes.Row, (nint)_readWidth * planes.Row);
        var half = work;
        var row = work + points * points * lanes;
        var position = new TilePosition(block, _tiles, _across);
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

    /// <summary>The outputs of tiles, with bias, and with or without ReLU.</summary>
    /// <param name="planes">points x tiles x filters.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="bias">A number per filter, in whole vectors.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">The outputs of all images.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Outputs<T>(Planes planes, TileBlock block, float* bias, bool relu, T* outputs, float* work)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var position = new TilePosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * size, position.Column * size);
            var (rows, columns) = (Math.Min(size, _outHeight - top), Math.Min(size, _outWidth - left));
            var corner = outputs + (((nint)position.Image * _outHeight + top) * _outWidth + left) * _filters;
            for (var k = 0; k < _filters; k += lanes)
            {
                var tile = OutputTile(planes, t, k, work);
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
    public void OutputsAdjoint<T>(T* gradients, T* end, T* outputs, TileBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var (pixelStep, rowStep) = ((nint)_filters, (nint)_outWidth * _filters);
        var tile = work + TTile.Points * TTile.Points * lanes;
        var last = (size - 1) * rowStep + (size - 1) * pixelStep + planes.Row;
        var position = new TilePosition(block, _tiles, _across);
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
                    var gradient = LoadInside(corner + at, end, _filters - k, exists);
                    if (outputs != null && exists)
                    {
                        // Both spans are equally long.
                        var output = LoadInside(outputs + offset + at, outputs + (end - gradients), _filters - k, true);
                        gradient = ReluBackward(gradient, output);
                    }
                    gradient.Store(tile + (i * size + j) * lanes);
                }
                GradientTile<float>(tile, size * lanes, lanes, planes, t, k, work);
            }
        }
    }

    /// <summary>The outputs of tiles after bias and 2 x 2 max pooling, and perhaps ReLU and dropout, as in <see cref="PoolLoops"/>.</summary>
    /// <param name="planes">points x tiles x filters.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="bias">A number per filter, in whole vectors.</param>
    /// <param name="pooling">What is done to the outputs.</param>
    /// <param name="outputs">The pooled outputs of all images.</param>
    /// <param name="which">Receives the origins; null if there will be no backward pass.</param>
    /// <param name="keep">The mask of dropout; null if nothing is dropped.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PooledOutputs<T>(
        Planes planes,
        TileBlock block,
        float* bias,
        ConvPooling pooling,
        T* outputs,
        byte* which,
        ushort* keep,
        float* work
    )
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var (height, width) = (_outHeight / 2, _outWidth / 2);
        var position = new TilePosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * size / 2, position.Column * size / 2);
            var (rows, columns) = (Math.Min(size / 2, height - top), Math.Min(size / 2, width - left));
            var corner = (((nint)position.Image * height + top) * width + left) * _filters;
            for (var k = 0; k < _filters; k += lanes)
            {
                var tile = OutputTile(planes, t, k, work);
                var shift = TWide.Load(bias + k);
                var count = Math.Min(_filters - k, lanes);
                for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                {
                    var first = tile + (i * 2 * size + j * 2) * lanes;
                    var best = Element.Round<TWide, T>(TWide.Load(first) + shift);
                    var from = TWide.Zero;
                    Compete<T>(first + lanes, shift, 1, ref best, ref from);
                    Compete<T>(first + size * lanes, shift, 2, ref best, ref from);
                    Compete<T>(first + (size + 1) * lanes, shift, 3, ref best, ref from);
                    var at = corner + ((nint)i * width + j) * _filters + k;
                    var dead = pooling.Relu ? TWide.IsAtMost(best, TWide.Zero) : TWide.Zero;
                    if (keep != null)
                    {
                        // A mask is ones, which is no number, or zeros.
                        var mask =
                            count == lanes
                                ? TWide.LoadBFloat16(keep + at)
                                : Element.LoadFirst<TWide, ushort>(keep + at, count);
                        dead |= TWide.IsEqual(mask, TWide.Zero);
                    }
                    var value = TWide.Select(dead, TWide.Zero, best * TWide.Broadcast(pooling.Scale));
                    var origin = TWide.Select(dead, TWide.Broadcast(PoolLoops.Nowhere), from);
                    if (count == lanes)
                    {
                        Element.Store(value, outputs + at);
                        if (which != null)
                            origin.StoreBytes(which + at);
                    }
                    else
                    {
                        Element.StoreFirst(value, outputs + at, count);
                        if (which != null)
                            StoreFirstBytes(origin, which + at, count);
                    }
                }
            }
        }
    }

    /// <summary>The gradients of tiles' products, from those of the pooled outputs.</summary>
    /// <param name="gradients">The gradients of all images' pooled outputs.</param>
    /// <param name="which">The origins of the outputs.</param>
    /// <param name="scale">The factor of dropout.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="planes">Receives points x tiles x filters. Numbers beyond the last filter mean nothing.</param>
    /// <param name="work">Memory for intermediate results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PooledOutputsAdjoint<T>(
        T* gradients,
        byte* which,
        float scale,
        TileBlock block,
        Planes planes,
        float* work
    )
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var (height, width) = (_outHeight / 2, _outWidth / 2);
        var tile = work + TTile.Points * TTile.Points * lanes;
        var position = new TilePosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * size / 2, position.Column * size / 2);
            var corner = (((nint)position.Image * height + top) * width + left) * _filters;
            for (var k = 0; k < _filters; k += lanes)
            {
                var count = Math.Min(_filters - k, lanes);
                for (var i = 0; i < size / 2; i++)
                for (var j = 0; j < size / 2; j++)
                {
                    var (gradient, from) = (TWide.Zero, TWide.Zero);
                    if (top + i < height && left + j < width)
                    {
                        var at = corner + ((nint)i * width + j) * _filters + k;
                        gradient =
                            count == lanes
                                ? Element.Load<TWide, T>(gradients + at)
                                : Element.LoadFirst<TWide, T>(gradients + at, count);
                        from = count == lanes ? TWide.LoadBytes(which + at) : LoadFirstBytes(which + at, count);
                        // Rounded as the gradient would be if it were written.
                        gradient = Element.Round<TWide, T>(gradient * TWide.Broadcast(scale));
                    }
                    var first = tile + (i * 2 * size + j * 2) * lanes;
                    (gradient & TWide.IsEqual(from, TWide.Zero)).Store(first);
                    (gradient & TWide.IsEqual(from, TWide.Broadcast(1))).Store(first + lanes);
                    (gradient & TWide.IsEqual(from, TWide.Broadcast(2))).Store(first + size * lanes);
                    (gradient & TWide.IsEqual(from, TWide.Broadcast(3))).Store(first + (size + 1) * lanes);
                }
                GradientTile<float>(tile, size * lanes, lanes, planes, t, k, work);
            }
        }
    }

    /// <summary>A tile's outputs for a vector of filters, row by row, without bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* OutputTile(Planes planes, int t, int k, float* work)
    {
        var (points, size, lanes) = (TTile.Points, TTile.Size, TWide.Lanes);
        var half = work;
        var whole = work + points * points * lanes;
        var source = planes.At(0) + (nint)t * planes.Row + k;
        for (var j = 0; j < points; j++)
            TTile.Outputs<TWide>(source + j * planes.Plane, points * planes.Plane, half + j * lanes, points * lanes);
        for (var i = 0; i < size; i++)
            TTile.Outputs<TWide>(half + i * points * lanes, lanes, whole + i * size * lanes, lanes);
        return whole;
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
    private static TWide ReluBackward(TWide gradient, TWide output) =>
        TWide.Select(TWide.IsAtMost(output, TWide.Zero), TWide.Zero, gradient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientTile<T>(
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

    /// <summary>A candidate wins if it is larger; the first of equal ones does, and a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compete<T>(float* source, TWide shift, float number, ref TWide best, ref TWide from)
        where T : unmanaged
    {
        var candidate = Element.Round<TWide, T>(TWide.Load(source) + shift);
        var stays = TWide.IsAtMost(candidate, best) | ~TWide.IsEqual(best, best);
        best = TWide.Select(stays, best, candidate);
        from = TWide.Select(stays, from, TWide.Broadcast(number));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Relu(TWide value) => TWide.Select(TWide.IsAtMost(value, TWide.Zero), TWide.Zero, value);

    /// <summary>A vector of a pixel's channels: 0 outside the image, and never read beyond the end of its memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide LoadInside<T>(T* source, T* end, int left, bool exists)
        where T : unmanaged
    {
        if (!exists)
            return TWide.Zero;
        return source + TWide.Lanes <= end
            ? Element.Load<TWide, T>(source)
            : Element.LoadFirst<TWide, T>(source, Math.Min(left, TWide.Lanes));
    }

    private static TWide LoadFirstBytes(byte* source, int count)
    {
        var bytes = stackalloc byte[TWide.Lanes];
        for (var i = 0; i < count; i++)
            bytes[i] = source[i];
        return TWide.LoadBytes(bytes);
    }

    private static void StoreFirstBytes(TWide value, byte* target, int count)
    {
        var bytes = stackalloc byte[TWide.Lanes];
        value.StoreBytes(bytes);
        for (var i = 0; i < count; i++)
            target[i] = bytes[i];
    }
}

/// <summary>Where a tile is.</summary>
internal struct TilePosition
{
    private readonly int _down;
    private readonly int _across;

    public TilePosition(TileBlock block, int tiles, int across)
    {
        (_across, _down) = (across, tiles / across);
        Image = block.Image;
        (Row, Column) = (block.Tile / across, block.Tile % across);
    }

    public int Image { get; private set; }

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>To the tile that follows, which may be the next image's first.</summary>
    public void MoveOn()
    {
        if (++Column < _across)
            return;
        Column = 0;
        if (++Row < _down)
            return;
        Row = 0;
        Image++;
    }
}
