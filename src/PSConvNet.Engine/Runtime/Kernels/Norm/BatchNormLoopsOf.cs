using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary><see cref="BatchNormLoops"/> compiled for one width of vectors.</summary>
internal sealed unsafe class BatchNormLoops<TWide>(int channels) : BatchNormLoops(channels)
    where TWide : struct, IWide<TWide>
{
    // The last vector of channels overlaps the one before it. Where a row is shorter than a vector, only its numbers are loaded and stored.
    private readonly int _last = Math.Max(0, channels - TWide.Lanes);
    private readonly int _count = Math.Min(channels, TWide.Lanes);

    /// <inheritdoc />
    public override void AddMoments<T>(ReadOnlySpan<T> rows, ChannelMoments moments)
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length % Channels, 0);
        CheckChannels(moments.Means.Length);
        var (pivots, sums, squares) = (new float[Channels], new float[Channels], new float[Channels]);
        var count = rows.Length / Channels;
        fixed (T* start = rows)
        fixed (
            float* pivot = pivots,
                sum = sums,
                square = squares
        )
        {
            for (var first = 0; first < count; first += BlockRows)
            {
                var block = Math.Min(BlockRows, count - first);
                for (var c = 0; c < Channels; c += TWide.Lanes)
                {
                    var at = Math.Min(c, _last);
                    Moments(start + (nint)first * Channels + at, block, pivot + at, sum + at, square + at);
                }
                moments.Add(block, pivots, sums, squares);
            }
        }
    }

    /// <inheritdoc />
    public override void Normalise<T>(ReadOnlySpan<T> rows, in Normalisation normalisation, Span<T> result)
    {
        var count = Check<T>(rows.Length, normalisation, result.Length);
        var relu = normalisation.Relu;
        fixed (
            T* from = rows,
                to = result
        )
        fixed (
            float* mean = normalisation.Mean,
                scale = normalisation.Scale,
                shift = normalisation.Shift
        )
        {
            for (var first = 0; first < count; first += BlockRows)
            for (var c = 0; c < Channels; c += TWide.Lanes)
            {
                var at = Math.Min(c, _last);
                var start = (nint)first * Channels + at;
                var block = Math.Min(BlockRows, count - first);
                Normalise(from + start, block, mean + at, scale + at, shift + at, relu, to + start);
            }
        }
    }

    /// <inheritdoc />
    public override void AddGradients<T>(
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> rows,
        in Normalisation normalisation,
        double[] sums,
        double[] along
    )
    {
        var count = Check<T>(rows.Length, normalisation, gradients.Length);
        CheckChannels(sums.Length, along.Length);
        var (blockSums, blockAlong) = (new float[Channels], new float[Channels]);
        fixed (
            T* g = gradients,
                x = rows
        )
        fixed (
            float* mean = normalisation.Mean,
                scale = normalisation.Scale,
                shift = normalisation.Shift,
                sum = blockSums,
                product = blockAlong
        )
        {
            for (var first = 0; first < count; first += BlockRows)
            {
                for (var c = 0; c < Channels; c += TWide.Lanes)
                {
                    var at = Math.Min(c, _last);
                    var start = (nint)first * Channels + at;
                    var block = Math.Min(BlockRows, count - first);
                    if (normalisation.Relu)
                        ReluSums(
                            g + start,
                            x + start,
                            block,
                            mean + at,
                            scale + at,
                            shift + at,
                            sum + at,
                            product + at
                        );
                    else
                        Sums(g + start, x + start, block, mean + at, sum + at, product + at);
                }
                for (var c = 0; c < Channels; c++)
                {
                    sums[c] += blockSums[c];
                    along[c] += blockAlong[c];
                }
            }
        }
    }

    /// <inheritdoc />
    public override void Backward<T>(
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> rows,
        in Normalisation normalisation,
        float[] constant,
        float[] slope,
        Span<T> result
    )
    {
        var count = Check<T>(rows.Length, normalisation, gradients.Length, result.Length);
        CheckChannels(constant.Length, slope.Length);
        var relu = normalisation.Relu;
        fixed (
            T* g = gradients,
                x = rows,
                to = result
        )
        fixed (
            float* mean = normalisation.Mean,
                scale = normalisation.Scale,
                shift = normalisation.Shift,
                c0 = constant,
                c1 = slope
        )
        {
            for (var first = 0; first < count; first += BlockRows)
            for (var c = 0; c < Channels; c += TWide.Lanes)
            {
                var at = Math.Min(c, _last);
                var start = (nint)first * Channels + at;
                var block = Math.Min(BlockRows, count - first);
                var channel = new Coefficients(mean + at, scale + at, shift + at, c0 + at, c1 + at);
                Backward(g + start, x + start, block, channel, relu, to + start);
            }
        }
    }

    /// <summary>Sums relative to the first row, so that squares of a mean far from 0 don't hide the deviations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Moments<T>(T* rows, int count, float* pivot, float* sum, float* square)
        where T : unmanaged
    {
        var first = Load(rows);
        var (even, odd) = (TWide.Zero, TWide.Zero);
        var (evenSquare, oddSquare) = (TWide.Zero, TWide.Zero);
        var row = 1;
        for (; row + 1 < count; row += 2)
        {
            var a = Load(rows + (nint)row * Channels) - first;
            var b = Load(rows + (nint)(row + 1) * Channels) - first;
            even += a;
            odd += b;
            evenSquare = TWide.MultiplyAdd(a, a, evenSquare);
            oddSquare = TWide.MultiplyAdd(b, b, oddSquare);
        }
        if (row < count)
        {
            var a = Load(rows + (nint)row * Channels) - first;
            even += a;
            evenSquare = TWide.MultiplyAdd(a, a, evenSquare);
        }
        Store(first, pivot);
        Store(even + odd, sum);
        Store(evenSquare + oddSquare, square);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise<T>(T* rows, int count, float* mean, float* scale, float* shift, bool relu, T* result)
        where T : unmanaged
    {
        var (m, s, b) = (Load(mean), Load(scale), Load(shift));
        for (var row = 0; row < count; row++, rows += Channels, result += Channels)
        {
            var value = TWide.MultiplyAdd(Load(rows) - m, s, b);
            if (relu)
                value = WideRelu.Of(value);
            Store(value, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sums<T>(T* gradients, T* rows, int count, float* mean, float* sum, float* along)
        where T : unmanaged
    {
        var m = Load(mean);
        var (s, a) = (TWide.Zero, TWide.Zero);
        for (var row = 0; row < count; row++, gradients += Channels, rows += Channels)
        {
            var g = Load(gradients);
            s += g;
            a = TWide.MultiplyAdd(g, Load(rows) - m, a);
        }
        Store(s, sum);
        Store(a, along);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReluSums<T>(
        T* gradients,
        T* rows,
        int count,
        float* mean,
        float* scale,
        float* shift,
        float* sum,
        float* along
    )
        where T : unmanaged
    {
        var (m, k, b) = (Load(mean), Load(scale), Load(shift));
        var (s, a) = (TWide.Zero, TWide.Zero);
        for (var row = 0; row < count; row++, gradients += Channels, rows += Channels)
        {
            var distance = Load(rows) - m;
            var g = WideRelu.Backward(Load(gradients), TWide.MultiplyAdd(distance, k, b));
            s += g;
            a = TWide.MultiplyAdd(g, distance, a);
        }
        Store(s, sum);
        Store(a, along);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward<T>(T* gradients, T* rows, int count, Coefficients channel, bool relu, T* result)
        where T : unmanaged
    {
        var (m, k, b) = (Load(channel.Mean), Load(channel.Scale), Load(channel.Shift));
        var (c0, c1) = (Load(channel.Constant), Load(channel.Slope));
        for (var row = 0; row < count; row++, gradients += Channels, rows += Channels, result += Channels)
        {
            var distance = Load(rows) - m;
            var g = Load(gradients);
            if (relu)
                g = WideRelu.Backward(g, TWide.MultiplyAdd(distance, k, b));
            Store(TWide.MultiplyAdd(g, k, TWide.Zero - TWide.MultiplyAdd(distance, c1, c0)), result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TWide Load<T>(T* source)
        where T : unmanaged =>
        _count == TWide.Lanes ? Element.Load<TWide, T>(source) : Element.LoadFirst<TWide, T>(source, _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(TWide value, T* target)
        where T : unmanaged
    {
        if (_count == TWide.Lanes)
            Element.Store(value, target);
        else
            Element.StoreFirst(value, target, _count);
    }

    private readonly struct Coefficients(float* mean, float* scale, float* shift, float* constant, float* slope)
    {
        public float* Mean => mean;

        public float* Scale => scale;

        public float* Shift => shift;

        public float* Constant => constant;

        public float* Slope => slope;
    }
}
