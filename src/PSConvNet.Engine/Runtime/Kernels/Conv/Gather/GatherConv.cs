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
    private readonly GatherGradients<TWide> _gradients;

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
        _gradients = new(_forward, input, output, _groups);
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
    protected override void TransformWeights(float* kernel, ConvWeights weights, WorkPart part)
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
        WorkPart part
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
                scratch.Products.Pointer,
                _forward.IsInPlace ? default : _forward.Ahead(images, Input.Size, count, block)
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
            _gradients.Add(images, count, gradients, outputs, wanted, scratch);
        if (imageGradients == null)
            return;
        foreach (var block in ConvBlock.Of(count, _backward.Units, _backward.BlockUnits, WorkPart.Whole))
        {
            var band = _backward.Read(gradients, outputs, block, scratch.Images.Pointer);
            Multiply(
                _backward,
                band,
                _filters,
                block,
                weights.BackwardPointer,
                null,
                relu: false,
                imageGradients + (nint)block.Image * Input.Size,
                Input[2],
                scratch.Products.Pointer,
                _backward.IsInPlace ? default : _backward.Ahead(gradients, Output.Size, count, block)
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
        float* rows,
        MemoryAhead ahead
    )
        where T : unmanaged
    {
        var groupNumbers = numbers / _groups;
        target += map.TargetOf(block);
        foreach (var part in map.Parts)
        {
            var count = map.CountOf(part, block);
            var direct = typeof(T) == typeof(float) ? map.DirectCount(part, count) : 0;
            var runs = map.Runs(part, block, direct == 0 ? count : direct, byTaps: false);
            fixed (
                int* pixels = part.Pixels,
                    taps = part.Taps,
                    targets = part.Targets,
                    places = part.Rows
            )
            {
                for (var group = 0; group < _groups; group++)
                {
                    WindowList windows = new()
                    {
                        Start = band + group * channels,
                        Pixels = pixels + direct,
                        Targets = places,
                        Count = count - direct,
                        Taps = taps,
                        Depth = part.Taps.Length,
                    };
                    var groupWeights = weights + part.Weights + group * part.GroupWeights;
                    var first = group * groupNumbers;
                    if (map.UsesDots)
                    {
                        WindowDots<TWide>.Compute(
                            windows,
                            part.Spans,
                            groupWeights,
                            WindowMap<TWide>.SpanLength(part),
                            groupNumbers,
                            bias == null ? null : bias + first,
                            relu,
                            rows + first
                        );
                        continue;
                    }
                    // The last panel first: a vector that isn't full reaches into the next pixel's first numbers, which are computed afterwards.
                    for (var panel = map.Panels.Panels.Length - 1; panel >= 0; panel--)
                    {
                        var (column, width) = map.Panels.Panels[panel];
                        var panelWeights = groupWeights + (nint)windows.Depth * column;
                        var start = bias == null ? null : bias + first + column;
                        var sums = rows + first + column;
                        foreach (var run in runs)
                        {
                            WindowProducts<TWide>.Compute(
                                windows with
                                {
                                    Pixels = pixels + run.First,
                                    Targets = (direct > 0 ? targets : places) + run.First,
                                    Count = run.Count,
                                    Taps = taps + run.FirstTap,
                                    Depth = run.Depth,
                                },
                                panelWeights + (nint)run.FirstTap * width,
                                width,
                                start,
                                relu,
                                direct > 0 ? (float*)target + first + column : sums,
                                2 * run.Count > count ? ahead : default
                            );
                        }
                        ahead = default;
                        if (direct > 0 && direct < count)
                            WindowProducts<TWide>.Compute(windows, panelWeights, width, start, relu, sums, default);
                    }
                }
                OutputLoops<TWide>.Write(rows, map.RowLength, target, targets + direct, count - direct, numbers);
            }
        }
    }
}
