using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The sums of a <see cref="LaneConv{TWide}"/> over one row of outputs.</summary>
/// <remarks>
/// Fast because up to eight neighbouring outputs are summed in registers while up to three taps pass over their pixels: thirteen loads serve
/// twenty-four products. A row is divided into equal parts: fourteen outputs are seven and seven. Every sum has the order of the taps, however many
/// outputs are computed together.
/// </remarks>
/// <param name="pixels">The rows of pixels.</param>
/// <param name="weights">The order of weights.</param>
/// <param name="phases">The outputs of a row.</param>
/// <param name="step">The pixels between those of neighbouring outputs, and of a run's neighbouring taps.</param>
/// <param name="target">Height x width x channels of what is computed.</param>
internal readonly unsafe struct LaneSums<TWide>(
    LaneRows<TWide> pixels,
    LaneWeights<TWide> weights,
    TapPhase[] phases,
    int step,
    Shape target
)
    where TWide : struct, IWide<TWide>
{
    /// <summary>The most taps that pass over pixels together.</summary>
    public const int LongestRun = 3;

    /// <summary>The most outputs that are computed together.</summary>
    private const int OutputsTogether = 8;

    private readonly LaneRows<TWide> _pixels = pixels;
    private readonly nint _step = step * pixels.PixelStep;
    private readonly nint _weightLength = weights.VectorLength;

    /// <summary>Computes a row of outputs, or of gradients of an image. Rows are written in order.</summary>
    /// <param name="rows">The rows of the window that lie in the image; their weights are moved on.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="bias">The initial values of the sums; null for 0.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">Receives the row.</param>
    /// <param name="behind">The number of values after the row that will be written later.</param>
    /// <param name="work">Memory for intermediate results.</param>
    public void Compute<T>(LaneRow* rows, int rowCount, float* bias, bool relu, T* outputs, long behind, float* work)
        where T : unmanaged
    {
        nint channels = target[2];
        // A vector of which a pixel fills a part only reaches into the next pixels, which are written afterwards unless another phase has written them.
        var direct = channels >= TWide.Lanes || (phases.Length == 1 && behind >= TWide.Lanes);
        foreach (var phase in phases)
        {
            if (direct)
                Compute(
                    rows,
                    rowCount,
                    phase,
                    bias,
                    relu,
                    outputs + phase.First * channels,
                    phase.Step * channels,
                    inOrder: true
                );
            else
                Compute(
                    rows,
                    rowCount,
                    phase,
                    bias,
                    relu,
                    work + phase.First * TWide.Lanes,
                    phase.Step * TWide.Lanes,
                    inOrder: false
                );
            for (var i = 0; i < rowCount; i++)
                rows[i].Weights += (nint)phase.Taps.Length * _pixels.Planes * TWide.Lanes;
        }
        if (!direct)
            OutputLoops<TWide>.Narrow(work, TWide.Lanes, outputs, target[1], (int)channels);
    }

    /// <summary>Computes the outputs of a phase, for all vectors.</summary>
    /// <param name="rows">The rows of the window that lie in the image.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="phase">Which outputs and taps.</param>
    /// <param name="bias">The initial values of the sums; null for 0.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">Receives the outputs.</param>
    /// <param name="outputStep">The distance between outputs.</param>
    /// <param name="inOrder">Whether the next row's outputs will go behind these.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compute<T>(
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
        var offsets = stackalloc nint[runCount + 1];
        LaneBlock<TWide> block = new()
        {
            Rows = rows,
            RowCount = rowCount,
            Layout = _pixels,
            Step = _step,
            WeightStep = _weightLength,
            Runs = offsets,
            Twos = offsets,
            Ones = offsets,
            End = offsets + runCount,
            Bias = bias,
            Relu = relu,
            OutputStep = outputStep,
            InOrder = inOrder,
        };
        for (var i = 0; i < runCount; i++)
        {
            var run = phase.Runs[i];
            offsets[i] = (nint)run.Offset * _pixels.PixelStep;
            if (run.Count > 2)
                block.Twos++;
            if (run.Count > 1)
                block.Ones++;
        }
        for (var x = 0; x < phase.Outputs; )
        {
            var rest = phase.Outputs - x;
            var blocks = (rest + OutputsTogether - 1) / OutputsTogether;
            var count = (rest + blocks - 1) / blocks;
            Sum(block, count, x * _step, outputs + x * outputStep);
            x += count;
        }
    }

    private static void Sum<T>(in LaneBlock<TWide> block, int count, nint first, T* outputs)
        where T : unmanaged
    {
        switch (count)
        {
            case 8:
                block.Sum<T, Eight>(first, outputs);
                break;
            case 7:
                block.Sum<T, Seven>(first, outputs);
                break;
            case 6:
                block.Sum<T, Six>(first, outputs);
                break;
            case 5:
                block.Sum<T, Five>(first, outputs);
                break;
            case 4:
                block.Sum<T, Four>(first, outputs);
                break;
            case 3:
                block.Sum<T, Three>(first, outputs);
                break;
            case 2:
                block.Sum<T, Two>(first, outputs);
                break;
            default:
                block.Sum<T, One>(first, outputs);
                break;
        }
    }
}
