namespace PSConvNet.Data;

/// <summary>Of which old pixels along one side a new one is made, and with what weights; these add up to 1.</summary>
internal sealed class TriangleFilter
{
    private readonly int[] _first;
    private readonly int[] _start;
    private readonly float[] _weights;

    public TriangleFilter(int length, int newLength)
    {
        _first = new int[newLength];
        _start = new int[newLength + 1];
        var scale = (double)length / newLength;
        var reach = Math.Max(1, scale);
        var weights = new float[newLength * Most(length, newLength)];
        for (var to = 0; to < newLength; to++)
        {
            var centre = (to + 0.5) * scale;
            var first = Math.Max(0, (int)Math.Ceiling(centre - reach - 0.5));
            var last = Math.Min(length - 1, (int)Math.Floor(centre + reach - 0.5));
            var at = _start[to];
            // Pixels at the very ends of the triangle have no weight.
            for (var from = first; from <= last; from++)
            {
                var weight = (float)Math.Max(0, 1 - Math.Abs(from + 0.5 - centre) / reach);
                if (weight == 0)
                    continue;
                if (at == _start[to])
                    _first[to] = from;
                weights[at++] = weight;
            }
            var sum = 0.0;
            foreach (var weight in weights.AsSpan(_start[to]..at))
                sum += weight;
            foreach (ref var weight in weights.AsSpan(_start[to]..at))
                weight /= (float)sum;
            _start[to + 1] = at;
        }
        _weights = weights;
    }

    /// <summary>The number of new pixels.</summary>
    public int Count => _first.Length;

    /// <summary>The memory that a filter takes, in bytes.</summary>
    public static long Memory(int length, int newLength) =>
        sizeof(int) * 2L * newLength + sizeof(float) * ((long)newLength * Most(length, newLength));

    /// <summary>The first old pixel that counts for a new one.</summary>
    public int First(int to) => _first[to];

    /// <summary>The last old pixel that counts for a new one.</summary>
    public int Last(int to) => _first[to] + _start[to + 1] - _start[to] - 1;

    /// <summary>The weights of the old pixels from <see cref="First"/> to <see cref="Last"/>.</summary>
    public ReadOnlySpan<float> Weights(int to) => _weights.AsSpan(_start[to].._start[to + 1]);

    /// <summary>The most old pixels that count for a new one.</summary>
    private static int Most(int length, int newLength) =>
        2 * (int)Math.Ceiling(Math.Max(1, (double)length / newLength)) + 1;
}
