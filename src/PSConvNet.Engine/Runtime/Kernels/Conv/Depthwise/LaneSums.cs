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

    /// <summary>The offsets of runs of taps, in three parts; this is the first run of three taps.</summary>
    public int* Runs;

    /// <summary>The first run of two taps.</summary>
    public int* Twos;

    /// <summary>The first run of one tap.</summary>
    public int* Ones;

    /// <summary>Where the offsets end.</summary>
    public int* End;
}

/// <summary>The sums of a <see cref="LaneConv{TWide}"/> over one row of outputs.</summary>
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
    /// <param name="inOrder">Whether the next row's outputs will go behind these.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute<T>(
        LaneRow* rows,
        int rowCount,
        TapPhase phase,
        float* bias,
        bool relu,
        T* outputs,
        nint outputStep,
        bool inOrder
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
                for (var i = 0; inOrder && i < block.Count; i++)
                    StreamAhead.Write(target + i * outputStep);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Eight<T>(
        LaneBlock block,
        LaneRow* row,
        LaneRow* end,
        TWide start,
        bool relu,
        T* outputs,
        nint outputStep
    )
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
    private void Four<T>(
        LaneBlock block,
        LaneRow* row,
        LaneRow* end,
        TWide start,
        bool relu,
        T* outputs,
        nint outputStep
    )
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
            value = WideRelu.Of(value);
        Element.Store(value, output);
    }
}
