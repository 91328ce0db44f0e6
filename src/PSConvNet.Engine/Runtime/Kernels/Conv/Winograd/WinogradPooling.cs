using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The way from the planes of a Winograd convolution to outputs that are pooled in windows of 2 x 2, and that of their gradients back. The outputs before
/// pooling are never in memory.
/// </summary>
/// <remarks>
/// Fast because a tile's windows are its own: a tile of 4 x 4 outputs is four pooled ones, and its gradients are made of four numbers and
/// their origins. The plain version is PlainPool in the tests.
/// </remarks>
internal sealed unsafe class WinogradPooling<TTile, TWide>(WinogradGeometry geometry)
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    private readonly BlankWindows<TTile> _blank = new(geometry);
    private readonly int _outHeight = geometry.Output[0];
    private readonly int _outWidth = geometry.Output[1];
    private readonly int _filters = geometry.Filters;
    private readonly int _across = geometry.TilesAcross;
    private readonly int _tiles = geometry.Tiles;

    /// <summary>The outputs of tiles after bias and 2 x 2 max pooling, and perhaps ReLU and dropout, as in <see cref="PoolLoops"/>.</summary>
    /// <param name="planes">points x tiles x filters.</param>
    /// <param name="block">Which tiles.</param>
    /// <param name="images">All images.</param>
    /// <param name="bias">A number per filter, in whole vectors.</param>
    /// <param name="pooling">What is done to the outputs.</param>
    /// <param name="outputs">The pooled outputs of all images.</param>
    /// <param name="which">Receives the origins; null if there will be no backward pass.</param>
    /// <param name="keep">The mask of dropout; null if nothing is dropped.</param>
    /// <param name="work">Memory for a tile of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Outputs<T>(
        Planes planes,
        ConvBlock block,
        T* images,
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
        var position = new BlockPosition(block, _tiles, _across);
        var cleans = pooling.Relu && _blank.Matter(bias);
        for (var t = 0; t < block.Count; t++, position.MoveOn())
        {
            var (top, left) = (position.Row * size / 2, position.Column * size / 2);
            var (rows, columns) = (Math.Min(size / 2, height - top), Math.Min(size / 2, width - left));
            var corner = (((nint)position.Image * height + top) * width + left) * _filters;
            var blank = cleans ? _blank.Of(images, position) : 0;
            for (var k = 0; k < _filters; k += lanes)
            {
                WinogradOutputs<TTile, TWide>.OutputTile(planes, t, k, blank, work);
                var shift = TWide.Load(bias + k);
                var count = Math.Min(_filters - k, lanes);
                for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                {
                    var first = work + (i * 2 * size + j * 2) * lanes;
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
    /// <param name="work">Memory for a tile of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OutputsAdjoint<T>(T* gradients, byte* which, float scale, ConvBlock block, Planes planes, float* work)
        where T : unmanaged
    {
        var (size, lanes) = (TTile.Size, TWide.Lanes);
        var (height, width) = (_outHeight / 2, _outWidth / 2);
        var target = planes.At(0);
        var position = new BlockPosition(block, _tiles, _across);
        for (var t = 0; t < block.Count; t++, position.MoveOn(), target += planes.Row)
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
                    var first = work + (i * 2 * size + j * 2) * lanes;
                    (gradient & TWide.IsEqual(from, TWide.Zero)).Store(first);
                    (gradient & TWide.IsEqual(from, TWide.Broadcast(1))).Store(first + lanes);
                    (gradient & TWide.IsEqual(from, TWide.Broadcast(2))).Store(first + size * lanes);
                    (gradient & TWide.IsEqual(from, TWide.Broadcast(3))).Store(first + (size + 1) * lanes);
                }
                TTile.OutputsAdjoint<TWide>(work, size * lanes, lanes, target + k, planes.Plane);
            }
        }
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
