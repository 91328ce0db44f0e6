using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The gradients of the weights of a <see cref="LaneConv{TWide}"/>, summed over one row of outputs.</summary>
/// <remarks>
/// Fast because up to three taps pass over the pixels together, and each pixel is loaded once. Sums are kept in registers over the row.
/// </remarks>
/// <param name="pixels">The rows of images.</param>
/// <param name="gradients">The rows of gradients.</param>
/// <param name="step">The pixels between those of neighbouring outputs, and of a run's neighbouring taps.</param>
internal readonly unsafe struct LaneGradients<TWide>(LaneRows<TWide> pixels, LaneRows<TWide> gradients, int step)
    where TWide : struct, IWide<TWide>
{
    private readonly int _planes = pixels.Planes;
    private readonly nint _planeLength = pixels.PlaneLength;
    private readonly nint _pixelStep = pixels.PixelStep;
    private readonly nint _step = step * pixels.PixelStep;
    private readonly nint _gradientStep = gradients.PixelStep;

    /// <summary>Adds a row's part.</summary>
    /// <param name="pixels">The window's row.</param>
    /// <param name="phase">All outputs and taps.</param>
    /// <param name="gradients">The gradients of a row of outputs.</param>
    /// <param name="weights">The gradients of the weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(float* pixels, TapPhase phase, float* gradients, float* weights)
    {
        var count = phase.Outputs;
        for (var plane = 0; plane < _planes; plane++, pixels += _planeLength)
            foreach (var run in phase.Runs)
            {
                var first = pixels + run.Offset * _pixelStep;
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

    /// <summary>Adds a row's part of the bias's gradient.</summary>
    /// <param name="gradients">The gradients of a row of outputs.</param>
    /// <param name="count">How many outputs.</param>
    /// <param name="bias">A vector of sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddBias(float* gradients, int count, float* bias)
    {
        var next = _gradientStep;
        var (a, b) = (TWide.Load(bias), TWide.Zero);
        for (; count >= 2; count -= 2, gradients += 2 * next)
            (a, b) = (a + TWide.Load(gradients), b + TWide.Load(gradients + next));
        if (count > 0)
            a += TWide.Load(gradients);
        (a + b).Store(bias);
    }

    /// <summary>The sums of three taps, each in two registers, so that additions don't wait for one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddThree(float* pixel, float* gradients, int count, float* weights)
    {
        var (step, next) = (_step, _gradientStep);
        var (a0, a1, a2) = (
            TWide.Load(weights),
            TWide.Load(weights + TWide.Lanes),
            TWide.Load(weights + 2 * TWide.Lanes)
        );
        var (b0, b1, b2) = (TWide.Zero, TWide.Zero, TWide.Zero);
        // The first two of three neighbouring pixels are the last two of those before.
        var (first, second) = (TWide.Load(pixel), TWide.Load(pixel + step));
        pixel += 2 * step;
        var x = 0;
        for (; x + 4 <= count; x += 4, pixel += 4 * step, gradients += 4 * next)
        {
            var gradient = TWide.Load(gradients);
            var third = TWide.Load(pixel);
            a0 = TWide.MultiplyAdd(gradient, first, a0);
            a1 = TWide.MultiplyAdd(gradient, second, a1);
            a2 = TWide.MultiplyAdd(gradient, third, a2);
            gradient = TWide.Load(gradients + next);
            var fourth = TWide.Load(pixel + step);
            b0 = TWide.MultiplyAdd(gradient, second, b0);
            b1 = TWide.MultiplyAdd(gradient, third, b1);
            b2 = TWide.MultiplyAdd(gradient, fourth, b2);
            gradient = TWide.Load(gradients + 2 * next);
            first = TWide.Load(pixel + 2 * step);
            a0 = TWide.MultiplyAdd(gradient, third, a0);
            a1 = TWide.MultiplyAdd(gradient, fourth, a1);
            a2 = TWide.MultiplyAdd(gradient, first, a2);
            gradient = TWide.Load(gradients + 3 * next);
            second = TWide.Load(pixel + 3 * step);
            b0 = TWide.MultiplyAdd(gradient, fourth, b0);
            b1 = TWide.MultiplyAdd(gradient, first, b1);
            b2 = TWide.MultiplyAdd(gradient, second, b2);
        }
        for (; x < count; x++, pixel += step, gradients += next)
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
        var (step, next) = (_step, _gradientStep);
        var (a0, a1, b0, b1) = (TWide.Load(weights), TWide.Load(weights + TWide.Lanes), TWide.Zero, TWide.Zero);
        var first = TWide.Load(pixel);
        pixel += step;
        var x = 0;
        for (; x + 2 <= count; x += 2, pixel += 2 * step, gradients += 2 * next)
        {
            var gradient = TWide.Load(gradients);
            var second = TWide.Load(pixel);
            a0 = TWide.MultiplyAdd(gradient, first, a0);
            a1 = TWide.MultiplyAdd(gradient, second, a1);
            gradient = TWide.Load(gradients + next);
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
        var (step, next) = (_step, _gradientStep);
        var (a, b, c, d) = (TWide.Load(weights), TWide.Zero, TWide.Zero, TWide.Zero);
        var x = 0;
        for (; x + 4 <= count; x += 4, pixel += 4 * step, gradients += 4 * next)
        {
            a = TWide.MultiplyAdd(TWide.Load(gradients), TWide.Load(pixel), a);
            b = TWide.MultiplyAdd(TWide.Load(gradients + next), TWide.Load(pixel + step), b);
            c = TWide.MultiplyAdd(TWide.Load(gradients + 2 * next), TWide.Load(pixel + 2 * step), c);
            d = TWide.MultiplyAdd(TWide.Load(gradients + 3 * next), TWide.Load(pixel + 3 * step), d);
        }
        for (; x < count; x++, pixel += step, gradients += next)
            a = TWide.MultiplyAdd(TWide.Load(gradients), TWide.Load(pixel), a);
        (a + b + (c + d)).Store(weights);
    }
}
