using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A window's row: its pixels, which <see cref="LaneRows{TWide}"/> holds, and its weights.</summary>
internal unsafe struct LaneRow
{
    public float* Pixels;
    public float* Weights;
}

/// <summary>Some neighbouring outputs of a vector.</summary>
internal unsafe struct LaneBlock
{
    /// <summary>Where their pixels begin within those of a row.</summary>
    public nint Pixels;

    /// <summary>Where their weights begin within those of a row.</summary>
    public nint Weights;

    /// <summary>How many outputs.</summary>
    public int Count;

    /// <summary>The offset of each run of taps: first the runs of three,</summary>
    public int* Runs;

    /// <summary>then those of two,</summary>
    public int* Twos;

    /// <summary>then those of one.</summary>
    public int* Ones;

    /// <summary>Behind the last one.</summary>
    public int* End;
}

/// <summary>The sums of a <see cref="LaneConv{TWide}"/> over one row of outputs and one vector of lanes, and the gradients of their weights.</summary>
/// <remarks>
/// Fast because eight neighbouring outputs are summed in registers while up to three taps pass over their pixels: thirteen loads serve
/// twenty-four products. The last outputs of a row are computed together with some that don't exist and aren't stored. Every sum has the order of
/// the taps, however many outputs are computed together.
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

    /// <summary>Outputs that are computed together.</summary>
    public const int OutputsTogether = 8;

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
    /// <param name="nextRow">The distance to the row of outputs that will be computed next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute<T>(
        LaneRow* rows,
        int rowCount,
        TapPhase phase,
        float* bias,
        bool relu,
        T* outputs,
        nint outputStep,
        nint nextRow
    )
        where T : unmanaged
    {
        var runCount = phase.Runs.Length;
        var offsets = stackalloc int[runCount + 1];
        LaneBlock block = new()
        {
            Runs = offsets,
            Twos = offsets,
            Ones = offsets,
            End = offsets + runCount,
        };
        for (var i = 0; i < runCount; i++)
        {
            var run = phase.Runs[i];
            offsets[i] = run.Offset * TWide.Lanes;
            if (run.Count > 2)
                block.Twos++;
            if (run.Count > 1)
                block.Ones++;
        }
        // All vectors of some pixels before the next ones: they lie side by side in memory.
        for (var x = 0; x < phase.Outputs; x += block.Count)
        {
            block.Count = Math.Min(phase.Outputs - x, OutputsTogether);
            for (var v = 0; v < _vectors; v++)
            {
                var first = Math.Max(0, Math.Min(v * TWide.Lanes, lanes - TWide.Lanes));
                var start = bias == null ? TWide.Zero : TWide.Load(bias + first);
                var target = outputs + x * outputStep + first;
                block.Pixels = v * planes * planeLength + x * _step;
                block.Weights = v * weightLength;
                if (block.Count > 4)
                    Eight(block, rows, rows + rowCount, start, relu, target, outputStep);
                else
                    Four(block, rows, rows + rowCount, start, relu, target, outputStep);
                for (var i = 0; i < block.Count; i++)
                    LaneRows<TWide>.Prefetch(target + nextRow + i * outputStep);
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
    private void Eight<T>(LaneBlock block, LaneRow* row, LaneRow* end, TWide start, bool relu, T* outputs, nint outputStep)
        where T : unmanaged
    {
        var (step, planeCount, planeStep) = (_step, planes, planeLength);
        var a = start;
        var b = start;
        var c = start;
        var d = start;
        var e = start;
        var f = start;
        var g = start;
        var h = start;
        for (; row < end; row++)
        {
            var plane = row->Pixels + block.Pixels;
            var weights = row->Weights + block.Weights;
            for (var p = 0; p < planeCount; p++, plane += planeStep)
            {
                var offset = block.Runs;
                for (; offset < block.Twos; offset++, weights += 3 * TWide.Lanes)
                {
                    var pixel = plane + *offset;
                    var w0 = TWide.Load(weights);
                    var w1 = TWide.Load(weights + TWide.Lanes);
                    var w2 = TWide.Load(weights + 2 * TWide.Lanes);
                    var value = TWide.Load(pixel);
                    a = TWide.MultiplyAdd(w0, value, a);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w1, value, a);
                    b = TWide.MultiplyAdd(w0, value, b);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w2, value, a);
                    b = TWide.MultiplyAdd(w1, value, b);
                    c = TWide.MultiplyAdd(w0, value, c);
                    value = TWide.Load(pixel += step);
                    b = TWide.MultiplyAdd(w2, value, b);
                    c = TWide.MultiplyAdd(w1, value, c);
                    d = TWide.MultiplyAdd(w0, value, d);
                    value = TWide.Load(pixel += step);
                    c = TWide.MultiplyAdd(w2, value, c);
                    d = TWide.MultiplyAdd(w1, value, d);
                    e = TWide.MultiplyAdd(w0, value, e);
                    value = TWide.Load(pixel += step);
                    d = TWide.MultiplyAdd(w2, value, d);
                    e = TWide.MultiplyAdd(w1, value, e);
                    f = TWide.MultiplyAdd(w0, value, f);
                    value = TWide.Load(pixel += step);
                    e = TWide.MultiplyAdd(w2, value, e);
                    f = TWide.MultiplyAdd(w1, value, f);
                    g = TWide.MultiplyAdd(w0, value, g);
                    value = TWide.Load(pixel += step);
                    f = TWide.MultiplyAdd(w2, value, f);
                    g = TWide.MultiplyAdd(w1, value, g);
                    h = TWide.MultiplyAdd(w0, value, h);
                    value = TWide.Load(pixel += step);
                    g = TWide.MultiplyAdd(w2, value, g);
                    h = TWide.MultiplyAdd(w1, value, h);
                    value = TWide.Load(pixel += step);
                    h = TWide.MultiplyAdd(w2, value, h);
                }
                for (; offset < block.Ones; offset++, weights += 2 * TWide.Lanes)
                {
                    var pixel = plane + *offset;
                    var w0 = TWide.Load(weights);
                    var w1 = TWide.Load(weights + TWide.Lanes);
                    var value = TWide.Load(pixel);
                    a = TWide.MultiplyAdd(w0, value, a);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w1, value, a);
                    b = TWide.MultiplyAdd(w0, value, b);
                    value = TWide.Load(pixel += step);
                    b = TWide.MultiplyAdd(w1, value, b);
                    c = TWide.MultiplyAdd(w0, value, c);
                    value = TWide.Load(pixel += step);
                    c = TWide.MultiplyAdd(w1, value, c);
                    d = TWide.MultiplyAdd(w0, value, d);
                    value = TWide.Load(pixel += step);
                    d = TWide.MultiplyAdd(w1, value, d);
                    e = TWide.MultiplyAdd(w0, value, e);
                    value = TWide.Load(pixel += step);
                    e = TWide.MultiplyAdd(w1, value, e);
                    f = TWide.MultiplyAdd(w0, value, f);
                    value = TWide.Load(pixel += step);
                    f = TWide.MultiplyAdd(w1, value, f);
                    g = TWide.MultiplyAdd(w0, value, g);
                    value = TWide.Load(pixel += step);
                    g = TWide.MultiplyAdd(w1, value, g);
                    h = TWide.MultiplyAdd(w0, value, h);
                    value = TWide.Load(pixel += step);
                    h = TWide.MultiplyAdd(w1, value, h);
                }
                for (; offset < block.End; offset++, weights += TWide.Lanes)
                {
                    var pixel = plane + *offset;
                    var w = TWide.Load(weights);
                    a = TWide.MultiplyAdd(w, TWide.Load(pixel), a);
                    b = TWide.MultiplyAdd(w, TWide.Load(pixel += step), b);
                    c = TWide.MultiplyAdd(w, TWide.Load(pixel += step), c);
                    d = TWide.MultiplyAdd(w, TWide.Load(pixel += step), d);
                    e = TWide.MultiplyAdd(w, TWide.Load(pixel += step), e);
                    f = TWide.MultiplyAdd(w, TWide.Load(pixel += step), f);
                    g = TWide.MultiplyAdd(w, TWide.Load(pixel += step), g);
                    h = TWide.MultiplyAdd(w, TWide.Load(pixel += step), h);
                }
            }
        }
        Store(a, relu, outputs);
        Store(b, relu, outputs += outputStep);
        Store(c, relu, outputs += outputStep);
        Store(d, relu, outputs += outputStep);
        Store(e, relu, outputs += outputStep);
        if (block.Count > 5)
            Store(f, relu, outputs += outputStep);
        if (block.Count > 6)
            Store(g, relu, outputs += outputStep);
        if (block.Count > 7)
            Store(h, relu, outputs += outputStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<T>(LaneBlock block, LaneRow* row, LaneRow* end, TWide start, bool relu, T* outputs, nint outputStep)
        where T : unmanaged
    {
        var (step, planeCount, planeStep) = (_step, planes, planeLength);
        var a = start;
        var b = start;
        var c = start;
        var d = start;
        for (; row < end; row++)
        {
            var plane = row->Pixels + block.Pixels;
            var weights = row->Weights + block.Weights;
            for (var p = 0; p < planeCount; p++, plane += planeStep)
            {
                var offset = block.Runs;
                for (; offset < block.Twos; offset++, weights += 3 * TWide.Lanes)
                {
                    var pixel = plane + *offset;
                    var w0 = TWide.Load(weights);
                    var w1 = TWide.Load(weights + TWide.Lanes);
                    var w2 = TWide.Load(weights + 2 * TWide.Lanes);
                    var value = TWide.Load(pixel);
                    a = TWide.MultiplyAdd(w0, value, a);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w1, value, a);
                    b = TWide.MultiplyAdd(w0, value, b);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w2, value, a);
                    b = TWide.MultiplyAdd(w1, value, b);
                    c = TWide.MultiplyAdd(w0, value, c);
                    value = TWide.Load(pixel += step);
                    b = TWide.MultiplyAdd(w2, value, b);
                    c = TWide.MultiplyAdd(w1, value, c);
                    d = TWide.MultiplyAdd(w0, value, d);
                    value = TWide.Load(pixel += step);
                    c = TWide.MultiplyAdd(w2, value, c);
                    d = TWide.MultiplyAdd(w1, value, d);
                    value = TWide.Load(pixel += step);
                    d = TWide.MultiplyAdd(w2, value, d);
                }
                for (; offset < block.Ones; offset++, weights += 2 * TWide.Lanes)
                {
                    var pixel = plane + *offset;
                    var w0 = TWide.Load(weights);
                    var w1 = TWide.Load(weights + TWide.Lanes);
                    var value = TWide.Load(pixel);
                    a = TWide.MultiplyAdd(w0, value, a);
                    value = TWide.Load(pixel += step);
                    a = TWide.MultiplyAdd(w1, value, a);
                    b = TWide.MultiplyAdd(w0, value, b);
                    value = TWide.Load(pixel += step);
                    b = TWide.MultiplyAdd(w1, value, b);
                    c = TWide.MultiplyAdd(w0, value, c);
                    value = TWide.Load(pixel += step);
                    c = TWide.MultiplyAdd(w1, value, c);
                    d = TWide.MultiplyAdd(w0, value, d);
                    value = TWide.Load(pixel += step);
                    d = TWide.MultiplyAdd(w1, value, d);
                }
                for (; offset < block.End; offset++, weights += TWide.Lanes)
                {
                    var pixel = plane + *offset;
                    var w = TWide.Load(weights);
                    a = TWide.MultiplyAdd(w, TWide.Load(pixel), a);
                    b = TWide.MultiplyAdd(w, TWide.Load(pixel += step), b);
                    c = TWide.MultiplyAdd(w, TWide.Load(pixel += step), c);
                    d = TWide.MultiplyAdd(w, TWide.Load(pixel += step), d);
                }
            }
        }
        Store(a, relu, outputs);
        if (block.Count > 1)
            Store(b, relu, outputs += outputStep);
        if (block.Count > 2)
            Store(c, relu, outputs += outputStep);
        if (block.Count > 3)
            Store(d, relu, outputs += outputStep);
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
}
