using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Products of transposed windows, which are read where they are, by gradients of outputs in panels of columns: the gradients of weights.</summary>
/// <remarks>
/// Fast as <see cref="WindowProducts{TWide}"/>: six taps times up to four vectors of columns, or eight times one, are summed in registers over all windows.
/// </remarks>
internal static unsafe class WindowGradients<TWide>
    where TWide : struct, IWide<TWide>
{
    /// <summary>results += transposed windows x gradients.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="gradients">A panel of gradients: windows x width.</param>
    /// <param name="width">The columns of the panel.</param>
    /// <param name="results">A panel of sums: depth x width.</param>
    public static void Add(WindowList windows, float* gradients, int width, float* results)
    {
        var together = WindowProducts<TWide>.Together(width);
        var taps = stackalloc int[WindowProducts<TWide>.MostTogether];
        var rows = stackalloc float*[WindowProducts<TWide>.MostTogether];
        for (var first = 0; first < windows.Depth; first += together)
        {
            for (var i = 0; i < together; i++)
            {
                var tap = Math.Min(first + i, windows.Depth - 1);
                taps[i] = windows.Taps[tap];
                rows[i] = results + (nint)tap * width;
            }
            switch (width / TWide.Lanes)
            {
                case 4:
                    SixTransposed<WideRow4<TWide>>(windows, taps, gradients, width, rows);
                    break;
                case 3:
                    SixTransposed<WideRow3<TWide>>(windows, taps, gradients, width, rows);
                    break;
                case 2:
                    SixTransposed<WideRow2<TWide>>(windows, taps, gradients, width, rows);
                    break;
                default:
                    EightTransposed<WideRow1<TWide>>(windows, taps, gradients, width, rows);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixTransposed<TRow>(
        in WindowList windows,
        int* taps,
        float* gradients,
        int width,
        float** results
    )
        where TRow : struct, IWideRow<TRow>
    {
        nint t0 = taps[0],
            t1 = taps[1],
            t2 = taps[2],
            t3 = taps[3],
            t4 = taps[4],
            t5 = taps[5];
        var c0 = TRow.Load(results[0]);
        var c1 = TRow.Load(results[1]);
        var c2 = TRow.Load(results[2]);
        var c3 = TRow.Load(results[3]);
        var c4 = TRow.Load(results[4]);
        var c5 = TRow.Load(results[5]);
        var end = windows.Pixels + windows.Count;
        for (var pixel = windows.Pixels; pixel < end; pixel++, gradients += width)
        {
            var a = windows.Start + *pixel;
            var row = TRow.Load(gradients);
            c0 = TRow.MultiplyAdd(a + t0, row, c0);
            c1 = TRow.MultiplyAdd(a + t1, row, c1);
            c2 = TRow.MultiplyAdd(a + t2, row, c2);
            c3 = TRow.MultiplyAdd(a + t3, row, c3);
            c4 = TRow.MultiplyAdd(a + t4, row, c4);
            c5 = TRow.MultiplyAdd(a + t5, row, c5);
        }
        c0.Store(results[0]);
        c1.Store(results[1]);
        c2.Store(results[2]);
        c3.Store(results[3]);
        c4.Store(results[4]);
        c5.Store(results[5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightTransposed<TRow>(
        in WindowList windows,
        int* taps,
        float* gradients,
        int width,
        float** results
    )
        where TRow : struct, IWideRow<TRow>
    {
        nint t0 = taps[0],
            t1 = taps[1],
            t2 = taps[2],
            t3 = taps[3],
            t4 = taps[4],
            t5 = taps[5],
            t6 = taps[6],
            t7 = taps[7];
        var c0 = TRow.Load(results[0]);
        var c1 = TRow.Load(results[1]);
        var c2 = TRow.Load(results[2]);
        var c3 = TRow.Load(results[3]);
        var c4 = TRow.Load(results[4]);
        var c5 = TRow.Load(results[5]);
        var c6 = TRow.Load(results[6]);
        var c7 = TRow.Load(results[7]);
        var end = windows.Pixels + windows.Count;
        for (var pixel = windows.Pixels; pixel < end; pixel++, gradients += width)
        {
            var a = windows.Start + *pixel;
            var row = TRow.Load(gradients);
            c0 = TRow.MultiplyAdd(a + t0, row, c0);
            c1 = TRow.MultiplyAdd(a + t1, row, c1);
            c2 = TRow.MultiplyAdd(a + t2, row, c2);
            c3 = TRow.MultiplyAdd(a + t3, row, c3);
            c4 = TRow.MultiplyAdd(a + t4, row, c4);
            c5 = TRow.MultiplyAdd(a + t5, row, c5);
            c6 = TRow.MultiplyAdd(a + t6, row, c6);
            c7 = TRow.MultiplyAdd(a + t7, row, c7);
        }
        c0.Store(results[0]);
        c1.Store(results[1]);
        c2.Store(results[2]);
        c3.Store(results[3]);
        c4.Store(results[4]);
        c5.Store(results[5]);
        c6.Store(results[6]);
        c7.Store(results[7]);
    }
}
