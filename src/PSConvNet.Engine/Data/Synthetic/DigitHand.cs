using System.Collections.Immutable;
using System.Numerics;

namespace PSConvNet.Data;

/// <summary>
/// Writes one digit as one hand would at one moment: picks a way of writing, lets the pen tremble, stretches, slants, turns,
/// shifts and bends the result, and presses more or less.
/// </summary>
internal static class DigitHand
{
    private const int Waves = 3;
    private const int StepsPerPiece = 5;
    private const float Degree = MathF.PI / 180;

    /// <summary>Writes <paramref name="digit"/> into <paramref name="image"/>.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="image">Side x side bytes; all are written.</param>
    /// <param name="side">The sheet's side in pixels.</param>
    /// <param name="raster">A sheet of that side to work on.</param>
    /// <param name="random">Decides everything about the hand.</param>
    public static void Write(int digit, Span<byte> image, int side, InkRaster raster, ref RandomStream random)
    {
        var ways = DigitStrokes.Digits[digit];
        var way = ways[random.NextInt(ways.Length)];
        var pose = Pose.Draw(side, ref random);
        raster.Clear();
        foreach (var stroke in way)
            WriteStroke(stroke, pose, raster, ref random);
        if (random.NextInt(4) == 0)
            Slip(side, pose, raster, ref random);
        raster.Develop(image, random.NextSingle(220, 280), 14, ref random);
    }

    private static void WriteStroke(
        ImmutableArray<Vector2> stroke,
        in Pose pose,
        InkRaster raster,
        ref RandomStream random
    )
    {
        Span<Vector2> points = stackalloc Vector2[stroke.Length + 2];
        for (var i = 0; i < stroke.Length; i++)
        {
            var isCorner = i > 0 && stroke[i] == stroke[i - 1];
            points[i + 1] = isCorner
                ? points[i]
                : stroke[i] + new Vector2(random.NextBell(), random.NextBell()) * pose.Tremor;
        }
        // Strokes begin and end early or late.
        points[1] += (points[1] - points[2]) * random.NextSingle(-0.25f, 0.2f);
        points[^2] += (points[^2] - points[^3]) * random.NextSingle(-0.25f, 0.2f);
        points[0] = points[1];
        points[^1] = points[^2];

        var phase = random.NextSingle(0, 2 * MathF.PI);
        var pace = random.NextSingle(0.3f, 0.9f);
        var from = pose.Place(points[1]);
        for (var i = 1; i < points.Length - 2; i++)
        {
            if (points[i] == points[i + 1])
                continue;
            for (var step = 1; step <= StepsPerPiece; step++)
            {
                var t = (float)step / StepsPerPiece;
                var to = pose.Place(CatmullRom(points.Slice(i - 1, 4), t));
                var pressure = 1 + 0.18f * MathF.Sin(phase + pace * (i + t));
                raster.Line(from, to, pose.Radius * pressure, pose.Softness);
                from = to;
            }
        }
    }

    /// <summary>The pen touches the paper where it should not.</summary>
    private static void Slip(int side, in Pose pose, InkRaster raster, ref RandomStream random)
    {
        var from = new Vector2(random.NextSingle(0, side - 1), random.NextSingle(0, side - 1));
        var to = from + new Vector2(random.NextBell(), random.NextBell()) * (side * 0.07f);
        raster.Line(from, to, pose.Radius * 0.5f, pose.Softness);
    }

    /// <summary>The point at <paramref name="t"/> between the middle two of four points of a Catmull-Rom spline.</summary>
    private static Vector2 CatmullRom(ReadOnlySpan<Vector2> p, float t) =>
        0.5f
        * (
            2 * p[1]
            + (p[2] - p[0]) * t
            + (2 * p[0] - 5 * p[1] + 4 * p[2] - p[3]) * (t * t)
            + (3 * p[1] - p[0] - 3 * p[2] + p[3]) * (t * t * t)
        );

    /// <summary>How one digit lies on the sheet, and the pen it is written with. Lengths are in pixels.</summary>
    private readonly struct Pose
    {
        private readonly Matrix3x2 _affine;
        private readonly WaveArray _waves;

        private Pose(Matrix3x2 affine, WaveArray waves, float tremor, float radius, float softness)
        {
            _affine = affine;
            _waves = waves;
            Tremor = tremor;
            Radius = radius;
            Softness = softness;
        }

        /// <summary>How far points stray, in units of the digit's height.</summary>
        public float Tremor { get; }

        public float Radius { get; }

        public float Softness { get; }

        public static Pose Draw(int side, ref RandomStream random)
        {
            var height = side * random.NextSingle(0.5f, 0.76f);
            var width = height * Math.Clamp(1.08f + 0.17f * random.NextBell(), 0.65f, 1.5f);
            var slant = Math.Clamp(0.14f + 0.22f * random.NextBell(), -0.45f, 0.75f);
            var room = (side - height) / 2;
            var shift =
                new Vector2(random.NextSingle(-1, 1), random.NextSingle(-1, 1)) * MathF.Min(room * 0.9f, side * 0.19f);
            var affine =
                Matrix3x2.CreateScale(width, height)
                * new Matrix3x2(1, 0, -slant, 1, 0, 0)
                * Matrix3x2.CreateRotation(10 * Degree * random.NextBell())
                * Matrix3x2.CreateTranslation(new Vector2((side - 1) / 2f) + shift);
            var waves = new WaveArray();
            var amplitude = side * random.NextSingle(0.008f, 0.034f);
            for (var i = 0; i < Waves; i++)
                waves[i] = Wave.Draw(amplitude, side, ref random);
            var radius = Math.Clamp(side * 0.04f * MathF.Exp(0.32f * random.NextBell()), side * 0.022f, side * 0.075f);
            return new Pose(affine, waves, random.NextSingle(0.01f, 0.03f), radius, random.NextSingle(0.9f, 1.6f));
        }

        /// <summary>Where a point of the digit falls on the sheet.</summary>
        public Vector2 Place(Vector2 point)
        {
            var placed = Vector2.Transform(point, _affine);
            var bent = placed;
            for (var i = 0; i < Waves; i++)
                bent += _waves[i].At(placed);
            return bent;
        }
    }

    /// <summary>One long wave of the elastic distortion: the sheet shifts along a direction, by a sine of the position.</summary>
    private readonly struct Wave(Vector2 shift, Vector2 frequency, float phase)
    {
        public static Wave Draw(float amplitude, int side, ref RandomStream random)
        {
            var (sin, cos) = MathF.SinCos(random.NextSingle(0, 2 * MathF.PI));
            var shift = new Vector2(cos, sin) * amplitude;
            (sin, cos) = MathF.SinCos(random.NextSingle(0, 2 * MathF.PI));
            var length = side * random.NextSingle(0.45f, 1.1f);
            return new Wave(shift, new Vector2(cos, sin) * (2 * MathF.PI / length), random.NextSingle(0, 2 * MathF.PI));
        }

        public Vector2 At(Vector2 point) => shift * MathF.Sin(Vector2.Dot(point, frequency) + phase);
    }

    [System.Runtime.CompilerServices.InlineArray(Waves)]
    private struct WaveArray
    {
        private Wave _first;
    }
}
