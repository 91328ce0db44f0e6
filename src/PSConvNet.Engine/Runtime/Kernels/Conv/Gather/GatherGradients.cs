namespace PSConvNet.Runtime.Kernels;

/// <summary>The gradients of weights and bias of a <see cref="GatherConv{TWide}"/>: products of transposed windows by the gradients of outputs.</summary>
/// <param name="forward">Which windows outputs read.</param>
/// <param name="input">Height x width x channels.</param>
/// <param name="output">Height x width x filters.</param>
/// <param name="groups">The number of groups.</param>
internal sealed unsafe class GatherGradients<TWide>(WindowMap<TWide> forward, Shape input, Shape output, int groups)
    where TWide : struct, IWide<TWide>
{
    private readonly int _channels = input[2] / groups;
    private readonly int _filters = output[2] / groups;

    /// <summary>Adds the gradients of weights, and sets those of the bias.</summary>
    /// <param name="images">The images.</param>
    /// <param name="count">How many.</param>
    /// <param name="gradients">The gradients of outputs.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise null.</param>
    /// <param name="wanted">Which gradients.</param>
    /// <param name="scratch">The worker's memory, which receives them.</param>
    public void Add<T>(T* images, int count, T* gradients, T* outputs, ParameterGradients wanted, ConvScratch scratch)
        where T : unmanaged
    {
        var part = forward.Parts[0];
        var columns = forward.Panels.Columns;
        var sums = scratch.Work;
        sums.Clear();
        var end = gradients + (nint)count * output.Size;
        foreach (var block in ConvBlock.Of(count, forward.Units, forward.BlockUnits, WorkPart.Whole))
        {
            var pixels = forward.CountOf(part, block);
            var at = (nint)block.Image * output.Size + forward.TargetOf(block);
            var panels = scratch.Products.Pointer;
            for (var group = 0; group < groups; group++)
                foreach (var panel in forward.Panels.Panels)
                    OutputLoops<TWide>.ReadPanel(
                        gradients + at + group * _filters + panel.First,
                        outputs == null ? null : outputs + at + group * _filters + panel.First,
                        end,
                        output[2],
                        pixels,
                        Math.Min(panel.Width, _filters - panel.First),
                        panels + (nint)pixels * (group * columns + panel.First),
                        panel.Width,
                        sums.Pointer + group * columns + panel.First
                    );
            if (!wanted.Kernel)
                continue;
            var band = forward.Read(images, null, block, scratch.Inputs.Pointer);
            var runs = forward.Runs(part, block, pixels, byTaps: true);
            fixed (
                int* offsets = part.Pixels,
                    taps = part.Taps
            )
                for (var group = 0; group < groups; group++)
                {
                    WindowList windows = new()
                    {
                        Start = band + group * _channels,
                        Pixels = offsets,
                        Count = pixels,
                        Taps = taps,
                        Depth = part.Taps.Length,
                    };
                    foreach (var panel in forward.Panels.Panels)
                    {
                        var column = group * columns + panel.First;
                        foreach (var run in runs)
                        {
                            WindowGradients<TWide>.Add(
                                windows with
                                {
                                    Pixels = offsets + run.First,
                                    Count = run.Count,
                                    Taps = taps + run.FirstTap,
                                    Depth = run.Depth,
                                },
                                panels + (nint)pixels * column + (nint)run.First * panel.Width,
                                panel.Width,
                                scratch.Kernel.Pointer + (nint)windows.Depth * column + (nint)run.FirstTap * panel.Width
                            );
                        }
                    }
                }
        }
        for (var filter = 0; filter < output[2]; filter++)
            scratch.Bias.Pointer[filter] = sums.Pointer[filter / _filters * columns + filter % _filters];
    }
}
