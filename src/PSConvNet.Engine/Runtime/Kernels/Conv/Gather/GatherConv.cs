namespace PSConvNet.Runtime.Kernels;

/// <summary>A convolution of any window, stride, dilation and number of groups, by products of the windows where they are in memory.</summary>
/// <remarks>
/// Outputs are products of windows by weights. The gradient of an image is a product, too, of the gradients of those outputs that read a pixel, so that nothing
/// is added to memory. The gradient of the weights is a product of transposed windows by the gradients of outputs. Pixels are computed in blocks that
/// stay in the second-level cache. The plain version is PlainConv in the tests.
/// </remarks>
internal sealed unsafe class GatherConv<TWide> : ImageConv
    where TWide : struct, IWide<TWide>
{
    private readonly WindowMap<TWide> _forward;
    private readonly WindowMap<TWide> _backward;
    private readonly int _groups;
    private readonly int _channels;
    private readonly int _filters;
    private readonly GatherWeights<TWide> _weights;

    public GatherConv(Shape input, Shape output, ConvGeometry geometry, VectorWidth width)
        : base(input, output, LengthOf(input, output, geometry), width)
    {
        _groups = geometry.Groups;
        (_channels, _filters) = (input[2] / _groups, output[2] / _groups);
        var (down, across) = (WindowAxis.Down(geometry), WindowAxis.Across(geometry));
        _forward = new(
            input,
            output,
            _groups,
            [TapPhase.Forward(output[0], down, apart: 1, longest: down.Size)],
            [TapPhase.Forward(output[1], across, apart: 1, longest: across.Size)],
            geometry.Stride
        );
        _backward = new(
            output,
            input,
            _groups,
            TapPhase.Backward(input[0], down, longest: down.Size),
            TapPhase.Backward(input[1], across, longest: across.Size),
            new(1, 1)
        );
        _weights = new(_forward, _backward, _channels, _filters, geometry.Window);
    }

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(
            Inputs: _forward.BandLength,
            Products: Math.Max(
                (nint)_forward.Pixels * Math.Max(_forward.RowLength, _groups * _forward.Panels.Columns),
                (nint)_backward.Pixels * _backward.RowLength
            ),
            Work: _groups * _forward.Panels.Columns,
            // The last group's last vector may reach beyond the filters.
            Bias: Output[2] + TWide.Lanes,
            Kernel: (nint)_groups * Depth * _forward.Panels.Columns,
            Images: _backward.BandLength
        );

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths => (_forward.WeightLength, _backward.WeightLength);

    // Weights of a filter.
    private int Depth => KernelLength / Output[2];

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, ConvPart part)
    {
        var (first, end) = part.Of(Output[2]);
        for (var filter = (int)first; filter < end; filter++)
        {
            var source = kernel + (nint)filter * Depth;
            _weights.ToForward(source, filter, weights.Forward.Pointer);
            if (weights.Backward is not null)
                _weights.ToBackward(source, filter, weights.Backward.Pointer);
        }
    }

    /// <inheritdoc />
    protected override void ComputeForward<T>(
        T* images,
        int count,
        ConvWeights weights,
        bool relu,
        T* outputs,
        ConvScratch scratch,
        ConvPart part
    )
    {
        foreach (var block in ConvBlock.Of(count, _forward.Units, _forward.BlockUnits, part))
        {
            var band = _forward.Read(images, null, block, scratch.Inputs.Pointer);
            Multiply(
                _forward,
                band,
                _channels,
                block,
                weights.Forward.Pointer,
                scratch.Bias.Pointer,
                relu,
                outputs + (nint)block.Image * Output.Size,
                Output[2],
                scratch.Products.Pointer
            );
        }
    }

    /// <inheritdoc />
    protected override void ComputeBackward<T>(
        T* images,
        int count,
        T* gradients,
        T* outputs,
        ConvWeights weights,
        ParameterGradients wanted,
        T* imageGradients,
        ConvScratch scratch
    )
    {
        if (wanted.Kernel || wanted.Bias)
            AddParameters(images, count, gradients, outputs, wanted, scratch);
        if (imageGradients == null)
            return;
        foreach (var block in ConvBlock.Of(count, _backward.Units, _backward.BlockUnits, ConvPart.Whole))
        {
            var band = _backward.Read(gradients, outputs, block, scratch.Images.Pointer);
            Multiply(
                _backward,
                band,
                _filters,
                block,
                weights.Backward!.Pointer,
                null,
                relu: false,
                imageGradients + (nint)block.Image * Input.Size,
                Input[2],
                scratch.Products.Pointer
            );
        }
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel)
    {
        for (var filter = 0; filter < Output[2]; filter++)
            _weights.FromGradient(scratch.Kernel.Pointer, filter, kernel + (nint)filter * Depth);
    }

    /// <summary>Computes a block of outputs, or of gradients of images.</summary>
    private void Multiply<T>(
        WindowMap<TWide> map,
        float* band,
        int channels,
        ConvBlock block,
        float* weights,
        float* bias,
        bool relu,
        T* target,
        int numbers,
        float* rows
    )
        where T : unmanaged
    {
        var groupNumbers = numbers / _groups;
        // Otherwise a group's last vector would be written over other numbers.
        var direct = typeof(T) == typeof(float) && groupNumbers % TWide.Lanes == 0 && !map.UsesDots;
        target += map.TargetOf(block);
        foreach (var part in map.Parts)
        {
            var count = map.CountOf(part, block);
            fixed (
                int* pixels = part.Pixels,
                    taps = part.Taps,
                    targets = direct ? part.Targets : part.Rows
            )
            {
                for (var group = 0; group < _groups; group++)
                {
                    WindowList windows = new()
                    {
                        Start = band + group * channels,
                        Pixels = pixels,
                        Targets = targets,
                        Count = count,
                        Taps = taps,
                        Depth = part.Taps.Length,
                    };
                    var groupWeights = weights + part.Weights + group * part.GroupWeights;
                    if (map.UsesDots)
                    {
                        WindowDots<TWide>.Compute(
                            windows,
                            part.Spans,
                            groupWeights,
                            WindowMap<TWide>.SpanLength(part),
                            groupNumbers,
                            bias == null ? null : bias + group * groupNumbers,
                            relu,
                            rows + group * groupNumbers
                        );
                        continue;
                    }
                    foreach (var panel in map.Panels.Panels)
                        WindowProducts<TWide>.Compute(
                            windows,
                            groupWeights + (nint)windows.Depth * panel.First,
                            panel.Width,
                            bias == null ? null : bias + group * groupNumbers + panel.First,
                            relu,
                            (direct ? (float*)target : rows) + group * groupNumbers + panel.First
                        );
                }
                if (!direct)
                    fixed (int* places = part.Targets)
                        OutputLoops<TWide>.Write(rows, map.RowLength, target, places, count, numbers);
            }
        }
    }

    /// <summary>Adds the gradients of weights and bias.</summary>
    private void AddParameters<T>(
        T* images,
        int count,
        T* gradients,
        T* outputs,
        ParameterGradients wanted,
        ConvScratch scratch
    )
        where T : unmanaged
    {
        var part = _forward.Parts[0];
        var columns = _forward.Panels.Columns;
        var sums = scratch.Work;
        sums.Clear();
        var end = gradients + (nint)count * Output.Size;
        foreach (var block in ConvBlock.Of(count, _forward.Units, _forward.BlockUnits, ConvPart.Whole))
        {
            var pixels = _forward.CountOf(part, block);
            var at = (nint)block.Image * Output.Size + _forward.TargetOf(block);
            var panels = scratch.Products.Pointer;
            for (var group = 0; group < _groups; group++)
                foreach (var panel in _forward.Panels.Panels)
                    OutputLoops<TWide>.ReadPanel(
                        gradients + at + group * _filters + panel.First,
                        outputs == null ? null : outputs + at + group * _filters + panel.First,
                        end,
                        Output[2],
                        pixels,
                        Math.Min(panel.Width, _filters - panel.First),
                        panels + (nint)pixels * (group * columns + panel.First),
                        panel.Width,
                        sums.Pointer + group * columns + panel.First
                    );
            if (!wanted.Kernel)
                continue;
            var band = _forward.Read(images, null, block, scratch.Inputs.Pointer);
            fixed (
                int* offsets = part.Pixels,
                    taps = part.Taps
            )
                for (var group = 0; group < _groups; group++)
                {
                    WindowList windows = new()
                    {
                        Start = band + group * _channels,
                        Pixels = offsets,
                        Count = pixels,
                        Taps = taps,
                        Depth = Depth,
                    };
                    foreach (var panel in _forward.Panels.Panels)
                        WindowProducts<TWide>.AddTransposed(
                            windows,
                            panels + (nint)pixels * (group * columns + panel.First),
                            panel.Width,
                            scratch.Kernel.Pointer + (nint)Depth * (group * columns + panel.First)
                        );
                }
        }
        for (var filter = 0; filter < Output[2]; filter++)
            scratch.Bias.Pointer[filter] = sums.Pointer[filter / _filters * columns + filter % _filters];
    }
}
