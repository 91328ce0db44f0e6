using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Brings images, outputs and gradients from their own precision and layout into those of the loops, and back.</summary>
/// <remarks>
/// Fast because neighbouring numbers are one vector. A last vector that isn't full overlaps the one before, or is overwritten by the next pixel, so that
/// few numbers are copied one by one.
/// </remarks>
internal static unsafe class OutputLoops<TWide>
    where TWide : struct, IWide<TWide>
{
    /// <summary>Pixels whose gradients are read together, so that they lie close by in memory.</summary>
    private const int PixelsTogether = 16;

    /// <summary>Copies numbers that lie side by side, without gradients that ReLU cut off.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="outputs">If they are gradients behind a ReLU, its outputs; otherwise null.</param>
    /// <param name="target">Receives as many numbers, and no more.</param>
    /// <param name="length">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<T>(T* source, T* outputs, float* target, int length)
        where T : unmanaged
    {
        if (length < TWide.Lanes)
        {
            var values = Element.LoadFirst<TWide, T>(source, length);
            if (outputs != null)
                values = WideRelu.Backward(values, Element.LoadFirst<TWide, T>(outputs, length));
            Element.StoreFirst(values, target, length);
            return;
        }
        for (var i = 0; i < length; i += TWide.Lanes)
        {
            var at = Math.Min(i, length - TWide.Lanes);
            var values = Element.Load<TWide, T>(source + at);
            if (outputs != null)
                values = WideRelu.Backward(values, Element.Load<TWide, T>(outputs + at));
            values.Store(target + at);
        }
    }

    /// <summary>Writes rows of sums in the precision of their target.</summary>
    /// <param name="rows">A row per pixel.</param>
    /// <param name="rowLength">The distance between rows.</param>
    /// <param name="target">Receives the pixels.</param>
    /// <param name="places">The offset of each one.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="numbers">Numbers of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(float* rows, nint rowLength, T* target, int* places, int pixels, int numbers)
        where T : unmanaged
    {
        if (pixels == 0)
            return;
        if (numbers < TWide.Lanes)
        {
            if (places[pixels - 1] - places[0] == (pixels - 1) * numbers)
                Narrow(rows, rowLength, target + places[0], pixels, numbers);
            else
            {
                for (var t = 0; t < pixels; t++, rows += rowLength)
                    Element.StoreFirst(TWide.Load(rows), target + places[t], numbers);
            }
            return;
        }
        var last = numbers - TWide.Lanes;
        for (var t = 0; t < pixels; t++, rows += rowLength)
        {
            var place = target + places[t];
            var i = 0;
            for (; i < last; i += TWide.Lanes)
                Element.Store(TWide.Load(rows + i), place + i);
            Element.Store(TWide.Load(rows + last), place + last);
        }
    }

    /// <summary>Writes pixels of fewer numbers than a vector has.</summary>
    /// <param name="rows">A vector per pixel.</param>
    /// <param name="rowLength">The distance between rows.</param>
    /// <param name="target">Receives the pixels, side by side.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="numbers">Numbers of a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<T>(float* rows, nint rowLength, T* target, int pixels, int numbers)
        where T : unmanaged
    {
        // The next pixels overwrite what is stored beyond a pixel's numbers.
        var end = target + (nint)pixels * numbers;
        for (; target + TWide.Lanes <= end; rows += rowLength, target += numbers)
            Element.Store(TWide.Load(rows), target);
        for (; target < end; rows += rowLength, target += numbers)
            Element.StoreFirst(TWide.Load(rows), target, numbers);
    }

    /// <summary>Reads gradients of outputs as a panel of columns, without those that ReLU cut off, and adds them up.</summary>
    /// <param name="gradients">The first pixel's first number.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise null.</param>
    /// <param name="end">Where the memory of the gradients ends.</param>
    /// <param name="pixelStep">The distance between pixels.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="numbers">The numbers that must be read. The panel's others are of any value.</param>
    /// <param name="panel">Receives a row per pixel.</param>
    /// <param name="width">The columns of the panel.</param>
    /// <param name="sums">The sum of each column so far, added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadPanel<T>(
        T* gradients,
        T* outputs,
        T* end,
        nint pixelStep,
        int pixels,
        int numbers,
        float* panel,
        int width,
        float* sums
    )
        where T : unmanaged
    {
        var toOutputs = outputs - gradients;
        for (var first = 0; first < pixels; first += PixelsTogether)
        {
            var last = Math.Min(first + PixelsTogether, pixels);
            for (var k = 0; k < numbers; k += TWide.Lanes)
            {
                var sum = TWide.Load(sums + k);
                for (var t = first; t < last; t++)
                {
                    var at = gradients + t * pixelStep + k;
                    var gradient = Element.LoadBefore<TWide, T>(at, end, numbers - k);
                    if (outputs != null)
                        gradient = WideRelu.Backward(
                            gradient,
                            Element.LoadBefore<TWide, T>(at + toOutputs, end + toOutputs, numbers - k)
                        );
                    sum += gradient;
                    gradient.Store(panel + (nint)t * width + k);
                }
                sum.Store(sums + k);
            }
        }
    }
}
