using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A window's row: its pixels, which <see cref="LaneRows{TWide}"/> holds, and its weights.</summary>
internal unsafe struct LaneRow
{
    public float* Pixels;
    public float* Weights;
}

/// <summary>What the sums of neighbouring outputs have in common, and the loops that compute up to eight of them.</summary>
/// <remarks>
/// The number of outputs is a type, so that a loop is compiled for each. Three taps pass over ten pixels for eight outputs: each pixel is loaded once, and
/// a tap's weights serve all outputs.
/// </remarks>
internal unsafe struct LaneBlock<TWide>
    where TWide : struct, IWide<TWide>
{
    /// <summary>The rows of the window that lie in the image.</summary>
    public LaneRow* Rows;

    /// <summary>How many.</summary>
    public int RowCount;

    /// <summary>The layout of their pixels.</summary>
    public LaneRows<TWide> Layout;

    /// <summary>The distance between the pixels of neighbouring outputs, and of a run's neighbouring taps.</summary>
    public nint Step;

    /// <summary>The distance between the weights of neighbouring vectors.</summary>
    public nint WeightStep;

    /// <summary>The offsets of runs of taps, in three parts; this is the first run of three taps.</summary>
    public nint* Runs;

    /// <summary>The first run of two taps.</summary>
    public nint* Twos;

    /// <summary>The first run of one tap.</summary>
    public nint* Ones;

    /// <summary>Where the offsets end.</summary>
    public nint* End;

    /// <summary>The initial values of the sums; null for 0.</summary>
    public float* Bias;

    /// <summary>Whether to apply ReLU.</summary>
    public bool Relu;

    /// <summary>The distance between outputs.</summary>
    public nint OutputStep;

    /// <summary>Whether the next row's outputs will go behind these.</summary>
    public bool InOrder;

    /// <summary>Computes some outputs, all vectors of which lie side by side in memory.</summary>
    /// <param name="first">Where the first one's pixels begin within a row.</param>
    /// <param name="outputs">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Sum<T, TCount>(nint first, T* outputs)
        where T : unmanaged
        where TCount : unmanaged
    {
        var (layout, step, weightStep) = (Layout, Step, WeightStep);
        var (planes, planeStep) = (layout.Planes, layout.PlaneLength);
        var end = Rows + RowCount;
        nint* runs = Runs,
            twos = Twos,
            ones = Ones,
            last = End;
        for (var v = 0; v < layout.Vectors; v++)
        {
            var number = layout.First(v);
            var pixel = first + layout.VectorAt(v);
            var a = Bias == null ? TWide.Zero : TWide.Load(Bias + number);
            TWide b = a,
                c = a,
                d = a,
                e = a,
                f = a,
                g = a,
                h = a;
            for (var row = Rows; row < end; row++)
            {
                var plane = row->Pixels + pixel;
                var weights = row->Weights + v * weightStep;
                for (var p = 0; p < planes; p++, plane += planeStep)
                {
                    var offset = runs;
                    for (; offset < twos; offset++, weights += 3 * TWide.Lanes)
                    {
                        var at = plane + *offset;
                        var w0 = TWide.Load(weights);
                        var w1 = TWide.Load(weights + TWide.Lanes);
                        var w2 = TWide.Load(weights + 2 * TWide.Lanes);
                        var value = TWide.Load(at);
                        a = TWide.MultiplyAdd(w0, value, a);
                        value = TWide.Load(at += step);
                        a = TWide.MultiplyAdd(w1, value, a);
                        if (sizeof(TCount) > 1)
                            b = TWide.MultiplyAdd(w0, value, b);
                        value = TWide.Load(at += step);
                        a = TWide.MultiplyAdd(w2, value, a);
                        if (sizeof(TCount) > 1)
                            b = TWide.MultiplyAdd(w1, value, b);
                        if (sizeof(TCount) > 2)
                            c = TWide.MultiplyAdd(w0, value, c);
                        if (sizeof(TCount) > 1)
                        {
                            value = TWide.Load(at += step);
                            b = TWide.MultiplyAdd(w2, value, b);
                        }
                        if (sizeof(TCount) > 2)
                            c = TWide.MultiplyAdd(w1, value, c);
                        if (sizeof(TCount) > 3)
                            d = TWide.MultiplyAdd(w0, value, d);
                        if (sizeof(TCount) > 2)
                        {
                            value = TWide.Load(at += step);
                            c = TWide.MultiplyAdd(w2, value, c);
                        }
                        if (sizeof(TCount) > 3)
                            d = TWide.MultiplyAdd(w1, value, d);
                        if (sizeof(TCount) > 4)
                            e = TWide.MultiplyAdd(w0, value, e);
                        if (sizeof(TCount) > 3)
                        {
                            value = TWide.Load(at += step);
                            d = TWide.MultiplyAdd(w2, value, d);
                        }
                        if (sizeof(TCount) > 4)
                            e = TWide.MultiplyAdd(w1, value, e);
                        if (sizeof(TCount) > 5)
                            f = TWide.MultiplyAdd(w0, value, f);
                        if (sizeof(TCount) > 4)
                        {
                            value = TWide.Load(at += step);
                            e = TWide.MultiplyAdd(w2, value, e);
                        }
                        if (sizeof(TCount) > 5)
                            f = TWide.MultiplyAdd(w1, value, f);
                        if (sizeof(TCount) > 6)
                            g = TWide.MultiplyAdd(w0, value, g);
                        if (sizeof(TCount) > 5)
                        {
                            value = TWide.Load(at += step);
                            f = TWide.MultiplyAdd(w2, value, f);
                        }
                        if (sizeof(TCount) > 6)
                            g = TWide.MultiplyAdd(w1, value, g);
                        if (sizeof(TCount) > 7)
                            h = TWide.MultiplyAdd(w0, value, h);
                        if (sizeof(TCount) > 6)
                        {
                            value = TWide.Load(at += step);
                            g = TWide.MultiplyAdd(w2, value, g);
                        }
                        if (sizeof(TCount) > 7)
                            h = TWide.MultiplyAdd(w1, value, h);
                        if (sizeof(TCount) > 7)
                        {
                            value = TWide.Load(at += step);
                            h = TWide.MultiplyAdd(w2, value, h);
                        }
                    }
                    for (; offset < ones; offset++, weights += 2 * TWide.Lanes)
                    {
                        var at = plane + *offset;
                        var w0 = TWide.Load(weights);
                        var w1 = TWide.Load(weights + TWide.Lanes);
                        var value = TWide.Load(at);
                        a = TWide.MultiplyAdd(w0, value, a);
                        value = TWide.Load(at += step);
                        a = TWide.MultiplyAdd(w1, value, a);
                        if (sizeof(TCount) > 1)
                            b = TWide.MultiplyAdd(w0, value, b);
                        if (sizeof(TCount) > 1)
                        {
                            value = TWide.Load(at += step);
                            b = TWide.MultiplyAdd(w1, value, b);
                        }
                        if (sizeof(TCount) > 2)
                            c = TWide.MultiplyAdd(w0, value, c);
                        if (sizeof(TCount) > 2)
                        {
                            value = TWide.Load(at += step);
                            c = TWide.MultiplyAdd(w1, value, c);
                        }
                        if (sizeof(TCount) > 3)
                            d = TWide.MultiplyAdd(w0, value, d);
                        if (sizeof(TCount) > 3)
                        {
                            value = TWide.Load(at += step);
                            d = TWide.MultiplyAdd(w1, value, d);
                        }
                        if (sizeof(TCount) > 4)
                            e = TWide.MultiplyAdd(w0, value, e);
                        if (sizeof(TCount) > 4)
                        {
                            value = TWide.Load(at += step);
                            e = TWide.MultiplyAdd(w1, value, e);
                        }
                        if (sizeof(TCount) > 5)
                            f = TWide.MultiplyAdd(w0, value, f);
                        if (sizeof(TCount) > 5)
                        {
                            value = TWide.Load(at += step);
                            f = TWide.MultiplyAdd(w1, value, f);
                        }
                        if (sizeof(TCount) > 6)
                            g = TWide.MultiplyAdd(w0, value, g);
                        if (sizeof(TCount) > 6)
                        {
                            value = TWide.Load(at += step);
                            g = TWide.MultiplyAdd(w1, value, g);
                        }
                        if (sizeof(TCount) > 7)
                            h = TWide.MultiplyAdd(w0, value, h);
                        if (sizeof(TCount) > 7)
                        {
                            value = TWide.Load(at += step);
                            h = TWide.MultiplyAdd(w1, value, h);
                        }
                    }
                    for (; offset < last; offset++, weights += TWide.Lanes)
                    {
                        var at = plane + *offset;
                        var w = TWide.Load(weights);
                        a = TWide.MultiplyAdd(w, TWide.Load(at), a);
                        if (sizeof(TCount) > 1)
                            b = TWide.MultiplyAdd(w, TWide.Load(at += step), b);
                        if (sizeof(TCount) > 2)
                            c = TWide.MultiplyAdd(w, TWide.Load(at += step), c);
                        if (sizeof(TCount) > 3)
                            d = TWide.MultiplyAdd(w, TWide.Load(at += step), d);
                        if (sizeof(TCount) > 4)
                            e = TWide.MultiplyAdd(w, TWide.Load(at += step), e);
                        if (sizeof(TCount) > 5)
                            f = TWide.MultiplyAdd(w, TWide.Load(at += step), f);
                        if (sizeof(TCount) > 6)
                            g = TWide.MultiplyAdd(w, TWide.Load(at += step), g);
                        if (sizeof(TCount) > 7)
                            h = TWide.MultiplyAdd(w, TWide.Load(at += step), h);
                    }
                }
            }
            var target = outputs + number;
            Store(a, Relu, target, InOrder);
            if (sizeof(TCount) > 1)
                Store(b, Relu, target += OutputStep, InOrder);
            if (sizeof(TCount) > 2)
                Store(c, Relu, target += OutputStep, InOrder);
            if (sizeof(TCount) > 3)
                Store(d, Relu, target += OutputStep, InOrder);
            if (sizeof(TCount) > 4)
                Store(e, Relu, target += OutputStep, InOrder);
            if (sizeof(TCount) > 5)
                Store(f, Relu, target += OutputStep, InOrder);
            if (sizeof(TCount) > 6)
                Store(g, Relu, target += OutputStep, InOrder);
            if (sizeof(TCount) > 7)
                Store(h, Relu, target += OutputStep, InOrder);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(TWide value, bool relu, T* output, bool inOrder)
        where T : unmanaged
    {
        if (relu)
            value = WideRelu.Of(value);
        Element.Store(value, output);
        if (inOrder)
            StreamAhead.Write(output);
    }
}
