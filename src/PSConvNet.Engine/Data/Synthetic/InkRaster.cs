using System.Numerics;

namespace PSConvNet.Data;

/// <summary>A square sheet that keeps, for each pixel, how much of it the darkest line over it covers. One a thread.</summary>
internal sealed class InkRaster(int side)
{
    private readonly float[] _cover = new float[side * side];

    public void Clear() => Array.Clear(_cover);

    /// <summary>Draws a line with round ends.</summary>
    /// <param name="from">Its start in pixels; pixel (0, 0) has its centre at the origin.</param>
    /// <param name="to">Its end.</param>
    /// <param name="radius">Half its width in pixels.</param>
    /// <param name="softness">Over how many pixels its edge fades.</param>
    public void Line(Vector2 from, Vector2 to, float radius, float softness)
    {
        var reach = radius + softness / 2;
        var left = Math.Max(0, (int)MathF.Ceiling(MathF.Min(from.X, to.X) - reach));
        var right = Math.Min(side - 1, (int)MathF.Floor(MathF.Max(from.X, to.X) + reach));
        var top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(from.Y, to.Y) - reach));
        var bottom = Math.Min(side - 1, (int)MathF.Floor(MathF.Max(from.Y, to.Y) + reach));
        var along = to - from;
        var perLength = 1 / MathF.Max(along.LengthSquared(), 1e-6f);
        for (var y = top; y <= bottom; y++)
        for (var x = left; x <= right; x++)
        {
            var offset = new Vector2(x, y) - from;
            var nearest = along * Math.Clamp(Vector2.Dot(offset, along) * perLength, 0, 1);
            var cover = MathF.Min(1, (reach - (offset - nearest).Length()) / softness);
            ref var pixel = ref _cover[y * side + x];
            if (cover > pixel)
                pixel = cover;
        }
    }

    /// <summary>Writes the sheet as bytes.</summary>
    /// <param name="image">Side x side bytes.</param>
    /// <param name="brightness">What a fully covered pixel becomes, 0 to 255.</param>
    /// <param name="grain">How unevenly the ink takes, in grey levels.</param>
    /// <param name="random">Where the grain comes from.</param>
    public void Develop(Span<byte> image, float brightness, float grain, ref RandomStream random)
    {
        for (var i = 0; i < image.Length; i++)
        {
            var cover = _cover[i];
            image[i] =
                cover <= 0
                    ? (byte)0
                    : (byte)Math.Clamp(cover * (brightness + grain * random.NextBell()) + 0.5f, 0, 255);
        }
    }
}
