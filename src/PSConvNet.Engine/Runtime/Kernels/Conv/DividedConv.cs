namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A convolution that is several plain ones, which Winograd's filtering computes: one for each group, and for each set of pixels that dilated windows share. With a
/// dilation of 2 no window meets two neighbouring pixels, so that every other row and column are an image of their own.
/// </summary>
/// <remarks>
/// The pixels and channels of some plain images are copied side by side, and their results back, which takes a few percent of what the filtering saves.
/// The plain version is PlainConv in the tests.
/// </remarks>
internal sealed unsafe class DividedConv : ImageConv
{
    /// <summary>Numbers of plain images that are convolved together: enough to make the time for loading the weights negligible.</summary>
    private const int NumbersTogether = 256 * 1024;

    private readonly WinogradConv _plain;
    private readonly int _groups;
    private readonly int _together;
    private readonly ConvDivision _inputs;
    private readonly ConvDivision _outputs;
    private readonly (nint Forward, nint Backward) _plainWeights;

    public DividedConv(Shape input, Shape output, ConvGeometry geometry, VectorWidth width)
        : base(input, output, LengthOf(input, output, geometry), width)
    {
        _groups = geometry.Groups;
        _inputs = new(input, geometry.Dilation, _groups);
        _outputs = new(output, geometry.Dilation, _groups);
        _plain = WinogradConv.Create(_inputs.Plain, _outputs.Plain, PlainGeometry(geometry), width);
        _together = Math.Max(1, NumbersTogether / Math.Max(_inputs.Plain.Size, _outputs.Plain.Size));
        using var weights = _plain.NewWeights(backward: true);
        _plainWeights = (weights.Forward.Length, weights.Backward!.Length);
    }

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(Inputs: 0, Products: 0, Work: 0, Bias: Output[2], Kernel: KernelLength, Images: 0);

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths =>
        (_groups * _plainWeights.Forward, _groups * _plainWeights.Backward);

    private int GroupKernel => KernelLength / _groups;

    private int GroupFilters => Output[2] / _groups;

    /// <summary>Whether the plain convolutions exist, and Winograd's filtering can compute them.</summary>
    public static bool CanCompute(Shape input, ConvGeometry geometry)
    {
        var (_, _, dilation, edges, groups) = geometry;
        return (groups > 1 || dilation != new Window(1, 1))
            && input[0] % dilation.Height == 0
            && input[1] % dilation.Width == 0
            && edges.Top % dilation.Height == 0
            && edges.Bottom % dilation.Height == 0
            && edges.Left % dilation.Width == 0
            && edges.Right % dilation.Width == 0
            && WinogradConv.CanCompute(new ConvDivision(input, dilation, groups).Plain, PlainGeometry(geometry));
    }

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, WorkPart part)
    {
        if (_groups == 1)
        {
            _plain.TransformWeights(new ReadOnlySpan<float>(kernel, KernelLength), weights, part);
            return;
        }
        using var own = _plain.NewWeights(backward: weights.Backward is not null);
        var (first, end) = part.Of(_groups);
        for (var group = (int)first; group < end; group++)
        {
            var source = new ReadOnlySpan<float>(kernel + (nint)group * GroupKernel, GroupKernel);
            _plain.TransformWeights(source, own, WorkPart.Whole);
            Copy(own.Forward, 0, weights.Forward, group * _plainWeights.Forward, _plainWeights.Forward);
            if (weights.Backward is { } backward)
                Copy(own.Backward!, 0, backward, group * _plainWeights.Backward, _plainWeights.Backward);
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
        var room = RoomOf(scratch, weights);
        var perGroup = (long)count * _inputs.Phases;
        var (first, end) = part.Of(_groups * perGroup);
        while (first < end)
        {
            var (group, start) = ((int)(first / perGroup), first % perGroup);
            var last = Math.Min(perGroup, start + end - first);
            first += last - start;
            var plainWeights = WeightsOf(group, weights, room);
            var bias = new ReadOnlySpan<float>(scratch.Bias.Pointer + group * GroupFilters, GroupFilters);
            for (var at = start; at < last; at += _together)
            {
                var number = (int)Math.Min(_together, last - at);
                var results = Numbers<T>(room.Outputs, number * _outputs.Plain.Size);
                _inputs.Gather(images, at, number, group, (T*)room.Images.Pointer);
                _plain.Forward<T>(
                    Numbers<T>(room.Images, number * _inputs.Plain.Size),
                    plainWeights,
                    bias,
                    relu,
                    results,
                    room.Scratch,
                    WorkPart.Whole
                );
                _outputs.Scatter((T*)room.Outputs.Pointer, at, number, group, outputs);
            }
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
        var room = RoomOf(scratch, weights);
        var kernel = wanted.Kernel ? room.Kernel : [];
        var bias = wanted.Bias ? room.Bias : [];
        var end = (long)count * _inputs.Phases;
        for (var group = 0; group < _groups; group++)
        {
            var plainWeights = WeightsOf(group, weights, room);
            for (long at = 0; at < end; at += _together)
            {
                var number = (int)Math.Min(_together, end - at);
                var (pixels, results) = (number * _inputs.Plain.Size, number * _outputs.Plain.Size);
                if (wanted.Kernel)
                    _inputs.Gather(images, at, number, group, (T*)room.Images.Pointer);
                _outputs.Gather(gradients, at, number, group, (T*)room.Gradients.Pointer);
                if (outputs != null)
                    _outputs.Gather(outputs, at, number, group, (T*)room.Outputs.Pointer);
                _plain.Backward<T>(
                    Numbers<T>(room.Images, pixels),
                    Numbers<T>(room.Gradients, results),
                    Numbers<T>(room.Outputs, outputs == null ? 0 : results),
                    plainWeights,
                    kernel,
                    bias,
                    Numbers<T>(room.ImageGradients, imageGradients == null ? 0 : pixels),
                    room.Scratch
                );
                if (imageGradients != null)
                    _inputs.Scatter((T*)room.ImageGradients.Pointer, at, number, group, imageGradients);
                Add(kernel, scratch.Kernel.Pointer + (nint)group * GroupKernel);
                Add(bias, scratch.Bias.Pointer + group * GroupFilters);
            }
        }
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel) =>
        new Span<float>(scratch.Kernel.Pointer, KernelLength).CopyTo(new Span<float>(kernel, KernelLength));

    private static ConvGeometry PlainGeometry(ConvGeometry geometry)
    {
        var (dilation, edges) = (geometry.Dilation, geometry.Edges);
        return geometry with
        {
            Dilation = new(1, 1),
            Groups = 1,
            Edges = new(
                edges.Top / dilation.Height,
                edges.Bottom / dilation.Height,
                edges.Left / dilation.Width,
                edges.Right / dilation.Width
            ),
        };
    }

    private static void Add(float[] addend, float* sum)
    {
        for (var i = 0; i < addend.Length; i++)
            sum[i] += addend[i];
    }

    private static Span<T> Numbers<T>(AlignedFloats memory, int length)
        where T : unmanaged => new(memory.Pointer, length);

    private static void Copy(AlignedFloats source, nint from, AlignedFloats target, nint to, nint length) =>
        Buffer.MemoryCopy(source.Pointer + from, target.Pointer + to, length * sizeof(float), length * sizeof(float));

    /// <summary>A group's weights, by themselves.</summary>
    private ConvWeights WeightsOf(int group, ConvWeights weights, Room room)
    {
        if (_groups == 1)
            return weights;
        Copy(weights.Forward, group * _plainWeights.Forward, room.Weights!.Forward, 0, _plainWeights.Forward);
        if (weights.Backward is { } backward)
            Copy(backward, group * _plainWeights.Backward, room.Weights.Backward!, 0, _plainWeights.Backward);
        return room.Weights;
    }

    private Room RoomOf(ConvScratch scratch, ConvWeights weights)
    {
        var room = scratch.Part(() => new Room(_plain, _together));
        if (_groups > 1 && (room.Weights is null || (weights.Backward is not null && room.Weights.Backward is null)))
        {
            room.Weights?.Dispose();
            room.Weights = _plain.NewWeights(backward: weights.Backward is not null);
        }
        return room;
    }

    /// <summary>One worker's memory for plain images.</summary>
    private sealed class Room(WinogradConv plain, int together) : IDisposable
    {
        public ConvScratch Scratch { get; } = plain.NewScratch();

        public AlignedFloats Images { get; } = new((nint)together * plain.Input.Size);

        public AlignedFloats ImageGradients { get; } = new((nint)together * plain.Input.Size);

        public AlignedFloats Outputs { get; } = new((nint)together * plain.Output.Size);

        public AlignedFloats Gradients { get; } = new((nint)together * plain.Output.Size);

        public float[] Kernel { get; } = new float[plain.KernelLength];

        public float[] Bias { get; } = new float[plain.Output[2]];

        /// <summary>A group's weights; null as long as there are no groups.</summary>
        public ConvWeights? Weights { get; set; }

        public void Dispose()
        {
            Scratch.Dispose();
            Images.Dispose();
            ImageGradients.Dispose();
            Outputs.Dispose();
            Gradients.Dispose();
            Weights?.Dispose();
        }
    }
}
