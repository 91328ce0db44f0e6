namespace PSConvNet.Runtime.Kernels;

/// <summary>Pixels of a window's row, and the outputs of an image's row whose sums read them in the same way.</summary>
/// <remarks>
/// All outputs of a forward pass are one phase. The gradient of an image under a stride has as many phases as the stride: each pixel was read by those taps
/// only that met it, and neighbouring pixels met different ones.
/// </remarks>
internal sealed class TapPhase
{
    private TapPhase(int first, int step, int outputs, Tap[] taps, TapRun[] runs) =>
        (First, Step, Outputs, Taps, Runs) = (first, step, outputs, taps, runs);

    /// <summary>The column of the first output.</summary>
    public int First { get; }

    /// <summary>The distance between outputs.</summary>
    public int Step { get; }

    /// <summary>How many outputs there are.</summary>
    public int Outputs { get; }

    /// <summary>The pixels that are read, in the order of sums.</summary>
    public Tap[] Taps { get; }

    /// <summary>The same in runs, the longest first.</summary>
    public TapRun[] Runs { get; }

    /// <summary>How far some phases read beyond both ends of a row.</summary>
    /// <param name="phases">The phases.</param>
    /// <param name="size">Pixels of the row.</param>
    /// <param name="step">The distance between the pixels that neighbouring outputs of a phase read.</param>
    public static (int Before, int After) Padding(TapPhase[] phases, int size, int step)
    {
        var (before, after) = (0, 0);
        foreach (var phase in phases)
        foreach (var tap in phase.Taps)
        {
            before = Math.Max(before, -tap.Offset);
            after = Math.Max(after, tap.Offset + (phase.Outputs - 1) * step + 1 - size);
        }
        return (before, after);
    }

    /// <summary>The phase of a forward pass.</summary>
    /// <param name="outputs">Outputs of a row.</param>
    /// <param name="axis">The window.</param>
    /// <param name="apart">The distance between the pixels of a run.</param>
    /// <param name="longest">The most taps of a run.</param>
    public static TapPhase Forward(int outputs, WindowAxis axis, int apart, int longest) =>
        Make(
            first: 0,
            step: 1,
            outputs,
            Enumerable.Range(0, axis.Size).Select(tap => new Tap(tap, tap * axis.Dilation - axis.Before)),
            apart,
            longest
        );

    /// <summary>The phases of the gradient of an image, which read the gradients of outputs.</summary>
    /// <param name="size">Pixels of a row of the image.</param>
    /// <param name="axis">The window.</param>
    /// <param name="longest">The most taps of a run, whose pixels are neighbours.</param>
    public static TapPhase[] Backward(int size, WindowAxis axis, int longest) =>
        [
            .. Enumerable
                .Range(0, Math.Min(axis.Stride, size))
                .Select(first =>
                    Make(
                        first,
                        axis.Stride,
                        (size - first + axis.Stride - 1) / axis.Stride,
                        Enumerable
                            .Range(0, axis.Size)
                            .Select(tap => new Tap(tap, first + axis.Before - tap * axis.Dilation))
                            .Where(tap => tap.Offset % axis.Stride == 0)
                            .Select(tap => tap with { Offset = tap.Offset / axis.Stride }),
                        apart: 1,
                        longest
                    )
                ),
        ];

    private static TapPhase Make(int first, int step, int outputs, IEnumerable<Tap> taps, int apart, int longest)
    {
        // Pixels as far apart as those of a run lie side by side in this order.
        Tap[] ordered = [.. taps.OrderBy(tap => Remainder(tap.Offset, apart)).ThenBy(tap => tap.Offset)];
        var runs = new List<Tap[]>();
        for (var start = 0; start < ordered.Length; )
        {
            var end = start + 1;
            while (end < ordered.Length && ordered[end].Offset == ordered[end - 1].Offset + apart)
                end++;
            // Equal runs: three and two and two take less than three and three and one.
            for (var parts = (end - start - 1) / longest + 1; parts > 0; parts--)
            {
                var count = (end - start - 1) / parts + 1;
                runs.Add(ordered[start..(start + count)]);
                start += count;
            }
        }
        runs = [.. runs.OrderByDescending(run => run.Length)];
        return new(
            first,
            step,
            outputs,
            [.. runs.SelectMany(run => run)],
            [.. runs.Select(run => new TapRun(run[0].Offset, run.Length))]
        );
    }

    private static int Remainder(int value, int divisor) => (value % divisor + divisor) % divisor;
}

/// <summary>A pixel of a window's row.</summary>
/// <param name="Number">Which one.</param>
/// <param name="Offset">The pixel of the source that the first output reads for it.</param>
internal readonly record struct Tap(int Number, int Offset);

/// <summary>A window in one direction, down or across.</summary>
/// <param name="Size">Pixels of the window.</param>
/// <param name="Stride">How far apart neighbouring windows are.</param>
/// <param name="Dilation">The distance between neighbouring pixels of a window.</param>
/// <param name="Before">Zeros before the image.</param>
internal readonly record struct WindowAxis(int Size, int Stride, int Dilation, int Before)
{
    /// <summary>From top to bottom.</summary>
    public static WindowAxis Down(ConvGeometry geometry) =>
        new(geometry.Window.Height, geometry.Stride.Height, geometry.Dilation.Height, geometry.Edges.Top);

    /// <summary>From left to right.</summary>
    public static WindowAxis Across(ConvGeometry geometry) =>
        new(geometry.Window.Width, geometry.Stride.Width, geometry.Dilation.Width, geometry.Edges.Left);
}

/// <summary>Taps whose pixels are equally far apart.</summary>
/// <param name="Offset">The column of the first tap's pixel, for the first output.</param>
/// <param name="Count">How many taps.</param>
internal readonly record struct TapRun(int Offset, int Count);
