using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Moves an image's pixels in one go: each pixel of the result is read from one place of the image, between four of its pixels
/// (bilinear), wherever map and field say.
/// </summary>
/// <remarks>
/// Three loops over some rows at a time, so that what lies between them stays in the cache: places and weights, sixteen pixels at once;
/// the four neighbours of each, one after another, packed into a word; and their blend, sixty-four at once. The image is copied with a
/// margin and places are kept within it, so that no neighbour has to be asked whether it exists.
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

    // The image with a margin of one pixel before and two behind: the last place has a neighbour that does not count.
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
    /// <param name="channels">Values a pixel.</param>
    /// <param name="edges">Whether the outermost pixels go on outside the image; else it is 0 there.</param>
    public ImageWarp(int height, int width, int channels, bool edges)
    {
        (_height, _width, _channels, _edges) = (height, width, channels, edges);
        _stride = (width + 3) * channels;
        _framed = new byte[(height + 3) * _stride];
        _blockRows = Math.Clamp(Block / width, 1, height);
        // The last vector of a row may reach beyond it, and the last group of a block.
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
        // Where an fp32's last bit counts 1, the sum is rounded and its low bits are the number.
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
        // One pixel outside the image all is 0 already: whatever lies further out is as good as that. With edges that go on, the edge is.
        var (least, mostX, mostY) = _edges
            ? (Vector512<float>.Zero, Vector512.Create(_width - 1f), Vector512.Create(_height - 1f))
            : (Vector512.Create(-1f), Vector512.Create((float)_width), Vector512.Create((float)_height));
        var lanes = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var (xx, yx) = (Vector512.Create(map.Xx), Vector512.Create(map.Yx));
        var x0 = Vector512.Create(map.Xy * y + map.X0);
        var y0 = Vector512.Create(map.Yy * y + map.Y0);
        var margin = Vector512<float>.One;
        var (stride, channels) = (Vector512.Create(_stride), Vector512.Create(_channels));
        ref var right = ref MemoryMarshal.GetArrayDataReference(_right);
        ref var down = ref MemoryMarshal.GetArrayDataReference(_down);
        ref var index = ref _index[at];
        ref var across = ref _across[at];
        ref var along = ref _along[at];
        for (nuint x = 0; x < (nuint)_right.Length; x += Lanes)
        {
            var column = lanes + Vector512.Create((float)x);
            var placeX = xx * column + x0 + Vector512.LoadUnsafe(ref right, x);
            var placeY = yx * column + y0 + Vector512.LoadUnsafe(ref down, x);
            // From here on in the framed image, where no place is below 0 and to cut off is to round down.
            placeX = Vector512.Min(Vector512.Max(placeX, least), mostX) + margin;
            placeY = Vector512.Min(Vector512.Max(placeY, least), mostY) + margin;
            var (wholeX, wholeY) = (Vector512.ConvertToInt32(placeX), Vector512.ConvertToInt32(placeY));
            (wholeY * stride + wholeX * channels).StoreUnsafe(ref index, x);
            (placeX - Vector512.ConvertToSingle(wholeX)).StoreUnsafe(ref across, x);
            (placeY - Vector512.ConvertToSingle(wholeY)).StoreUnsafe(ref along, x);
        }
    }

    /// <summary>The four neighbours of each place, a byte each: left and right above, left and right below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(int pixels, int channel)
    {
        ref var source = ref _framed[channel];
        ref var index = ref MemoryMarshal.GetArrayDataReference(_index);
        ref var corners = ref MemoryMarshal.GetArrayDataReference(_corners);
        var (next, below, both) = (_channels, _stride, _stride + _channels);
        for (var i = 0; i < pixels; i++)
        {
            ref var corner = ref Unsafe.Add(ref source, Unsafe.Add(ref index, i));
            Unsafe.Add(ref corners, i) =
                corner
                | (uint)Unsafe.Add(ref corner, next) << 8
                | (uint)Unsafe.Add(ref corner, below) << 16
                | (uint)Unsafe.Add(ref corner, both) << 24;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blend(int pixels)
    {
        ref var corners = ref MemoryMarshal.GetArrayDataReference(_corners);
        ref var across = ref MemoryMarshal.GetArrayDataReference(_across);
        ref var along = ref MemoryMarshal.GetArrayDataReference(_along);
        ref var plane = ref MemoryMarshal.GetArrayDataReference(_plane);
        for (nuint i = 0; i < (nuint)pixels; i += Group)
        {
            var low = Vector512.Narrow(
                Blended(ref corners, ref across, ref along, i),
                Blended(ref corners, ref across, ref along, i + Lanes)
            );
            var high = Vector512.Narrow(
                Blended(ref corners, ref across, ref along, i + 2 * Lanes),
                Blended(ref corners, ref across, ref along, i + 3 * Lanes)
            );
            Vector512.Narrow(low, high).StoreUnsafe(ref plane, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Blended(ref uint corners, ref float across, ref float along, nuint at)
    {
        var four = Vector512.LoadUnsafe(ref corners, at);
        var (x, y) = (Vector512.LoadUnsafe(ref across, at), Vector512.LoadUnsafe(ref along, at));
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
