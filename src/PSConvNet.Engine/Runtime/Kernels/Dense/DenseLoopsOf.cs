using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary><see cref="DenseLoops"/> compiled for one width of vectors.</summary>
internal sealed unsafe class DenseLoops<TWide>(int inputs, int outputs) : DenseLoops(inputs, outputs)
    where TWide : struct, IWide<TWide>
{
    /// <summary>Inputs of a part: those of 64 samples take a third of a second-level cache.</summary>
    private const int PartLength = 1152;

    // As wide as the products that MatrixProduct has in registers.
    private static int PanelWidth => TWide.Columns * TWide.Lanes;

    /// <inheritdoc />
    public override void Forward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> y,
        DenseScratch scratch
    )
    {
        var count = Check(x.Length, y.Length, weights.Length);
        if (!bias.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, Outputs);
        if (count > 0)
            Forward(x, weights, bias, y, Outputs, scratch);
    }

    /// <inheritdoc />
    public override void ForwardOne(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> y,
        DenseScratch scratch
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, Inputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)weights.Length, (long)y.Length * Inputs);
        if (!bias.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, y.Length);
        if (y.Length > 0)
            Forward(x, weights, bias, y, y.Length, scratch);
    }

    private void Forward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> y,
        int outputs,
        DenseScratch scratch
    )
    {
        var memory = scratch.Sums((nint)y.Length * TWide.Lanes);
        memory.Clear();
        fixed (
            float* samples = x,
                matrix = weights
        )
        {
            for (var first = 0; first < Inputs; first += PartLength)
            {
                var length = Math.Min(PartLength, Inputs - first);
                AddDots(samples + first, matrix + first, y.Length / outputs, outputs, length, memory.Pointer);
            }
        }
        var sums = memory.Pointer;
        for (var i = 0; i < y.Length; i++, sums += TWide.Lanes)
        {
            var sum = bias.IsEmpty ? 0 : bias[i % outputs];
            for (var lane = 0; lane < TWide.Lanes; lane++)
                sum += sums[lane];
            y[i] = sum;
        }
        GC.KeepAlive(scratch);
    }

    /// <inheritdoc />
    public override void BackwardWeights(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gradients,
        Span<float> weights,
        DenseScratch scratch
    )
    {
        var count = Check(x.Length, gradients.Length, weights.Length);
        var panel = scratch.Panel((nint)count * PanelWidth).Pointer;
        fixed (
            float* samples = x,
                g = gradients,
                result = weights
        )
        {
            for (var first = 0; first < Inputs; first += PanelWidth)
            {
                var width = Math.Min(PanelWidth, Inputs - first);
                Copy(samples + first, Inputs, count, width, panel);
                MatrixProduct.Compute<TWide>(
                    new Matrix(g, rowStep: 1, columnStep: Outputs),
                    new Matrix(panel, width),
                    new Matrix(result + first, Inputs),
                    rows: Outputs,
                    depth: count,
                    columns: width,
                    add: false
                );
            }
        }
        GC.KeepAlive(scratch);
    }

    /// <inheritdoc />
    public override void BackwardInputs(
        ReadOnlySpan<float> gradients,
        ReadOnlySpan<float> weights,
        Span<float> x,
        DenseScratch scratch
    )
    {
        var count = Check(x.Length, gradients.Length, weights.Length);
        var whole = count - count % MatrixProduct.RowMultiple;
        var panel = scratch.Panel((nint)(Outputs + MatrixProduct.RowMultiple) * PanelWidth).Pointer;
        var last = panel + (nint)Outputs * PanelWidth;
        fixed (
            float* g = gradients,
                matrix = weights,
                result = x
        )
        {
            for (var first = 0; first < Inputs; first += PanelWidth)
            {
                var width = Math.Min(PanelWidth, Inputs - first);
                Copy(matrix + first, Inputs, Outputs, width, panel);
                var right = new Matrix(panel, width);
                if (whole > 0)
                {
                    MatrixProduct.Compute<TWide>(
                        new Matrix(g, Outputs),
                        right,
                        new Matrix(result + first, Inputs),
                        rows: whole,
                        depth: Outputs,
                        columns: width,
                        add: false
                    );
                }
                if (whole < count)
                {
                    // The last of an odd number of samples: twice, for the product takes rows in pairs.
                    MatrixProduct.Compute<TWide>(
                        new Matrix(g + (nint)whole * Outputs, rowStep: 0),
                        right,
                        new Matrix(last, width),
                        MatrixProduct.RowMultiple,
                        depth: Outputs,
                        columns: width,
                        add: false
                    );
                    Copy(last, width, rows: 1, width, result + (nint)whole * Inputs + first);
                }
            }
        }
        GC.KeepAlive(scratch);
    }

    /// <summary>Adds to each output's vector of sums what a part of the inputs contributes.</summary>
    private void AddDots(float* x, float* weights, int count, int outputs, int length, float* sums)
    {
        var next = (nint)outputs * TWide.Lanes;
        for (var output = 0; output < outputs; output += OutputsAtOnce)
        {
            var w = weights + (nint)output * Inputs;
            var target = sums + (nint)output * TWide.Lanes;
            var rows = Math.Min(OutputsAtOnce, outputs - output);
            var sample = 0;
            if (rows == OutputsAtOnce)
            {
                for (; sample + 2 <= count; sample += 2)
                    FourByTwo(x + (nint)sample * Inputs, w, Inputs, length, target + sample * next, next);
            }
            // The last outputs, or the last sample.
            for (; sample < count; sample++)
            for (var row = 0; row < rows; row++)
                Dot(
                    x + (nint)sample * Inputs,
                    w + (nint)row * Inputs,
                    length,
                    target + sample * next + (nint)row * TWide.Lanes
                );
        }
    }

    /// <summary>Four outputs of two samples.</summary>
    /// <param name="x">The first sample.</param>
    /// <param name="w">The first output's weights.</param>
    /// <param name="step">The distance between samples, and between outputs' weights.</param>
    /// <param name="length">How many inputs.</param>
    /// <param name="sums">The first sample's vectors of sums.</param>
    /// <param name="next">The distance to the second sample's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(float* x, float* w, nint step, int length, float* sums, nint next)
    {
        var lanes = TWide.Lanes;
        var a0 = TWide.Load(sums);
        var a1 = TWide.Load(sums + lanes);
        var a2 = TWide.Load(sums + 2 * lanes);
        var a3 = TWide.Load(sums + 3 * lanes);
        var b0 = TWide.Load(sums + next);
        var b1 = TWide.Load(sums + next + lanes);
        var b2 = TWide.Load(sums + next + 2 * lanes);
        var b3 = TWide.Load(sums + next + 3 * lanes);
        for (var i = 0; i < length; i += lanes)
        {
            var first = TWide.Load(x + i);
            var second = TWide.Load(x + step + i);
            var w0 = TWide.Load(w + i);
            a0 = TWide.MultiplyAdd(first, w0, a0);
            b0 = TWide.MultiplyAdd(second, w0, b0);
            var w1 = TWide.Load(w + step + i);
            a1 = TWide.MultiplyAdd(first, w1, a1);
            b1 = TWide.MultiplyAdd(second, w1, b1);
            var w2 = TWide.Load(w + 2 * step + i);
            a2 = TWide.MultiplyAdd(first, w2, a2);
            b2 = TWide.MultiplyAdd(second, w2, b2);
            var w3 = TWide.Load(w + 3 * step + i);
            a3 = TWide.MultiplyAdd(first, w3, a3);
            b3 = TWide.MultiplyAdd(second, w3, b3);
        }
        a0.Store(sums);
        a1.Store(sums + lanes);
        a2.Store(sums + 2 * lanes);
        a3.Store(sums + 3 * lanes);
        b0.Store(sums + next);
        b1.Store(sums + next + lanes);
        b2.Store(sums + next + 2 * lanes);
        b3.Store(sums + next + 3 * lanes);
    }

    /// <summary>One output of one sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot(float* x, float* w, int length, float* sums)
    {
        var sum = TWide.Load(sums);
        for (var i = 0; i < length; i += TWide.Lanes)
            sum = TWide.MultiplyAdd(TWide.Load(x + i), TWide.Load(w + i), sum);
        sum.Store(sums);
    }

    private static void Copy(float* source, nint step, int rows, int width, float* target)
    {
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + row * step, width).CopyTo(
                new Span<float>(target + (nint)row * width, width)
            );
    }
}
