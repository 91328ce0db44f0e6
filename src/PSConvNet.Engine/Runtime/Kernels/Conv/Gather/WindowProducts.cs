using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Products of windows, which are read where they are, by weights or gradients in panels of columns.</summary>
/// <remarks>
/// Fast because six windows times up to four vectors of columns, or eight times one, are summed in registers and stored once. The offsets from a pixel to
/// the numbers of its window are the same for all pixels, so windows needn't be gathered: M. Dukhan, "The Indirect Convolution Algorithm", 2019. Sums
/// have the order of the taps. Where windows are left over, the last one takes the missing ones' places, too: its results are stored more than once.
/// </remarks>
internal static unsafe class WindowProducts<TWide>
    where TWide : struct, IWide<TWide>
{
    /// <summary>The most windows or taps that are summed together.</summary>
    public const int MostTogether = 8;

    /// <summary>results = windows x weights.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="weights">A panel of weights: depth x width.</param>
    /// <param name="width">The columns of the panel.</param>
    /// <param name="start">What the sums of each column begin with; null for 0.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="results">Receives each window's row of sums at its target.</param>
    /// <param name="ahead">Memory that is brought nearer meanwhile.</param>
    public static void Compute(
        WindowList windows,
        float* weights,
        int width,
        float* start,
        bool relu,
        float* results,
        MemoryAhead ahead
    )
    {
        var together = Together(width);
        var lastPixels = stackalloc int[MostTogether];
        var lastTargets = stackalloc int[MostTogether];
        var groups = (windows.Count + together - 1) / together;
        for (var row = 0; row < windows.Count; row += together)
        {
            var pixels = windows.Pixels + row;
            var targets = windows.Targets + row;
            if (row + together > windows.Count)
            {
                for (var i = 0; i < together; i++)
                {
                    var from = Math.Min(i, windows.Count - row - 1);
                    (lastPixels[i], lastTargets[i]) = (pixels[from], targets[from]);
                }
                pixels = lastPixels;
                targets = lastTargets;
            }
            if (ahead != default)
                ahead.Fetch(row / together, groups);
            switch (width / TWide.Lanes)
            {
                case 4:
                    Six<WideRow4<TWide>>(windows, pixels, targets, weights, width, start, relu, results);
                    break;
                case 3:
                    Six<WideRow3<TWide>>(windows, pixels, targets, weights, width, start, relu, results);
                    break;
                case 2:
                    Six<WideRow2<TWide>>(windows, pixels, targets, weights, width, start, relu, results);
                    break;
                default:
                    Eight<WideRow1<TWide>>(windows, pixels, targets, weights, width, start, relu, results);
                    break;
            }
        }
    }

    /// <summary>The windows or taps that are summed together.</summary>
    public static int Together(int width) => width == TWide.Lanes ? MostTogether : 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<TRow>(
        in WindowList windows,
        int* pixels,
        int* targets,
        float* weights,
        int width,
        float* start,
        bool relu,
        float* results
    )
        where TRow : struct, IWideRow<TRow>
    {
        var a0 = windows.Start + pixels[0];
        var a1 = windows.Start + pixels[1];
        var a2 = windows.Start + pixels[2];
        var a3 = windows.Start + pixels[3];
        var a4 = windows.Start + pixels[4];
        var a5 = windows.Start + pixels[5];
        var c0 = start == null ? TRow.Zero : TRow.Load(start);
        var c1 = c0;
        var c2 = c0;
        var c3 = c0;
        var c4 = c0;
        var c5 = c0;
        var end = windows.Taps + windows.Depth;
        for (var tap = windows.Taps; tap < end; tap++, weights += width)
        {
            nint at = *tap;
            var row = TRow.Load(weights);
            c0 = TRow.MultiplyAdd(a0 + at, row, c0);
            c1 = TRow.MultiplyAdd(a1 + at, row, c1);
            c2 = TRow.MultiplyAdd(a2 + at, row, c2);
            c3 = TRow.MultiplyAdd(a3 + at, row, c3);
            c4 = TRow.MultiplyAdd(a4 + at, row, c4);
            c5 = TRow.MultiplyAdd(a5 + at, row, c5);
        }
        if (relu)
        {
            c0 = c0.Relu();
            c1 = c1.Relu();
            c2 = c2.Relu();
            c3 = c3.Relu();
            c4 = c4.Relu();
            c5 = c5.Relu();
        }
        c0.Store(results + targets[0]);
        c1.Store(results + targets[1]);
        c2.Store(results + targets[2]);
        c3.Store(results + targets[3]);
        c4.Store(results + targets[4]);
        c5.Store(results + targets[5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TRow>(
        in WindowList windows,
        int* pixels,
        int* targets,
        float* weights,
        int width,
        float* start,
        bool relu,
        float* results
    )
        where TRow : struct, IWideRow<TRow>
    {
        var a0 = windows.Start + pixels[0];
        var a1 = windows.Start + pixels[1];
        var a2 = windows.Start + pixels[2];
        var a3 = windows.Start + pixels[3];
        var a4 = windows.Start + pixels[4];
        var a5 = windows.Start + pixels[5];
        var a6 = windows.Start + pixels[6];
        var a7 = windows.Start + pixels[7];
        var c0 = start == null ? TRow.Zero : TRow.Load(start);
        var c1 = c0;
        var c2 = c0;
        var c3 = c0;
        var c4 = c0;
        var c5 = c0;
        var c6 = c0;
        var c7 = c0;
        var end = windows.Taps + windows.Depth;
        for (var tap = windows.Taps; tap < end; tap++, weights += width)
        {
            nint at = *tap;
            var row = TRow.Load(weights);
            c0 = TRow.MultiplyAdd(a0 + at, row, c0);
            c1 = TRow.MultiplyAdd(a1 + at, row, c1);
            c2 = TRow.MultiplyAdd(a2 + at, row, c2);
            c3 = TRow.MultiplyAdd(a3 + at, row, c3);
            c4 = TRow.MultiplyAdd(a4 + at, row, c4);
            c5 = TRow.MultiplyAdd(a5 + at, row, c5);
            c6 = TRow.MultiplyAdd(a6 + at, row, c6);
            c7 = TRow.MultiplyAdd(a7 + at, row, c7);
        }
        if (relu)
        {
            c0 = c0.Relu();
            c1 = c1.Relu();
            c2 = c2.Relu();
            c3 = c3.Relu();
            c4 = c4.Relu();
            c5 = c5.Relu();
            c6 = c6.Relu();
            c7 = c7.Relu();
        }
        c0.Store(results + targets[0]);
        c1.Store(results + targets[1]);
        c2.Store(results + targets[2]);
        c3.Store(results + targets[3]);
        c4.Store(results + targets[4]);
        c5.Store(results + targets[5]);
        c6.Store(results + targets[6]);
        c7.Store(results + targets[7]);
    }
}
