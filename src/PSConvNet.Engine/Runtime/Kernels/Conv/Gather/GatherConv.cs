namespace PSConvNet.Runtime.Kernels;

/// <summary>A convolution of any window, stride, dilation and number of groups, whose windows are gathered some at a time.</summary>
/// <remarks>
/// The windows of a block of output pixels are the rows of a matrix, as in im2col, but the block is small enough to stay in the second-level cache, so
/// that the matrix is never in memory. Outputs, gradients of weights and gradients of images are one product each. The plain version is
/// PlainConv in the tests.
/// </remarks>
internal sealed unsafe class GatherConv<TWide> : ImageConv
    where TWide : struct, IWide<TWide>
{
    /// <summary>Bytes of a block's windows.</summary>
    private const int BlockBytes = 256 * 1024;

    private const int LeastPixels = 12;

    private const int MostPixels = 192;

    private readonly WindowLoops<TWide> _loops;
    private readonly int _groups;
    private readonly int _filters;
    private readonly int _depth;
    private readonly int _wholeFilters;
    private readonly int _wholeDepth;
    private readonly int _blockPixels;

    public GatherConv(Shape input, Shape output, ConvGeometry geometry, VectorWidth width)
        : base(input, output, LengthOf(input, output, geometry), width)
    {
        _loops = new(input, output, geometry);
        _groups = geometry.Groups;
        _filters = output[2] / _groups;
        _depth = geometry.Window.Height * geometry.Window.Width * (input[2] / _groups);
        (_wholeFilters, _wholeDepth) = (RoundUp(_filters, TWide.Lanes), RoundUp(_depth, TWide.Lanes));
        _blockPixels =
            Math.Clamp(BlockBytes / sizeof(float) / _wholeDepth, LeastPixels, MostPixels) / LeastPixels * LeastPixels;
    }

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(
            Inputs: (nint)_blockPixels * _wholeDepth + TWide.Lanes,
            Products: (nint)_blockPixels * _wholeFilters,
            Work: 0,
            Bias: Output[2],
            Kernel: _groups * GradientLength,
            Images: Math.Max(1, _blockPixels / OutPixels) * ImageLength
        );

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths =>
        (_groups * ForwardLength, _groups * BackwardLength);

    private int OutPixels => Output[0] * Output[1];

    private nint ImageLength => (nint)_loops.PaddedHeight * _loops.PaddedWidth * Input[2];

    // A group's weights: depth x filters.
    private nint ForwardLength => (nint)_depth * _wholeFilters;

    // A group's weights: filters x depth.
    private nint BackwardLength => (nint)_filters * _wholeDepth;

    private nint GradientLength => (nint)_wholeDepth * _wholeFilters;

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, ConvPart part)
    {
        var forward = weights.Forward.Pointer;
        var backward = weights.Backward is null ? null : weights.Backward.Pointer;
        var (first, end) = part.Of(Output[2]);
        for (var filter = (nint)first; filter < end; filter++)
        {
            var (group, k) = (filter / _filters, filter % _filters);
            var source = kernel + filter * _depth;
            var target = forward + group * ForwardLength + k;
            for (var d = 0; d < _depth; d++, target += _wholeFilters)
                *target = source[d];
            if (backward != null)
                new Span<float>(source, _depth).CopyTo(new(backward + filter * _wholeDepth, _depth));
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
        var end = images + (nint)count * Input.Size;
        var products = Products(scratch);
        foreach (var block in ConvBlock.Of(count, OutPixels, _blockPixels, part))
            for (var group = 0; group < _groups; group++)
            {
                var start = (float*)products.Start;
                MatrixProduct.Compute<TWide>(
                    Gather(images, end, block, group, scratch),
                    new(weights.Forward.Pointer + group * ForwardLength, _wholeFilters),
                    products,
                    RoundUp(block.Count, MatrixProduct.RowMultiple),
                    depth: _depth,
                    columns: _wholeFilters,
                    add: false
                );
                var target = outputs + Offset(block, group);
                var bias = scratch.Bias.Pointer + group * _filters;
                OutputLoops<TWide>.Write(start, products.RowStep, bias, relu, target, Output[2], block.Count, _filters);
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
        var end = images + (nint)count * Input.Size;
        foreach (var block in ConvBlock.Of(count, OutPixels, _blockPixels, ConvPart.Whole))
        {
            if (imageGradients != null && block.First == 0)
                new Span<float>(scratch.Images.Pointer, checked((int)scratch.Images.Length)).Clear();
            for (var group = 0; group < _groups; group++)
            {
                var at = Offset(block, group);
                var products = Products(scratch);
                OutputLoops<TWide>.Read(
                    gradients + at,
                    outputs == null ? null : outputs + at,
                    Output[2],
                    block.Count,
                    _filters,
                    (float*)products.Start,
                    products.RowStep,
                    scratch.Bias.Pointer + group * _filters
                );
                if (wanted.Kernel)
                    AddKernel(images, end, block, group, scratch);
                if (imageGradients != null)
                    AddImages(block, group, weights, scratch);
            }
            if (imageGradients != null)
                WriteImages(block, imageGradients, scratch);
        }
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel)
    {
        for (var filter = (nint)0; filter < Output[2]; filter++)
        {
            var (group, k) = (filter / _filters, filter % _filters);
            var source = scratch.Kernel.Pointer + group * GradientLength + k;
            for (var d = 0; d < _depth; d++, source += _wholeFilters)
                kernel[filter * _depth + d] = *source;
        }
    }

    private Matrix Windows(ConvScratch scratch) => new(scratch.Inputs.Pointer, _wholeDepth);

    private Matrix Products(ConvScratch scratch) => new(scratch.Products.Pointer, _wholeFilters);

    private nint Offset(ConvBlock block, int group) =>
        ((nint)block.Image * OutPixels + block.First) * Output[2] + group * _filters;

    /// <summary>The windows of a block.</summary>
    private Matrix Gather<T>(T* images, T* end, ConvBlock block, int group, ConvScratch scratch)
        where T : unmanaged
    {
        var windows = Windows(scratch);
        _loops.Gather(images, end, block, group, (float*)windows.Start, windows.RowStep);
        return windows;
    }

    private void AddKernel<T>(T* images, T* end, ConvBlock block, int group, ConvScratch scratch)
        where T : unmanaged
    {
        var windows = Gather(images, end, block, group, scratch);
        MatrixProduct.Compute<TWide>(
            windows with
            {
                RowStep = 1,
                ColumnStep = windows.RowStep,
            },
            Products(scratch),
            new(scratch.Kernel.Pointer + group * GradientLength, _wholeFilters),
            RoundUp(_depth, MatrixProduct.RowMultiple),
            depth: block.Count,
            columns: _wholeFilters,
            add: true
        );
    }

    private void AddImages(ConvBlock block, int group, ConvWeights weights, ConvScratch scratch)
    {
        var windows = Windows(scratch);
        MatrixProduct.Compute<TWide>(
            Products(scratch),
            new(weights.Backward!.Pointer + group * BackwardLength, _wholeDepth),
            windows,
            RoundUp(block.Count, MatrixProduct.RowMultiple),
            depth: _filters,
            columns: _wholeDepth,
            add: false
        );
        _loops.Scatter((float*)windows.Start, windows.RowStep, block, group, scratch.Images.Pointer);
    }

    /// <summary>Writes the gradients of images whose last pixel is in the block.</summary>
    private void WriteImages<T>(ConvBlock block, T* imageGradients, ConvScratch scratch)
        where T : unmanaged
    {
        var pixels = block.First + block.Count;
        if (pixels % OutPixels != 0)
            return;
        for (var i = 0; i < pixels / OutPixels; i++)
            _loops.CopyImage(
                scratch.Images.Pointer + i * ImageLength,
                imageGradients + (nint)(block.Image + i) * Input.Size
            );
    }
}
