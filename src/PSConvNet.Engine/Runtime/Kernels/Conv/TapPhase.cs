namespace PSConvNet.Runtime.Kernels;

/// <summary>Pixels of a window's row, and the outputs of an image's row whose sums read them in the same way.</summary>
/// <remarks>
/// All outputs of a forward pass are one phase. The gradient of an image under a stride has as many phases as the stride: each pixel was read by those taps
/// only that met it, and neighbouring pixels met different ones.
/// </remarks>
internal sealed class TapPhase
{
    private TapPhase(int first, int step, int outputs, TapRun[] runs, int[] taps) =>
        (First, Step, Outputs, Runs, Taps) = (first, step, outputs, runs, taps);

    /// <summary>The column of the first output.</summary>
    public int First { get; }

    /// <summary>The distance between outputs.</summary>
    public int Step { get; }

    /// <summary>How many outputs there are.</summary>
    public int Outputs { get; }

    /// <summary>The pixels that the first output reads.</summary>
    public TapRun[] Runs { get; }

    /// <summary>The window's columns in the order of the runs.</summary>
    public int[] Taps { get; }

    /// <summary>The columns that are read, from the first output's first one to the last output's last one; none if there are no taps.</summary>
    /// <param name="sourceStep">The distance between the first pixels of neighbouring outputs.</param>
    /// <param name="apart">The distance between the pixels of a run.</param>
    public (int First, int Last) Reach(int sourceStep, int apart) =>
        Runs.Length == 0 || Outputs == 0
            ? (0, 0)
            : (
                Runs.Min(run => run.Offset),
                Runs.Max(run => run.Offset + (run.Count - 1) * apart) + (Outputs - 1) * sourceStep
            );

    /// <summary>The phase of a forward pass.</summary>
    /// <param name="outputs">Outputs of a row.</param>
    /// <param name="geometry">The window.</param>
    /// <param name="apart">The distance between the pixels of a run.</param>
    /// <param name="longest">The most taps of a run.</param>
    public static TapPhase Forward(int outputs, ConvGeometry geometry, int apart, int longest) =>
        Make(
            first: 0,
            step: 1,
            outputs,
            Enumerable
                .Range(0, geometry.Window.Width)
                .Select(tap => new Tap(tap, tap * geometry.Dilation.Width - geometry.Edges.Left)),
            apart,
            longest
        );

    /// <summary>The phases of the gradient of an image, which read the gradients of outputs.</summary>
    /// <param name="width">Pixels of a row of the image.</param>
    /// <param name="geometry">The window.</param>
    /// <param name="longest">The most taps of a run, whose pixels are neighbours.</param>
    public static TapPhase[] Backward(int width, ConvGeometry geometry, int longest)
    {
        var (stride, dilation, left) = (geometry.Stride.Width, geometry.Dilation.Width, geometry.Edges.Left);
        return
        [
            .. Enumerable
                .Range(0, Math.Min(stride, width))
                .Select(first =>
                    Make(
                        first,
                        stride,
                        (width - first + stride - 1) / stride,
                        Enumerable
                            .Range(0, geometry.Window.Width)
                            .Where(tap => (first + left - tap * dilation) % stride == 0)
                            .Select(tap => new Tap(tap, (first + left - tap * dilation) / stride)),
                        apart: 1,
                        longest
                    )
                ),
        ];
    }

    private static TapPhase Make(int first, int step, int outputs, IEnumerable<Tap> taps, int apart, int longest)
    {
        // Pixels as far apart as those of a run lie side by side in this order.
        Tap[] ordered = [.. taps.OrderBy(tap => Remainder(tap.Offset, apart)).ThenBy(tap => tap.Offset)];
        var runs = new List<TapRun>();
        for (var start = 0; start < ordered.Length; )
        {
            var end = start + 1;
            while (end < ordered.Length && ordered[end].Offset == ordered[end - 1].Offset + apart)
                end++;
            // Equal runs: three and two and two take less than three and three and one.
            for (var parts = (end - start + longest - 1) / longest; parts > 0; parts--)
            {
                var count = (end - start + parts - 1) / parts;
                runs.Add(new(ordered[start].Offset, count));
                start += count;
            }
        }
        return new(first, step, outputs, [.. runs], [.. ordered.Select(tap => tap.Column)]);
    }

    private static int Remainder(int value, int divisor) => (value % divisor + divisor) % divisor;

    private readonly record struct Tap(int Column, int Offset);
}

/// <summary>Taps whose pixels are equally far apart.</summary>
/// <param name="Offset">The column of the first tap's pixel, for the first output.</param>
/// <param name="Count">How many taps.</param>
internal readonly record struct TapRun(int Offset, int Count);
