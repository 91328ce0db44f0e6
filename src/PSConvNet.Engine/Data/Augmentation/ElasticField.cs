using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Data;

/// <summary>
/// A smooth random field of displacements over an image, as Simard, Steinkraus and Platt (2003) make it by blurring uniform noise from
/// -1 to 1 with a Gaussian and multiplying it by alpha, at a hundredth of the cost.
/// </summary>
/// <remarks>
/// <para>
/// Random numbers on a coarse grid are interpolated by cubic B-splines. A B-spline over a grid of spacing h blurs as a Gaussian of variance
/// h² / 3 does, so a spacing of √3 sigma has the paper's width. The numbers are drawn so that the root mean square of each component
/// is that of the blurred noise, alpha / √3 / (2 √π sigma): the noise has a variance of 1/3, and the Gaussian's square sums to 1 / (4 π sigma²).
/// </para>
/// <para>The grid has another offset for each image, so that no pixel is always a knot.</para>
/// <para>
/// Fast because a pixel takes four numbers down and four across instead of a window of the blur's width, and because the four rows of
/// the grid are summed once for a whole row of pixels. The plain version is PlainElasticField in the tests.
/// </para>
/// </remarks>
internal sealed class ElasticField
{
    private const int Lanes = 16;

    /// <summary>∫ B(x)² dx of the cubic B-spline.</summary>
    private const double SplinePower = 151.0 / 315;

    private readonly int _width;
    private readonly double _spacing;
    private readonly float _strength;
    private readonly int _columns;
    private readonly int _rows;

    // The grid's numbers, row after row, each padded to whole vectors; and the weighted sum of the four grid rows around a row of pixels.
    private readonly float[] _gridX;
    private readonly float[] _gridY;
    private readonly float[] _blendX;
    private readonly float[] _blendY;
    private readonly int _gridStride;

    // The weight of each column of the grid at each column of pixels: a row of weights for each column of the grid.
    private readonly float[] _weights;
    private readonly int _weightStride;
    private double _offsetY;
    private double _offsetX;

    /// <summary>Makes room for fields over images of one size.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="alpha">What the blurred noise is multiplied by, in pixels.</param>
    /// <param name="sigma">The blur's standard deviation in pixels; at least 1.</param>
    public ElasticField(int height, int width, double alpha, double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sigma, 1);
        _width = width;
        _spacing = Math.Sqrt(3) * sigma;
        _strength = (float)(RootMeanSquare(alpha, sigma) / SplinePower);
        // Four numbers have a weight at each pixel, and the grid begins up to one spacing before the image.
        _columns = (int)((width - 1) / _spacing + 1) + 4;
        _rows = (int)((height - 1) / _spacing + 1) + 4;
        _gridStride = Padded(_columns);
        _gridX = new float[_rows * _gridStride];
        _gridY = new float[_rows * _gridStride];
        _blendX = new float[_gridStride];
        _blendY = new float[_gridStride];
        _weightStride = Padded(width);
        _weights = new float[_columns * _weightStride];
    }

    /// <summary>The root of the mean square of a displacement's component, in pixels.</summary>
    public static double RootMeanSquare(double alpha, double sigma) =>
        alpha / Math.Sqrt(3) / (2 * Math.Sqrt(Math.PI) * sigma);

    /// <summary>The length of the arrays that <see cref="Row"/> fills: a row's pixels, padded to whole vectors.</summary>
    public static int Padded(int width) => (width + Lanes - 1) / Lanes * Lanes;

    /// <summary>Draws another field.</summary>
    public void Draw(ref RandomStream random)
    {
        (_offsetX, _offsetY) = (random.NextDouble(), random.NextDouble());
        for (var row = 0; row < _rows; row++)
        for (var column = 0; column < _columns; column++)
        {
            var at = row * _gridStride + column;
            _gridX[at] = random.NextBell() * _strength;
            _gridY[at] = random.NextBell() * _strength;
        }
        Array.Clear(_weights);
        for (var x = 0; x < _width; x++)
        {
            var (first, taps) = Taps(x, _offsetX);
            for (var k = 0; k < 4; k++)
                _weights[(first + k) * _weightStride + x] = taps[k];
        }
    }

    /// <summary>The displacements of a row of pixels.</summary>
    /// <param name="y">The row.</param>
    /// <param name="right">Receives those to the right, in pixels; its length is <see cref="Padded"/> of the width.</param>
    /// <param name="down">Receives those down.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Row(int y, Span<float> right, Span<float> down)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, _weightStride);
        ArgumentOutOfRangeException.ThrowIfNotEqual(down.Length, _weightStride);
        var (first, taps) = Taps(y, _offsetY);
        Blend(_gridX, first, taps, _blendX);
        Blend(_gridY, first, taps, _blendY);

        var weights = MemoryMarshal.Cast<float, Vector512<float>>(_weights);
        var toRight = MemoryMarshal.Cast<float, Vector512<float>>(right);
        var toDown = MemoryMarshal.Cast<float, Vector512<float>>(down);
        for (var i = 0; i < toRight.Length; i++)
        {
            var x = i * Lanes;
            var from = (int)(x / _spacing + _offsetX);
            var to = Math.Min((int)((x + Lanes - 1) / _spacing + _offsetX) + 4, _columns);
            var (sumX, sumY) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var k = from; k < to; k++)
            {
                var weight = weights[k * toRight.Length + i];
                sumX += weight * Vector512.Create(_blendX[k]);
                sumY += weight * Vector512.Create(_blendY[k]);
            }
            (toRight[i], toDown[i]) = (sumX, sumY);
        }
    }

    /// <summary>The weighted sum of the four rows of the grid around a row of pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blend(float[] grid, int first, Vector128<float> taps, float[] result)
    {
        var source = MemoryMarshal.Cast<float, Vector512<float>>(grid.AsSpan(first * _gridStride, 4 * _gridStride));
        var target = MemoryMarshal.Cast<float, Vector512<float>>(result.AsSpan());
        for (var i = 0; i < target.Length; i++)
        {
            var sum = source[i] * Vector512.Create(taps[0]);
            sum += source[target.Length + i] * Vector512.Create(taps[1]);
            sum += source[2 * target.Length + i] * Vector512.Create(taps[2]);
            sum += source[3 * target.Length + i] * Vector512.Create(taps[3]);
            target[i] = sum;
        }
    }

    /// <summary>The first of the four knots that have a weight at a pixel, and the weights.</summary>
    private (int First, Vector128<float> Taps) Taps(int pixel, double offset)
    {
        var place = pixel / _spacing + offset;
        var first = (int)place;
        var t = (float)(place - first);
        var rest = 1 - t;
        var (t2, t3) = (t * t, t * t * t);
        return (first, Vector128.Create(rest * rest * rest, 3 * t3 - 6 * t2 + 4, 3 * (t2 + t - t3) + 1, t3) * (1f / 6));
    }
}
