using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A window's row: its pixels, which <see cref="LaneRows{TWide}"/> holds, and its weights.</summary>
internal unsafe struct LaneRow
{
    public float* Pixels;
    public float* Weights;
}

/// <summary>The sums of a <see cref="LaneConv{TWide}"/> over one row of outputs and one vector of lanes, and the gradients of their weights.</summary>
/// <remarks>
/// Fast because eight neighbouring outputs are summed in registers while up to three taps pass over their pixels: thirteen loads serve
/// twenty-four products. Every sum has the order of the taps, however many outputs are computed together.
/// </remarks>
/// <param name="planes">The channels that each lane reads.</param>
/// <param name="planeLength">The distance between planes.</param>
/// <param name="step">The distance between the pixels of neighbouring outputs, and of a run's neighbouring taps.</param>
/// <param name="lanes">The number of sums per pixel.</param>
/// <param name="weightLength">The weights of a vector.</param>
internal readonly unsafe struct LaneSums<TWide>(int planes, nint planeLength, int step, int lanes, nint weightLength)
    where TWide : struct, IWide<TWide>
{
    /// <summary>The most taps that pass over pixels together.</summary>
    public const int LongestRun = 3;

    private readonly int _vectors = (lanes + TWide.Lanes - 1) / TWide.Lanes;
    private readonly nint _step = step * TWide.Lanes;

    /// <summary>The weights of a phase, for a row of the window and a vector.</summary>
    public nint WeightLength(TapPhase phase) => (nint)phase.Taps.Length * planes * TWide.Lanes;

    /// <summary>Computes the outputs of a phase, for all vectors.</summary>
    /// <param name="rows">The rows of the window that lie in the image.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="phase">Which outputs and taps.</param>
    /// <param name="bias">What sums begin with; null for 0.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">Receives the outputs.</param>
    /// <param name="outputStep">The distance between outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute<T>(
        LaneRow* rows,
        int rowCount,
        TapPhase phase,
        float* bias,
        bool relu,
        T* outputs,
        nint outputStep
    )
        where T : unmanaged
    {
        var count = phase.Outputs;
        var end = rows + rowCount;
        fixed (TapRun* runs = phase.Runs)
        {
            var lastRun = runs + phase.Runs.Length;
            // All vectors of some pixels before the next ones: they lie side by side in memory.
            for (var x = 0; x < count; )
            {
                var left = count - x;
                // The last outputs are computed together with some before them, once more.
                var together =
                    count >= 8 && left > 4 ? 8
                    : count >= 4 ? 4
                    : 1;
                x = Math.Min(x, count - together);
                for (var v = 0; v < _vectors; v++)
                {
                    var first = Math.Max(0, Math.Min(v * TWide.Lanes, lanes - TWide.Lanes));
                    var start = bias == null ? TWide.Zero : TWide.Load(bias + first);
                    var block = new Block(v * planes * planeLength + x * _step, v * weightLength);
                    var target = outputs + x * outputStep + first;
                    switch (together)
                    {
                        case 8:
                            Eight(rows, end, runs, lastRun, block, start, relu, target, outputStep);
                            break;
                        case 4:
                            Four(rows, end, runs, lastRun, block, start, relu, target, outputStep);
                            break;
                        default:
                            One(rows, end, runs, lastRun, block, start, relu, target);
                            break;
                    }
                }
                x += together;
            }
        }
    }

    /// <summary>Adds a row's part of the gradient of the weights.</summary>
    /// <param name="pixels">The window's row.</param>
    /// <param name="phase">All outputs and taps.</param>
    /// <param name="gradients">The gradients of a row of outputs.</param>
    /// <param name="weights">The gradients of the weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddWeights(float* pixels, TapPhase phase, float* gradients, float* weights)
    {
        var count = phase.Outputs;
        for (var plane = 0; plane < planes; plane++, pixels += planeLength)
            foreach (var run in phase.Runs)
            {
                var first = pixels + run.Offset * TWide.Lanes;
                switch (run.Count)
                {
                    case 3:
                        AddThree(first, gradients, count, weights);
                        break;
                    case 2:
                        AddTwo(first, gradients, count, weights);
                        break;
                    default:
                        AddOne(first, gradients, count, weights);
                        break;
                }
                weights += run.Count * TWide.Lanes;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Eight<T>(
        LaneRow* row,
        LaneRow* end,
        TapRun* runs,
        TapRun* lastRun,
        Block block,
        TWide start,
        bool relu,
        T* outputs,
        nint outputStep
    )
        where T : unmanaged
    {
        var (step, planeCount, planeStep) = (_step, planes, planeLength);
        var (a, b, c, d) = (start, start, start, start);
        var (e, f, g, h) = (start, start, start, start);
        for (; row < end; row++)
        {
            var plane = row->Pixels + block.Pixels;
            var weights = row->Weights + block.Weights;
            for (var p = 0; p < planeCount; p++, plane += planeStep)
            for (var run = runs; run < lastRun; run++)
            {
                var pixel = plane + run->Offset * TWide.Lanes;
                var w = TWide.Load(weights);
                if (run->Count == 3)
                {
                    var w1 = TWide.Load(weights + TWide.Lanes);
                    var w2 = TWide.Load(weights + 2 * TWide.Lanes);
                    var value = TWide.Load(pixel);
                    a = TWide.MultiplyAdd(w, value, a);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w1, value, a);
                    b = TWide.MultiplyAdd(w, value, b);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w2, value, a);
                    b = TWide.MultiplyAdd(w1, value, b);
                    c = TWide.MultiplyAdd(w, value, c);
                    value = TWide.Load(pixel += step);
                    b = TWide.MultiplyAdd(w2, value, b);
                    c = TWide.MultiplyAdd(w1, value, c);
                    d = TWide.MultiplyAdd(w, value, d);
                    value = TWide.Load(pixel += step);
                    c = TWide.MultiplyAdd(w2, value, c);
                    d = TWide.MultiplyAdd(w1, value, d);
                    e = TWide.MultiplyAdd(w, value, e);
                    value = TWide.Load(pixel += step);
                    d = TWide.MultiplyAdd(w2, value, d);
                    e = TWide.MultiplyAdd(w1, value, e);
                    f = TWide.MultiplyAdd(w, value, f);
                    value = TWide.Load(pixel += step);
                    e = TWide.MultiplyAdd(w2, value, e);
                    f = TWide.MultiplyAdd(w1, value, f);
                    g = TWide.MultiplyAdd(w, value, g);
                    value = TWide.Load(pixel += step);
                    f = TWide.MultiplyAdd(w2, value, f);
                    g = TWide.MultiplyAdd(w1, value, g);
                    h = TWide.MultiplyAdd(w, value, h);
                    value = TWide.Load(pixel += step);
                    g = TWide.MultiplyAdd(w2, value, g);
                    h = TWide.MultiplyAdd(w1, value, h);
                    h = TWide.MultiplyAdd(w2, TWide.Load(pixel + step), h);
                    weights += 3 * TWide.Lanes;
                }
                else if (run->Count == 2)
                {
                    var w1 = TWide.Load(weights + TWide.Lanes);
                    a = TWide.MultiplyAdd(w, TWide.Load(pixel), a);
                    var value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w1, value, a);
                    b = TWide.MultiplyAdd(w, value, b);
                    value = TWide.Load(pixel += step);
                    b = TWide.MultiplyAdd(w1, value, b);
                    c = TWide.MultiplyAdd(w, value, c);
                    value = TWide.Load(pixel += step);
                    c = TWide.MultiplyAdd(w1, value, c);
                    d = TWide.MultiplyAdd(w, value, d);
                    value = TWide.Load(pixel += step);
                    d = TWide.MultiplyAdd(w1, value, d);
                    e = TWide.MultiplyAdd(w, value, e);
                    value = TWide.Load(pixel += step);
                    e = TWide.MultiplyAdd(w1, value, e);
                    f = TWide.MultiplyAdd(w, value, f);
                    value = TWide.Load(pixel += step);
                    f = TWide.MultiplyAdd(w1, value, f);
                    g = TWide.MultiplyAdd(w, value, g);
                    value = TWide.Load(pixel += step);
                    g = TWide.MultiplyAdd(w1, value, g);
                    h = TWide.MultiplyAdd(w, value, h);
                    h = TWide.MultiplyAdd(w1, TWide.Load(pixel + step), h);
                    weights += 2 * TWide.Lanes;
                }
                else
                {
                    a = TWide.MultiplyAdd(w, TWide.Load(pixel), a);
                    b = TWide.MultiplyAdd(w, TWide.Load(pixel += step), b);
                    c = TWide.MultiplyAdd(w, TWide.Load(pixel += step), c);
                    d = TWide.MultiplyAdd(w, TWide.Load(pixel += step), d);
                    e = TWide.MultiplyAdd(w, TWide.Load(pixel += step), e);
                    f = TWide.MultiplyAdd(w, TWide.Load(pixel += step), f);
                    g = TWide.MultiplyAdd(w, TWide.Load(pixel += step), g);
                    h = TWide.MultiplyAdd(w, TWide.Load(pixel + step), h);
                    weights += TWide.Lanes;
                }
            }
        }
        Store(a, relu, outputs);
        Store(b, relu, outputs += outputStep);
        Store(c, relu, outputs += outputStep);
        Store(d, relu, outputs += outputStep);
        Store(e, relu, outputs += outputStep);
        Store(f, relu, outputs += outputStep);
        Store(g, relu, outputs += outputStep);
        Store(h, relu, outputs + outputStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<T>(
        LaneRow* row,
        LaneRow* end,
        TapRun* runs,
        TapRun* lastRun,
        Block block,
        TWide start,
        bool relu,
        T* outputs,
        nint outputStep
    )
        where T : unmanaged
    {
        var (step, planeCount, planeStep) = (_step, planes, planeLength);
        var (a, b, c, d) = (start, start, start, start);
        for (; row < end; row++)
        {
            var plane = row->Pixels + block.Pixels;
            var weights = row->Weights + block.Weights;
            for (var p = 0; p < planeCount; p++, plane += planeStep)
            for (var run = runs; run < lastRun; run++)
            {
                var pixel = plane + run->Offset * TWide.Lanes;
                for (var tap = 0; tap < run->Count; tap++, pixel += step, weights += TWide.Lanes)
                {
                    var w = TWide.Load(weights);
                    a = TWide.MultiplyAdd(w, TWide.Load(pixel), a);
                    b = TWide.MultiplyAdd(w, TWide.Load(pixel + step), b);
                    c = TWide.MultiplyAdd(w, TWide.Load(pixel + 2 * step), c);
                    d = TWide.MultiplyAdd(w, TWide.Load(pixel + 3 * step), d);
                }
            }
        }
        Store(a, relu, outputs);
        Store(b, relu, outputs + outputStep);
        Store(c, relu, outputs + 2 * outputStep);
        Store(d, relu, outputs + 3 * outputStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<T>(
        LaneRow* row,
        LaneRow* end,
        TapRun* runs,
        TapRun* lastRun,
        Block block,
        TWide start,
        bool relu,
        T* outputs
    )
        where T : unmanaged
    {
        var (step, planeCount, planeStep) = (_step, planes, planeLength);
        var sum = start;
        for (; row < end; row++)
        {
            var plane = row->Pixels + block.Pixels;
            var weights = row->Weights + block.Weights;
            for (var p = 0; p < planeCount; p++, plane += planeStep)
            for (var run = runs; run < lastRun; run++)
            {
                var pixel = plane + run->Offset * TWide.Lanes;
                for (var tap = 0; tap < run->Count; tap++, pixel += step, weights += TWide.Lanes)
                    sum = TWide.MultiplyAdd(TWide.Load(weights), TWide.Load(pixel), sum);
            }
        }
        Store(sum, relu, outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(TWide value, bool relu, T* output)
        where T : unmanaged
    {
        if (relu)
            value = TWide.Select(TWide.IsAtMost(value, TWide.Zero), TWide.Zero, value);
        Element.Store(value, output);
    }

    /// <summary>The sums of three taps, each in two registers, so that additions don't wait for one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddThree(float* pixel, float* gradients, int count, float* weights)
    {
        var step = _step;
        var (a0, a1, a2) = (TWide.Load(weights), TWide.Load(weights + TWide.Lanes), TWide.Load(weights + 2 * TWide.Lanes));
        var (b0, b1, b2) = (TWide.Zero, TWide.Zero, TWide.Zero);
        // The first two of three neighbouring pixels are the last two of those before.
        var (first, second) = (TWide.Load(pixel), TWide.Load(pixel + step));
        pixel += 2 * step;
        var x = 0;
        for (; x + 4 <= count; x += 4, pixel += 4 * step, gradients += 4 * TWide.Lanes)
        {
            var gradient = TWide.Load(gradients);
            var third = TWide.Load(pixel);
            a0 = TWide.MultiplyAdd(gradient, first, a0);
            a1 = TWide.MultiplyAdd(gradient, second, a1);
            a2 = TWide.MultiplyAdd(gradient, third, a2);
            gradient = TWide.Load(gradients + TWide.Lanes);
            var fourth = TWide.Load(pixel + step);
            b0 = TWide.MultiplyAdd(gradient, second, b0);
            b1 = TWide.MultiplyAdd(gradient, third, b1);
            b2 = TWide.MultiplyAdd(gradient, fourth, b2);
            gradient = TWide.Load(gradients + 2 * TWide.Lanes);
            first = TWide.Load(pixel + 2 * step);
            a0 = TWide.MultiplyAdd(gradient, third, a0);
            a1 = TWide.MultiplyAdd(gradient, fourth, a1);
            a2 = TWide.MultiplyAdd(gradient, first, a2);
            gradient = TWide.Load(gradients + 3 * TWide.Lanes);
            second = TWide.Load(pixel + 3 * step);
            b0 = TWide.MultiplyAdd(gradient, fourth, b0);
            b1 = TWide.MultiplyAdd(gradient, first, b1);
            b2 = TWide.MultiplyAdd(gradient, second, b2);
        }
        for (; x < count; x++, pixel += step, gradients += TWide.Lanes)
        {
            var (gradient, third) = (TWide.Load(gradients), TWide.Load(pixel));
            a0 = TWide.MultiplyAdd(gradient, first, a0);
            a1 = TWide.MultiplyAdd(gradient, second, a1);
            a2 = TWide.MultiplyAdd(gradient, third, a2);
            (first, second) = (second, third);
        }
        (a0 + b0).Store(weights);
        (a1 + b1).Store(weights + TWide.Lanes);
        (a2 + b2).Store(weights + 2 * TWide.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTwo(float* pixel, float* gradients, int count, float* weights)
    {
        var step = _step;
        var (a0, a1, b0, b1) = (TWide.Load(weights), TWide.Load(weights + TWide.Lanes), TWide.Zero, TWide.Zero);
        var first = TWide.Load(pixel);
        pixel += step;
        var x = 0;
        for (; x + 2 <= count; x += 2, pixel += 2 * step, gradients += 2 * TWide.Lanes)
        {
            var gradient = TWide.Load(gradients);
            var second = TWide.Load(pixel);
            a0 = TWide.MultiplyAdd(gradient, first, a0);
            a1 = TWide.MultiplyAdd(gradient, second, a1);
            gradient = TWide.Load(gradients + TWide.Lanes);
            first = TWide.Load(pixel + step);
            b0 = TWide.MultiplyAdd(gradient, second, b0);
            b1 = TWide.MultiplyAdd(gradient, first, b1);
        }
        if (x < count)
        {
            var gradient = TWide.Load(gradients);
            a0 = TWide.MultiplyAdd(gradient, first, a0);
            a1 = TWide.MultiplyAdd(gradient, TWide.Load(pixel), a1);
        }
        (a0 + b0).Store(weights);
        (a1 + b1).Store(weights + TWide.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddOne(float* pixel, float* gradients, int count, float* weights)
    {
        var step = _step;
        var (a, b, c, d) = (TWide.Load(weights), TWide.Zero, TWide.Zero, TWide.Zero);
        var x = 0;
        for (; x + 4 <= count; x += 4, pixel += 4 * step, gradients += 4 * TWide.Lanes)
        {
            a = TWide.MultiplyAdd(TWide.Load(gradients), TWide.Load(pixel), a);
            b = TWide.MultiplyAdd(TWide.Load(gradients + TWide.Lanes), TWide.Load(pixel + step), b);
            c = TWide.MultiplyAdd(TWide.Load(gradients + 2 * TWide.Lanes), TWide.Load(pixel + 2 * step), c);
            d = TWide.MultiplyAdd(TWide.Load(gradients + 3 * TWide.Lanes), TWide.Load(pixel + 3 * step), d);
        }
        for (; x < count; x++, pixel += step, gradients += TWide.Lanes)
            a = TWide.MultiplyAdd(TWide.Load(gradients), TWide.Load(pixel), a);
        (a + b + (c + d)).Store(weights);
    }

    /// <summary>Where a vector's pixels and weights begin within a row's.</summary>
    private readonly record struct Block(nint Pixels, nint Weights);
}
