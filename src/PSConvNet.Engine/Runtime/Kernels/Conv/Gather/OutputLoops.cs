using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Writes rows of sums as outputs, filters side by side, and reads the gradients of outputs as rows.</summary>
/// <remarks>Fast because neighbouring filters are one vector.</remarks>
internal static unsafe class OutputLoops<TWide>
    where TWide : struct, IWide<TWide>
{
    /// <summary>Adds bias, applies ReLU if asked, and writes the outputs of a group.</summary>
    /// <param name="rows">A row per output pixel.</param>
    /// <param name="rowStep">The distance between rows.</param>
    /// <param name="bias">The group's biases.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">The first pixel's first filter of the group.</param>
    /// <param name="pixelStep">The distance between pixels.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="filters">The filters of the group.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(
        float* rows,
        nint rowStep,
        float* bias,
        bool relu,
        T* outputs,
        nint pixelStep,
        int pixels,
        int filters
    )
        where T : unmanaged
    {
        for (var t = 0; t < pixels; t++, rows += rowStep, outputs += pixelStep)
        for (var k = 0; k < filters; k += TWide.Lanes)
        {
            var count = Math.Min(filters - k, TWide.Lanes);
            var whole = count == TWide.Lanes;
            var shift = whole ? TWide.Load(bias + k) : Element.LoadFirst<TWide, float>(bias + k, count);
            var value = TWide.Load(rows + k) + shift;
            if (relu)
                value = TWide.Select(TWide.IsAtMost(value, TWide.Zero), TWide.Zero, value);
            if (whole)
                Element.Store(value, outputs + k);
            else
                Element.StoreFirst(value, outputs + k, count);
        }
    }

    /// <summary>Reads the gradients of a group's outputs, without those that ReLU cut off. Numbers beyond the last filter are 0.</summary>
    /// <param name="gradients">The first pixel's first filter of the group.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise null.</param>
    /// <param name="pixelStep">The distance between pixels.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="filters">The filters of the group.</param>
    /// <param name="rows">Receives a row per pixel.</param>
    /// <param name="rowStep">The distance between rows.</param>
    /// <param name="bias">The group's sums of gradients so far, added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read<T>(
        T* gradients,
        T* outputs,
        nint pixelStep,
        int pixels,
        int filters,
        float* rows,
        nint rowStep,
        float* bias
    )
        where T : unmanaged
    {
        for (var k = 0; k < filters; k += TWide.Lanes)
        {
            var count = Math.Min(filters - k, TWide.Lanes);
            var whole = count == TWide.Lanes;
            var sum = TWide.Zero;
            for (var t = 0; t < pixels; t++)
            {
                var at = t * pixelStep + k;
                var gradient = whole
                    ? Element.Load<TWide, T>(gradients + at)
                    : Element.LoadFirst<TWide, T>(gradients + at, count);
                if (outputs != null)
                {
                    var output = whole
                        ? Element.Load<TWide, T>(outputs + at)
                        : Element.LoadFirst<TWide, T>(outputs + at, count);
                    gradient = TWide.Select(TWide.IsAtMost(output, TWide.Zero), TWide.Zero, gradient);
                }
                sum += gradient;
                gradient.Store(rows + t * rowStep + k);
            }
            if (whole)
                (TWide.Load(bias + k) + sum).Store(bias + k);
            else
                Element.StoreFirst(Element.LoadFirst<TWide, float>(bias + k, count) + sum, bias + k, count);
        }
    }

    /// <summary>Writes pixels of fewer numbers than a vector has.</summary>
    /// <param name="rows">A vector per pixel.</param>
    /// <param name="target">Receives the pixels, side by side.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="numbers">Numbers of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<T>(float* rows, T* target, int pixels, int numbers)
        where T : unmanaged
    {
        // What is written beyond a pixel is overwritten by the next ones.
        var end = target + (nint)pixels * numbers;
        for (; target + TWide.Lanes <= end; rows += TWide.Lanes, target += numbers)
            Element.Store(TWide.Load(rows), target);
        for (; target < end; rows += TWide.Lanes, target += numbers)
            Element.StoreFirst(TWide.Load(rows), target, numbers);
    }

    /// <summary>Adds vectors that lie side by side to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSum(float* vectors, int count, float* sum)
    {
        var (a, b) = (TWide.Load(sum), TWide.Zero);
        for (; count >= 2; count -= 2, vectors += 2 * TWide.Lanes)
            (a, b) = (a + TWide.Load(vectors), b + TWide.Load(vectors + TWide.Lanes));
        if (count > 0)
            a += TWide.Load(vectors);
        (a + b).Store(sum);
    }
}
