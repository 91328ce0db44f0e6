using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// F(7 x 7, 3 x 3): a tile of 7 x 7 outputs from 9 x 9 inputs takes 81 products instead of 441; the four tiles of 4 x 4 that cover it take 144.
/// </summary>
/// <remarks>
/// A transform goes down all columns and then across all rows, by way of the first-level cache, which takes no longer than the additions. What a row or column
/// becomes is in <see cref="NinePoints"/>.
/// </remarks>
internal readonly unsafe struct WinogradTile7 : IWinogradTile
{
    private const int CacheLine = 64;

    public static int Size => 7;

    public static int Window => 3;

    public static int Points => NinePoints.Count;

    [SkipLocalsInit]
    public static void Inputs<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var memory = stackalloc byte[Points * Points * TWide.Lanes * sizeof(float) + CacheLine];
        var half = Aligned(memory);
        var (lanes, row) = (TWide.Lanes, Points * TWide.Lanes);
        Lines<TWide, NinePoints.Inputs>(Points, from, pixelStep, rowStep, half, lanes, row);
        Lines<TWide, NinePoints.Inputs>(Points, half, row, lanes, to, Points * plane, plane);
    }

    [SkipLocalsInit]
    public static void InputsAdjoint<TWide>(float* from, nint plane, float* to, nint rowStep, nint pixelStep)
        where TWide : struct, IWide<TWide>
    {
        var memory = stackalloc byte[Points * Points * TWide.Lanes * sizeof(float) + CacheLine];
        var half = Aligned(memory);
        var (lanes, row) = (TWide.Lanes, Points * TWide.Lanes);
        Lines<TWide, NinePoints.InputsAdjoint>(Points, from, plane, Points * plane, half, lanes, row);
        Lines<TWide, NinePoints.AddedInputsAdjoint>(Points, half, row, lanes, to, rowStep, pixelStep);
    }

    [SkipLocalsInit]
    public static void Outputs<TWide>(float* from, nint plane, float* to)
        where TWide : struct, IWide<TWide>
    {
        var memory = stackalloc byte[Size * Points * TWide.Lanes * sizeof(float) + CacheLine];
        var half = Aligned(memory);
        var (lanes, row) = (TWide.Lanes, Points * TWide.Lanes);
        Lines<TWide, NinePoints.Outputs>(Points, from, plane, Points * plane, half, lanes, row);
        Lines<TWide, NinePoints.Outputs>(Size, half, row, lanes, to, Size * lanes, lanes);
    }

    [SkipLocalsInit]
    public static void OutputsAdjoint<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>
    {
        var memory = stackalloc byte[Points * Size * TWide.Lanes * sizeof(float) + CacheLine];
        var half = Aligned(memory);
        var (lanes, row) = (TWide.Lanes, Size * TWide.Lanes);
        Lines<TWide, NinePoints.OutputsAdjoint>(Size, from, pixelStep, rowStep, half, lanes, row);
        Lines<TWide, NinePoints.OutputsAdjoint>(Points, half, row, lanes, to, Points * plane, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide> => NinePoints.Kernel<TWide>(from, step, to, toStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide> => NinePoints.KernelAdjoint<TWide>(from, step, to, toStep);

    /// <summary>Transforms some lines: all rows of something, or all columns.</summary>
    /// <param name="count">How many.</param>
    /// <param name="from">The first number of the first line.</param>
    /// <param name="fromNext">The distance between lines.</param>
    /// <param name="fromStep">The distance between the numbers of a line.</param>
    /// <param name="to">Where the first line goes.</param>
    /// <param name="toNext">The distance between lines there.</param>
    /// <param name="toStep">The distance between the numbers of a line there.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Lines<TWide, TLine>(
        int count,
        float* from,
        nint fromNext,
        nint fromStep,
        float* to,
        nint toNext,
        nint toStep
    )
        where TWide : struct, IWide<TWide>
        where TLine : struct, ITileLine
    {
        for (var line = 0; line < count; line++, from += fromNext, to += toNext)
            TLine.Transform<TWide>(from, fromStep, to, toStep);
    }

    private static float* Aligned(byte* memory) => (float*)(((nint)memory + CacheLine - 1) & -CacheLine);
}
