using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A matrix of fp32 numbers in memory that its owner keeps alive.</summary>
/// <param name="Start">Its first number.</param>
/// <param name="RowStep">The distance between neighbouring rows.</param>
/// <param name="ColumnStep">The distance between neighbouring columns.</param>
internal readonly unsafe record struct Matrix(nint Start, nint RowStep, nint ColumnStep = 1)
{
    public Matrix(float* start, nint rowStep, nint columnStep = 1)
        : this((nint)start, rowStep, columnStep) { }
}

/// <summary>The product of two matrices of fp32 numbers. The second one's rows, and the result's, are whole vectors.</summary>
/// <remarks>
/// Fast because six rows times up to four vectors of columns are summed in registers and stored once: each vector of the second matrix is
/// used six times and each number of the first four times, so that the multipliers, and not the loads, are what limits it. Sums are in the order
/// of the columns of the first matrix. The plain version is PlainProduct in the tests.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows of the second matrix at a time: of four vectors each, they stay in the first-level cache while all rows use them.</summary>
    private const int MostDepth = 128;

    /// <summary>The number of rows must be a multiple.</summary>
    public const int RowMultiple = 2;

    /// <summary>result = left x right, or result += left x right.</summary>
    /// <param name="left">rows x depth.</param>
    /// <param name="right">depth x columns.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="rows">Even.</param>
    /// <param name="depth">How many products there are in a sum.</param>
    /// <param name="columns">A multiple of the vector's length.</param>
    /// <param name="add">Whether to add to what is there.</param>
    public static void Compute<TWide>(
        Matrix left,
        Matrix right,
        Matrix result,
        int rows,
        int depth,
        int columns,
        bool add
    )
        where TWide : struct, IWide<TWide>
    {
        var parts = (depth + MostDepth - 1) / MostDepth;
        for (var column = 0; column < columns; )
        {
            var vectors = VectorsOf((columns - column) / TWide.Lanes, TWide.Columns);
            var c = (float*)result.Start + column;
            for (var part = 0; part < parts; part++)
            {
                var (first, end) = ((nint)part * depth / parts, (part + (nint)1) * depth / parts);
                var b = (float*)right.Start + first * right.RowStep + column;
                var a = left with { Start = left.Start + first * left.ColumnStep * sizeof(float) };
                var count = (int)(end - first);
                var adds = add || part > 0;
                switch (vectors)
                {
                    case 4:
                        Panel<WideRow4<TWide>>(a, b, right.RowStep, c, result.RowStep, rows, count, adds);
                        break;
                    case 3:
                        Panel<WideRow3<TWide>>(a, b, right.RowStep, c, result.RowStep, rows, count, adds);
                        break;
                    case 2:
                        Panel<WideRow2<TWide>>(a, b, right.RowStep, c, result.RowStep, rows, count, adds);
                        break;
                    default:
                        Panel<WideRow1<TWide>>(a, b, right.RowStep, c, result.RowStep, rows, count, adds);
                        break;
                }
            }
            column += vectors * TWide.Lanes;
        }
    }

    /// <summary>As many as fit, but five are three and two: a single one leaves half of the multipliers waiting for sums.</summary>
    private static int VectorsOf(int left, int most) => left == most + 1 && most > 2 ? most - 1 : Math.Min(left, most);

    private static void Panel<TRow>(
        Matrix left,
        float* b,
        nint bStep,
        float* c,
        nint cStep,
        int rows,
        int depth,
        bool add
    )
        where TRow : struct, IWideRow<TRow>
    {
        var a = (float*)left.Start;
        var (aStep, aDepth) = (left.RowStep, left.ColumnStep);
        var row = 0;
        for (; row + 6 <= rows; row += 6)
            Six<TRow>(a + row * aStep, aStep, aDepth, b, bStep, c + row * cStep, cStep, depth, add);
        if (row + 4 <= rows)
        {
            Four<TRow>(a + row * aStep, aStep, aDepth, b, bStep, c + row * cStep, cStep, depth, add);
            row += 4;
        }
        if (row + 2 <= rows)
            Two<TRow>(a + row * aStep, aStep, aDepth, b, bStep, c + row * cStep, cStep, depth, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<TRow>(
        float* a,
        nint aStep,
        nint aDepth,
        float* b,
        nint bStep,
        float* c,
        nint cStep,
        int depth,
        bool add
    )
        where TRow : struct, IWideRow<TRow>
    {
        var c0 = add ? TRow.Load(c) : TRow.Zero;
        var c1 = add ? TRow.Load(c + cStep) : TRow.Zero;
        var c2 = add ? TRow.Load(c + 2 * cStep) : TRow.Zero;
        var c3 = add ? TRow.Load(c + 3 * cStep) : TRow.Zero;
        var c4 = add ? TRow.Load(c + 4 * cStep) : TRow.Zero;
        var c5 = add ? TRow.Load(c + 5 * cStep) : TRow.Zero;
        for (var k = 0; k < depth; k++, a += aDepth, b += bStep)
        {
            var row = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a, row, c0);
            c1 = TRow.MultiplyAdd(a + aStep, row, c1);
            c2 = TRow.MultiplyAdd(a + 2 * aStep, row, c2);
            c3 = TRow.MultiplyAdd(a + 3 * aStep, row, c3);
            c4 = TRow.MultiplyAdd(a + 4 * aStep, row, c4);
            c5 = TRow.MultiplyAdd(a + 5 * aStep, row, c5);
        }
        c0.Store(c);
        c1.Store(c + cStep);
        c2.Store(c + 2 * cStep);
        c3.Store(c + 3 * cStep);
        c4.Store(c + 4 * cStep);
        c5.Store(c + 5 * cStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TRow>(
        float* a,
        nint aStep,
        nint aDepth,
        float* b,
        nint bStep,
        float* c,
        nint cStep,
        int depth,
        bool add
    )
        where TRow : struct, IWideRow<TRow>
    {
        var c0 = add ? TRow.Load(c) : TRow.Zero;
        var c1 = add ? TRow.Load(c + cStep) : TRow.Zero;
        var c2 = add ? TRow.Load(c + 2 * cStep) : TRow.Zero;
        var c3 = add ? TRow.Load(c + 3 * cStep) : TRow.Zero;
        for (var k = 0; k < depth; k++, a += aDepth, b += bStep)
        {
            var row = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a, row, c0);
            c1 = TRow.MultiplyAdd(a + aStep, row, c1);
            c2 = TRow.MultiplyAdd(a + 2 * aStep, row, c2);
            c3 = TRow.MultiplyAdd(a + 3 * aStep, row, c3);
        }
        c0.Store(c);
        c1.Store(c + cStep);
        c2.Store(c + 2 * cStep);
        c3.Store(c + 3 * cStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TRow>(
        float* a,
        nint aStep,
        nint aDepth,
        float* b,
        nint bStep,
        float* c,
        nint cStep,
        int depth,
        bool add
    )
        where TRow : struct, IWideRow<TRow>
    {
        var c0 = add ? TRow.Load(c) : TRow.Zero;
        var c1 = add ? TRow.Load(c + cStep) : TRow.Zero;
        for (var k = 0; k < depth; k++, a += aDepth, b += bStep)
        {
            var row = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a, row, c0);
            c1 = TRow.MultiplyAdd(a + aStep, row, c1);
        }
        c0.Store(c);
        c1.Store(c + cStep);
    }
}
