namespace PSConvNet.Runtime.Kernels;

/// <summary>A <see cref="WinogradConv"/> compiled for one size of tiles and one width of vectors.</summary>
internal sealed unsafe class WinogradConv<TTile, TWide> : WinogradConv
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    /// <summary>Bytes of a block's inputs and products. With the weights they fit into the second-level cache.</summary>
    private const int BlockBytes = 640 * 1024;

    /// <summary>With fewer tiles, loading the weights takes longer than multiplying by them.</summary>
    private const int LeastTiles = 24;

    private const int MostTiles = 192;

    /// <summary>Numbers between planes, so that the same tile's numbers don't compete for the same lines of the first-level cache.</summary>
    private const int Gap = 16;

    private readonly WinogradInputs<TTile, TWide> _inputs;
    private readonly WinogradOutputs<TTile, TWide> _outputs;
    private readonly WinogradPooling<TTile, TWide> _pooling;
    private readonly int _channels;
    private readonly int _filters;
    private readonly int _wholeChannels;
    private readonly int _wholeFilters;
    private readonly int _blockTiles;
    private readonly int _blockImages;

    public WinogradConv(WinogradGeometry geometry, VectorWidth width)
        : base(geometry, width)
    {
        _inputs = new(geometry);
        _outputs = new(geometry);
        _pooling = new(geometry);
        (_channels, _filters) = (geometry.Channels, geometry.Filters);
        (_wholeChannels, _wholeFilters) = (RoundUp(_channels, TWide.Lanes), RoundUp(_filters, TWide.Lanes));
        var tileBytes = (long)Points * (_wholeChannels + _wholeFilters) * sizeof(float);
        _blockTiles = (int)Math.Clamp(BlockBytes / tileBytes, LeastTiles, MostTiles);
        _blockImages = Math.Max(1, _blockTiles / geometry.Tiles);
    }

    private static int Points => TTile.Points * TTile.Points;

    // The point whose output coefficients are all 1: see IWinogradTile.
    private static int SumPoint => TTile.Points + 1;

    private nint InputPlane => (nint)RoundUp(_blockTiles, MatrixProduct.RowMultiple) * _wholeChannels + Gap;

    private nint ProductPlane => (nint)RoundUp(_blockTiles, MatrixProduct.RowMultiple) * _wholeFilters + Gap;

    private nint ForwardPlane => (nint)_channels * _wholeFilters + Gap;

    private nint BackwardPlane => (nint)_filters * _wholeChannels + Gap;

    // Rows of channels, which are whole vectors in the planes of inputs.
    private nint GradientPlane => (nint)_wholeChannels * _wholeFilters + Gap;

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths => (Points * ForwardPlane, Points * BackwardPlane);

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(
            Inputs: Points * InputPlane,
            Products: Points * ProductPlane,
            Work: WinogradInputs<TTile, TWide>.WorkLength,
            Bias: _wholeFilters,
            Kernel: Points * GradientPlane,
            Images: _blockImages * ImageLength
        );

    private nint ImageLength => (nint)Geometry.ReadHeight * Geometry.ReadWidth * _wholeChannels;

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, ConvPart part)
    {
        var (firstVector, endVector) = part.Of(_wholeFilters / TWide.Lanes);
        var (first, end) = ((int)firstVector * TWide.Lanes, (int)endVector * TWide.Lanes);
        for (var filter = first; filter < end; filter += TWide.Lanes)
            WinogradKernelTransforms<TTile, TWide>.ToFilters(
                kernel,
                _channels,
                _filters,
                filter,
                ForwardPlanes(weights)
            );
        if (weights.Backward is not null)
            WinogradKernelTransforms<TTile, TWide>.ToChannels(
                kernel,
                _channels,
                first,
                Math.Min(end, _filters) - first,
                BackwardPlanes(weights)
            );
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
        foreach (var block in Blocks(count, part))
        {
            var products = Products(images, End(images, count), block, weights, scratch);
            _outputs.Outputs(products, block, images, scratch.Bias.Pointer, relu, outputs, scratch.Work.Pointer);
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
        var end = gradients + (nint)count * Output.Size;
        foreach (var block in Blocks(count, ConvPart.Whole))
        {
            var planes = ProductPlanes(scratch);
            _outputs.OutputsAdjoint(gradients, end, outputs, block, planes, scratch.Work.Pointer);
            Backward(images, End(images, count), block, weights, wanted, imageGradients, scratch);
        }
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel) =>
        WinogradKernelTransforms<TTile, TWide>.Adjoint(GradientPlanes(scratch), _channels, _filters, kernel);

    /// <inheritdoc />
    public override void ForwardPooled<T>(
        ReadOnlySpan<T> images,
        ConvWeights weights,
        ReadOnlySpan<float> bias,
        ConvPooling pooling,
        ReadOnlySpan<ushort> keep,
        Span<T> outputs,
        Span<byte> which,
        ConvScratch scratch,
        ConvPart part
    )
    {
        part.Check();
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)outputs.Length, (long)count * PooledSize);
        CheckEmptyOr(keep.Length, outputs.Length);
        CheckEmptyOr(which.Length, outputs.Length);
        Check(weights, scratch);
        SetBias(bias, scratch);
        fixed (
            T* source = images,
                target = outputs
        )
        fixed (byte* origins = which)
        fixed (ushort* mask = keep)
        {
            foreach (var block in Blocks(count, part))
            {
                var products = Products(source, source + images.Length, block, weights, scratch);
                _pooling.Outputs(
                    products,
                    block,
                    source,
                    scratch.Bias.Pointer,
                    pooling,
                    target,
                    origins,
                    mask,
                    scratch.Work.Pointer
                );
            }
        }
        KeepAlive(weights, scratch);
    }

    /// <inheritdoc />
    public override void BackwardPooled<T>(
        ReadOnlySpan<T> images,
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<byte> which,
        float scale,
        ConvWeights weights,
        Span<float> kernel,
        Span<float> bias,
        Span<T> imageGradients,
        ConvScratch scratch
    )
    {
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)gradients.Length, (long)count * PooledSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(which.Length, gradients.Length);
        var wanted = StartBackward(images.Length, weights, kernel, bias, imageGradients.Length, scratch);
        fixed (
            T* source = images,
                from = gradients,
                target = imageGradients
        )
        fixed (byte* origins = which)
        {
            foreach (var block in Blocks(count, ConvPart.Whole))
            {
                var planes = ProductPlanes(scratch);
                _pooling.OutputsAdjoint(from, origins, scale, block, planes, scratch.Work.Pointer);
                Backward(source, source + images.Length, block, weights, wanted, target, scratch);
            }
        }
        FinishBackward(kernel, bias, scratch);
        KeepAlive(weights, scratch);
    }

    private int PooledSize => Geometry.Output[0] / 2 * (Geometry.Output[1] / 2) * _filters;

    private T* End<T>(T* images, int count)
        where T : unmanaged => images + (nint)count * Input.Size;

    private IEnumerable<ConvBlock> Blocks(int images, ConvPart part) =>
        ConvBlock.Of(images, Geometry.Tiles, _blockTiles, part);

    private Planes InputPlanes(ConvScratch scratch) => new((nint)scratch.Inputs.Pointer, InputPlane, _wholeChannels);

    private Planes ProductPlanes(ConvScratch scratch) =>
        new((nint)scratch.Products.Pointer, ProductPlane, _wholeFilters);

    private Planes ForwardPlanes(ConvWeights weights) =>
        new((nint)weights.Forward.Pointer, ForwardPlane, _wholeFilters);

    private Planes BackwardPlanes(ConvWeights weights) =>
        new((nint)weights.Backward!.Pointer, BackwardPlane, _wholeChannels);

    private Planes GradientPlanes(ConvScratch scratch) =>
        new((nint)scratch.Kernel.Pointer, GradientPlane, _wholeFilters);

    /// <summary>A block's inputs, transformed and multiplied by the weights.</summary>
    private Planes Products<T>(T* images, T* end, ConvBlock block, ConvWeights weights, ConvScratch scratch)
        where T : unmanaged
    {
        var (inputs, kernel, products) = (InputPlanes(scratch), ForwardPlanes(weights), ProductPlanes(scratch));
        _inputs.Inputs(images, end, block, inputs, scratch.Work.Pointer);
        var rows = RoundUp(block.Count, MatrixProduct.RowMultiple);
        for (var point = 0; point < Points; point++)
            MatrixProduct.Compute<TWide>(
                new(inputs.At(point), inputs.Row),
                new(kernel.At(point), kernel.Row),
                new(products.At(point), products.Row),
                rows,
                depth: _channels,
                columns: _wholeFilters,
                add: false
            );
        return products;
    }

    /// <summary>The contribution of a block, whose gradients of products are in their planes.</summary>
    private void Backward<T>(
        T* images,
        T* end,
        ConvBlock block,
        ConvWeights weights,
        ParameterGradients wanted,
        T* target,
        ConvScratch scratch
    )
        where T : unmanaged
    {
        if (wanted.Bias)
            AddBias(block, scratch);
        if (wanted.Kernel)
        {
            _inputs.Inputs(images, end, block, InputPlanes(scratch), scratch.Work.Pointer);
            AddKernel(block, scratch);
        }
        if (target != null)
        {
            MultiplyBack(block, weights, scratch);
            AddImages(block, target, scratch);
        }
    }

    private void AddBias(ConvBlock block, ConvScratch scratch)
    {
        var planes = ProductPlanes(scratch);
        var sums = scratch.Bias.Pointer;
        for (var k = 0; k < _wholeFilters; k += TWide.Lanes)
        {
            var sum = TWide.Load(sums + k);
            var source = planes.At(SumPoint) + k;
            for (var t = 0; t < block.Count; t++, source += planes.Row)
                sum += TWide.Load(source);
            sum.Store(sums + k);
        }
    }

    private void AddKernel(ConvBlock block, ConvScratch scratch)
    {
        var (inputs, products, sums) = (InputPlanes(scratch), ProductPlanes(scratch), GradientPlanes(scratch));
        for (var point = 0; point < Points; point++)
            MatrixProduct.Compute<TWide>(
                new(inputs.At(point), rowStep: 1, columnStep: inputs.Row),
                new(products.At(point), products.Row),
                new(sums.At(point), sums.Row),
                rows: RoundUp(_channels, MatrixProduct.RowMultiple),
                depth: block.Count,
                columns: _wholeFilters,
                add: true
            );
    }

    /// <summary>The gradients of a block's transformed inputs, which take the place of the inputs.</summary>
    private void MultiplyBack(ConvBlock block, ConvWeights weights, ConvScratch scratch)
    {
        var (inputs, products, kernel) = (InputPlanes(scratch), ProductPlanes(scratch), BackwardPlanes(weights));
        for (var point = 0; point < Points; point++)
            MatrixProduct.Compute<TWide>(
                new(products.At(point), products.Row),
                new(kernel.At(point), kernel.Row),
                new(inputs.At(point), inputs.Row),
                rows: RoundUp(block.Count, MatrixProduct.RowMultiple),
                depth: _filters,
                columns: _wholeChannels,
                add: false
            );
    }

    private void AddImages<T>(ConvBlock block, T* target, ConvScratch scratch)
        where T : unmanaged
    {
        var images = (block.First + block.Count + Geometry.Tiles - 1) / Geometry.Tiles;
        if (block.First == 0)
            new Span<float>(scratch.Images.Pointer, checked((int)(images * ImageLength))).Clear();
        _inputs.InputsAdjoint(InputPlanes(scratch), block, scratch.Images.Pointer);
        if ((block.First + block.Count) % Geometry.Tiles != 0)
            return;
        for (var i = 0; i < images; i++)
            _inputs.CopyImage(
                scratch.Images.Pointer + i * ImageLength,
                _wholeChannels,
                target + (nint)(block.Image + i) * Geometry.Input.Size
            );
    }
}
