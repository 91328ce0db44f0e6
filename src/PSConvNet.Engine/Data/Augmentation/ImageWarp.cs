using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Data;

/// <summary>
/// Moves all pixels of an image in one pass: each pixel of the result is read at the place that map and field give for it, interpolated
/// between the four pixels around that place (bilinear).
/// </summary>
/// <remarks>
/// Fast because only one of its three loops takes pixels one by one: places and weights are computed sixteen at a time; the four neighbours
/// of each are collected one after another and packed into a word; and they are interpolated sixty-four at a time. The loops take a few
/// rows at a time, so that intermediate values stay in the cache. The image is copied with a margin and places are clamped to it, so that
/// no neighbour needs a test for the edge. The plain version is PlainWarp in the tests.
/// </remarks>
internal sealed class ImageWarp
{
    private const int Lanes = 16;
    private const int Group = 64;

    /// <summary>How many pixels are worked on between the loops.</summary>
    private const int Block = 1024;

    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly bool _edges;

    // The image with a margin of one pixel before and two behind: the last place has a neighbour whose weight is 0.
    private readonly byte[] _framed;
    private readonly int _stride;

    private readonly int _blockRows;
    private readonly int[] _index;
    private readonly float[] _across;
    private readonly float[] _along;
    private readonly uint[] _corners;
    private readonly byte[] _plane;
    private readonly float[] _right;
    private readonly float[] _down;

    /// <summary>Makes room for images of one size.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Values per pixel.</param>
    /// <param name="edges">Whether the outermost pixels are repeated outside the image; otherwise it is 0 there.</param>
    public ImageWarp(int height, int width, int channels, bool edges)
    {
        (_height, _width, _channels, _edges) = (height, width, channels, edges);
        _stride = (width + 3) * channels;
        _framed = new byte[(height + 3) * _stride];
        _blockRows = Math.Clamp(Block / width, 1, height);
        // The last vector of a row may extend beyond it, and so may the last group of a block.
        var length = _blockRows * width + Group;
        _index = new int[length];
        _across = new float[length];
        _along = new float[length];
        _corners = new uint[length];
        _plane = new byte[length];
        _right = new float[ElasticField.Padded(width)];
        _down = new float[_right.Length];
    }

    /// <summary>Rounds numbers from 0 to 255 to whole ones, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ToByte(Vector512<float> values) =>
        // From 2^23 on, neighbouring fp32 numbers are 1 apart: the addition rounds, and the sum's low bits are the whole number.
        (values + Vector512.Create(8388608f)).AsUInt32() & Vector512.Create(0xffu);

    /// <summary>Moves one image.</summary>
    /// <param name="image">height x width x channels bytes.</param>
    /// <param name="map">Where each pixel of the result comes from.</param>
    /// <param name="field">What is added to these places, or null.</param>
    /// <param name="result">As many bytes; not the image's own.</param>
    public void Apply(ReadOnlySpan<byte> image, in AffineMap map, ElasticField? field, Span<byte> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, _height * _width * _channels);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, image.Length);
        Frame(image);
        if (field is null)
        {
            Array.Clear(_right);
            Array.Clear(_down);
        }
        for (var first = 0; first < _height; first += _blockRows)
        {
            var rows = Math.Min(_blockRows, _height - first);
            for (var row = 0; row < rows; row++)
            {
                field?.Row(first + row, _right, _down);
                Locate(map, first + row, row * _width);
            }
            var pixels = rows * _width;
            var target = result.Slice(first * _width * _channels, pixels * _channels);
            for (var channel = 0; channel < _channels; channel++)
            {
                Collect(pixels, channel);
                Blend(pixels);
                if (_channels == 1)
                    _plane.AsSpan(0, pixels).CopyTo(target);
                else
                    Spread(_plane.AsSpan(0, pixels), target[channel..], _channels);
            }
        }
    }

    private void Frame(ReadOnlySpan<byte> image)
    {
        var length = _width * _channels;
        for (var row = 0; row < _height; row++)
            image.Slice(row * length, length).CopyTo(_framed.AsSpan((row + 1) * _stride + _channels));
    }

    /// <summary>Where the pixels of a row come from: the first neighbour's place, and how far it is to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Locate(in AffineMap map, int y, int at)
    {
        // One pixel outside the image everything is 0, so places further out are moved there; with repeated edges, onto the edge.
        var (least, mostX, mostY) = _edges
            ? (Vector512<float>.Zero, Vector512.Create(_width - 1f), Vector512.Create(_height - 1f))
            : (Vector512.Create(-1f), Vector512.Create((float)_width), Vector512.Create((float)_height));
        var lanes = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var (xx, yx) = (Vector512.Create(map.Xx), Vector512.Create(map.Yx));
        var x0 = Vector512.Create(map.Xy * y + map.X0);
        var y0 = Vector512.Create(map.Yy * y + map.Y0);
        var margin = Vector512<float>.One;
        var (stride, channels) = (Vector512.Create(_stride), Vector512.Create(_channels));
        var right = MemoryMarshal.Cast<float, Vector512<float>>(_right);
        var down = MemoryMarshal.Cast<float, Vector512<float>>(_down);
        var index = MemoryMarshal.Cast<int, Vector512<int>>(_index.AsSpan(at, _right.Length));
        var across = MemoryMarshal.Cast<float, Vector512<float>>(_across.AsSpan(at, _right.Length));
        var along = MemoryMarshal.Cast<float, Vector512<float>>(_along.AsSpan(at, _right.Length));
        for (var i = 0; i < right.Length; i++)
        {
            var column = lanes + Vector512.Create((float)(i * Lanes));
            var placeX = xx * column + x0 + right[i];
            var placeY = yx * column + y0 + down[i];
            // From here on in coordinates of the framed image, which are never below 0, so that truncation rounds down.
            placeX = Vector512.Min(Vector512.Max(placeX, least), mostX) + margin;
            placeY = Vector512.Min(Vector512.Max(placeY, least), mostY) + margin;
            var (wholeX, wholeY) = (Vector512.ConvertToInt32(placeX), Vector512.ConvertToInt32(placeY));
            index[i] = wholeY * stride + wholeX * channels;
            across[i] = placeX - Vector512.ConvertToSingle(wholeX);
            along[i] = placeY - Vector512.ConvertToSingle(wholeY);
        }
    }

    /// <summary>The four neighbours of each place, a byte each: left and right above, left and right below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(int pixels, int channel)
    {
        var source = _framed.AsSpan(channel);
        var index = _index.AsSpan(0, pixels);
        var corners = _corners.AsSpan(0, pixels);
        var (next, below, both) = (_channels, _stride, _stride + _channels);
        for (var i = 0; i < index.Length; i++)
        {
            var corner = index[i];
            corners[i] =
                source[corner]
                | (uint)source[corner + next] << 8
                | (uint)source[corner + below] << 16
                | (uint)source[corner + both] << 24;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blend(int pixels)
    {
        var corners = MemoryMarshal.Cast<uint, Vector512<uint>>(_corners);
        var across = MemoryMarshal.Cast<float, Vector512<float>>(_across);
        var along = MemoryMarshal.Cast<float, Vector512<float>>(_along);
        var plane = MemoryMarshal.Cast<byte, Vector512<byte>>(_plane.AsSpan());
        for (var group = 0; group * Group < pixels; group++)
        {
            var i = group * (Group / Lanes);
            var low = Vector512.Narrow(
                Blended(corners[i], across[i], along[i]),
                Blended(corners[i + 1], across[i + 1], along[i + 1])
            );
            var high = Vector512.Narrow(
                Blended(corners[i + 2], across[i + 2], along[i + 2]),
                Blended(corners[i + 3], across[i + 3], along[i + 3])
            );
            plane[group] = Vector512.Narrow(low, high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Blended(Vector512<uint> four, Vector512<float> x, Vector512<float> y)
    {
        var mask = Vector512.Create(0xffu);
        var left = Vector512.ConvertToSingle((four & mask).AsInt32());
        var above = left + x * (Vector512.ConvertToSingle(((four >> 8) & mask).AsInt32()) - left);
        left = Vector512.ConvertToSingle(((four >> 16) & mask).AsInt32());
        var below = left + x * (Vector512.ConvertToSingle((four >> 24).AsInt32()) - left);
        return ToByte(above + y * (below - above));
    }

    private static void Spread(ReadOnlySpan<byte> plane, Span<byte> target, int channels)
    {
        for (var i = 0; i < plane.Length; i++)
            target[i * channels] = plane[i];
    }
}
