using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary><see cref="BatchNormLoops"/> compiled for one width of vectors, and for long or short rows.</summary>
internal sealed unsafe class BatchNormLoops<TWide, TAccess>(int channels) : BatchNormLoops(channels)
    where TWide : struct, IWide<TWide>
    where TAccess : struct, IRowAccess
{
    // The last vector of channels overlaps the one before it.
    private readonly int _last = Math.Max(0, channels - TWide.Lanes);
    private readonly int _count = Math.Min(channels, TWide.Lanes);

    // The sums of a block, in whole vectors: those of the last vector, which overlaps, have a place of their own.
    private int SumsLength => (Channels + TWide.Lanes - 1) / TWide.Lanes * TWide.Lanes;

    /// <inheritdoc />
    public override void AddMoments<T>(ReadOnlySpan<T> rows, ChannelMoments moments)
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length % Channels, 0);
        CheckChannels(moments.Means.Length);
        var (pivots, sums, squares) = (new float[Channels], new float[Channels], new float[Channels]);
        var (blockSums, blockSquares) = (new float[SumsLength], new float[SumsLength]);
        var (count, chunk) = (rows.Length / Channels, ChunkRows<T>());
        fixed (T* start = rows)
        fixed (
            float* pivot = pivots,
                sum = blockSums,
                square = blockSquares
        )
        {
            for (var first = 0; first < count; first += BlockRows)
            {
                var end = Math.Min(first + BlockRows, count);
                for (var c = 0; c < Channels; c += TWide.Lanes)
                    Store(Load(start + (nint)first * Channels + Math.Min(c, _last)), pivot + Math.Min(c, _last));
                for (var row = first; row < end; row += chunk)
                for (var c = 0; c < Channels; c += TWide.Lanes)
                {
                    var at = Math.Min(c, _last);
                    var from = start + (nint)row * Channels + at;
                    AddMoments(from, Math.Min(chunk, end - row), pivot + at, sum + c, square + c);
                }
                TakeSums(blockSums, sums);
                TakeSums(blockSquares, squares);
                moments.Add(end - first, pivots, sums, squares);
            }
        }
    }

    /// <inheritdoc />
    public override void Normalise<T>(ReadOnlySpan<T> rows, in Normalisation normalisation, Span<T> result)
    {
        var count = Check<T>(rows.Length, normalisation, result.Length);
        var chunk = ChunkRows<T>();
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
            for (var first = 0; first < count; first += chunk)
            for (var c = 0; c < Channels; c += TWide.Lanes)
            {
                var at = Math.Min(c, _last);
                var start = (nint)first * Channels + at;
                var some = Math.Min(chunk, count - first);
                Normalise(from + start, some, mean + at, scale + at, shift + at, relu, to + start);
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
        var (chunk, relu) = (ChunkRows<T>(), normalisation.Relu);
        var (blockSums, blockAlong) = (new float[SumsLength], new float[SumsLength]);
        var (someSums, someAlong) = (new float[Channels], new float[Channels]);
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
                var end = Math.Min(first + BlockRows, count);
                for (var row = first; row < end; row += chunk)
                for (var c = 0; c < Channels; c += TWide.Lanes)
                {
                    var at = Math.Min(c, _last);
                    var start = (nint)row * Channels + at;
                    var some = Math.Min(chunk, end - row);
                    var channel = new Coefficients(mean + at, scale + at, shift + at, null, null);
                    AddSums(g + start, x + start, some, channel, relu, sum + c, product + c);
                }
                TakeSums(blockSums, someSums);
                TakeSums(blockAlong, someAlong);
                for (var c = 0; c < Channels; c++)
                {
                    sums[c] += someSums[c];
                    along[c] += someAlong[c];
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
        var chunk = ChunkRows<T>();
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
            for (var first = 0; first < count; first += chunk)
            for (var c = 0; c < Channels; c += TWide.Lanes)
            {
                var at = Math.Min(c, _last);
                var start = (nint)first * Channels + at;
                var some = Math.Min(chunk, count - first);
                var channel = new Coefficients(mean + at, scale + at, shift + at, c0 + at, c1 + at);
                Backward(g + start, x + start, some, channel, relu, to + start);
            }
        }
    }

    /// <summary>Hands over the sums of a block, whose place is 0 for the next.</summary>
    private void TakeSums(float[] block, float[] sums)
    {
        for (var c = 0; c < Channels; c += TWide.Lanes)
            block.AsSpan(c, _count).CopyTo(sums.AsSpan(Math.Min(c, _last)));
        Array.Clear(block);
    }

    /// <summary>Sums relative to the block's first row, so that squares of a mean far from 0 don't hide the deviations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddMoments<T>(T* rows, int count, float* pivot, float* sum, float* square)
        where T : unmanaged
    {
        var first = Load(pivot);
        var (even, odd) = (TWide.Load(sum), TWide.Zero);
        var (evenSquare, oddSquare) = (TWide.Load(square), TWide.Zero);
        var row = 0;
        for (; row + 1 < count; row += 2, rows += 2 * Channels)
        {
            var a = Load(rows) - first;
            var b = Load(rows + Channels) - first;
            even += a;
            odd += b;
            evenSquare = TWide.MultiplyAdd(a, a, evenSquare);
            oddSquare = TWide.MultiplyAdd(b, b, oddSquare);
        }
        if (row < count)
        {
            var a = Load(rows) - first;
            even += a;
            evenSquare = TWide.MultiplyAdd(a, a, evenSquare);
        }
        (even + odd).Store(sum);
        (evenSquare + oddSquare).Store(square);
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
    private void AddSums<T>(T* gradients, T* rows, int count, Coefficients channel, bool relu, float* sum, float* along)
        where T : unmanaged
    {
        var (m, k, b) = (Load(channel.Mean), Load(channel.Scale), Load(channel.Shift));
        var (s, a) = (TWide.Load(sum), TWide.Load(along));
        for (var row = 0; row < count; row++, gradients += Channels, rows += Channels)
        {
            var distance = Load(rows) - m;
            var g = Load(gradients);
            if (relu)
                g = WideRelu.Backward(g, TWide.MultiplyAdd(distance, k, b));
            s += g;
            a = TWide.MultiplyAdd(g, distance, a);
        }
        s.Store(sum);
        a.Store(along);
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
        where T : unmanaged => TAccess.Load<TWide, T>(source, _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<T>(TWide value, T* target)
        where T : unmanaged => TAccess.Store(value, target, _count);

    private readonly struct Coefficients(float* mean, float* scale, float* shift, float* constant, float* slope)
    {
        public float* Mean => mean;

        public float* Scale => scale;

        public float* Shift => shift;

        public float* Constant => constant;

        public float* Slope => slope;
    }
}
