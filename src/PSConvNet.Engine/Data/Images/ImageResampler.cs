using System.Numerics;
using System.Runtime.Intrinsics;

namespace PSConvNet.Data;

/// <summary>
/// Resizes a picture whose rows come one at a time, in any order, with a triangle filter as wide as the reduction (Pillow's
/// BILINEAR): every source pixel counts, so thin pen strokes of a large photograph don't vanish from a small image. Its memory is that
/// of the result and two rows.
/// </summary>
internal sealed class ImageResampler
{
    private readonly TriangleFilter _across;
    private readonly TriangleFilter _down;
    private readonly int _channels;
    private readonly float[] _line;
    private int _nearest;

    /// <summary>Prepares for pictures of height x width x channels.</summary>
    public ImageResampler(int height, int width, int channels, int newHeight, int newWidth)
    {
        _across = new TriangleFilter(width, newWidth);
        _down = new TriangleFilter(height, newHeight);
        _channels = channels;
        _line = new float[newWidth * channels];
        Result = new float[newHeight * newWidth * channels];
    }

    /// <summary>The new picture, as far as rows have been added.</summary>
    public float[] Result { get; }

    /// <summary>The memory that resizing a picture takes, in bytes.</summary>
    public static long Memory(int height, int width, int channels, int newHeight, int newWidth) =>
        sizeof(float) * ((newHeight + 1L) * newWidth * channels)
        + TriangleFilter.Memory(width, newWidth)
        + TriangleFilter.Memory(height, newHeight);

    /// <summary>Resizes height x width x channels, channels innermost.</summary>
    public static float[] Resize(float[] pixels, int height, int width, int channels, int newHeight, int newWidth)
    {
        var resampler = new ImageResampler(height, width, channels, newHeight, newWidth);
        for (var y = 0; y < height; y++)
            resampler.Add(y, pixels.AsSpan(y * width * channels, width * channels));
        return resampler.Result;
    }

    /// <summary>Adds a row to all new rows that it counts for.</summary>
    public void Add(int y, ReadOnlySpan<float> row)
    {
        Shrink(row);
        while (_nearest > 0 && _down.Last(_nearest - 1) >= y)
            _nearest--;
        while (_down.Last(_nearest) < y)
            _nearest++;
        for (var to = _nearest; to < _down.Count && _down.First(to) <= y; to++)
        {
            var weight = _down.Weights(to)[y - _down.First(to)];
            var target = Result.AsSpan(to * _line.Length, _line.Length);
            var i = 0;
            for (; i + Vector<float>.Count <= target.Length; i += Vector<float>.Count)
                (new Vector<float>(target[i..]) + weight * new Vector<float>(_line, i)).CopyTo(target[i..]);
            for (; i < target.Length; i++)
                target[i] += weight * _line[i];
        }
    }

    /// <summary>Gives a row its new width.</summary>
    private void Shrink(ReadOnlySpan<float> row)
    {
        for (var to = 0; to < _across.Count; to++)
        {
            var weights = _across.Weights(to);
            var covered = row.Slice(_across.First(to) * _channels, weights.Length * _channels);
            if (_channels == 3)
            {
                var (red, green, blue) = (0f, 0f, 0f);
                for (int i = 0, at = 0; i < weights.Length && at + 2 < covered.Length; i++, at += 3)
                {
                    red += weights[i] * covered[at];
                    green += weights[i] * covered[at + 1];
                    blue += weights[i] * covered[at + 2];
                }
                (_line[3 * to], _line[3 * to + 1], _line[3 * to + 2]) = (red, green, blue);
                continue;
            }
            if (_channels == 4)
            {
                var sums = Vector128<float>.Zero;
                for (var i = 0; i < weights.Length; i++)
                    sums += weights[i] * Vector128.Create(covered.Slice(4 * i, 4));
                sums.CopyTo(_line, 4 * to);
                continue;
            }
            for (var c = 0; c < _channels; c++)
            {
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * covered[i * _channels + c];
                _line[to * _channels + c] = sum;
            }
        }
    }
}
