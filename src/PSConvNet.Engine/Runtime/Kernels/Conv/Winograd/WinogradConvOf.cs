namespace PSConvNet.Runtime.Kernels;

/// <summary>A <see cref="WinogradConv"/> compiled for one size of tiles and one width of vectors.</summary>
internal sealed unsafe class WinogradConv<TTile, TWide> : WinogradConv
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    /// <summary>Bytes of a block's inputs and products. With the weights, and what is fetched ahead, they fit into the second-level cache.</summary>
    private const int BlockBytes = 384 * 1024;

    private const int MostTiles = 192;

    /// <summary>With fewer tiles, loading the weights takes longer than multiplying by them; with more of 81 points, planes leave the second-level cache.</summary>
    private static int LeastTiles => TTile.Size > 4 ? 12 : 24;

    private readonly WinogradInputs<TTile, TWide> _inputs;
    private readonly WinogradOutputs<TTile, TWide> _outputs;
    private readonly WinogradPooling<TTile, TWide> _pooling;
    private readonly WinogradProducts<TTile, TWide> _products;
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
        var tileBytes = (long)WinogradProducts<TTile, TWide>.Points * (_wholeChannels + _wholeFilters) * sizeof(float);
        _blockTiles = (int)Math.Clamp(BlockBytes / tileBytes, LeastTiles, MostTiles);
        _blockImages = Math.Max(1, _blockTiles / geometry.Tiles);
        _products = new(_channels, _filters, _blockTiles);
    }

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths => _products.WeightLengths;

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(
            Inputs: _products.InputLength,
            Products: _products.ProductLength,
            Work: WinogradInputs<TTile, TWide>.WorkLength,
            Bias: _wholeFilters,
            Kernel: _products.KernelLength,
            Images: _blockImages * ImageLength
        );

    private nint ImageLength => (nint)Geometry.ReadHeight * Geometry.ReadWidth * _wholeChannels;

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, WorkPart part)
    {
        var (firstVector, endVector) = part.Of(_wholeFilters / TWide.Lanes);
        var (first, end) = ((int)firstVector * TWide.Lanes, (int)endVector * TWide.Lanes);
        for (var filter = first; filter < end; filter += TWide.Lanes)
            WinogradKernelTransforms<TTile, TWide>.ToFilters(
                kernel,
                _channels,
                _filters,
                filter,
                _products.Forward(weights)
            );
        if (weights.Backward is not null)
            WinogradKernelTransforms<TTile, TWide>.ToChannels(
                kernel,
                _channels,
                first,
                Math.Min(end, _filters) - first,
                _products.Backward(weights)
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
        WorkPart part
    )
    {
        foreach (var block in Blocks(count, part))
        {
            var products = Products(images, count, block, weights, Memory(outputs, count, Output.Size, block), scratch);
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
        foreach (var block in Blocks(count, WorkPart.Whole))
        {
            var planes = _products.Products(scratch);
            _outputs.OutputsAdjoint(gradients, end, outputs, block, planes, scratch.Work.Pointer);
            var nextGradients = Next(gradients, count, Output.Size, block);
            var nextOutputs = Next(outputs, count, Output.Size, block);
            Backward(images, count, block, weights, wanted, imageGradients, nextGradients, nextOutputs, scratch);
        }
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel) =>
        WinogradKernelTransforms<TTile, TWide>.Adjoint(_products.KernelGradients(scratch), _channels, _filters, kernel);

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
        WorkPart part
    )
    {
        part.Check();
        RequirePooling();
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
                var products = Products(
                    source,
                    count,
                    block,
                    weights,
                    Memory(target, count, PooledSize, block),
                    scratch
                );
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
        RequirePooling();
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
            foreach (var block in Blocks(count, WorkPart.Whole))
            {
                var planes = _products.Products(scratch);
                _pooling.OutputsAdjoint(from, origins, scale, block, planes, scratch.Work.Pointer);
                var nextGradients = Next(from, count, PooledSize, block);
                var nextOrigins = Next(origins, count, PooledSize, block);
                Backward(source, count, block, weights, wanted, target, nextGradients, nextOrigins, scratch);
            }
        }
        FinishBackward(kernel, bias, scratch);
        KeepAlive(weights, scratch);
    }

    private int PooledSize => Geometry.Output[0] / 2 * (Geometry.Output[1] / 2) * _filters;

    private T* End<T>(T* images, int count)
        where T : unmanaged => images + (nint)count * Input.Size;

    /// <summary>A block's part of some memory.</summary>
    private MemoryAhead Memory<T>(T* memory, int images, int imageSize, ConvBlock block)
        where T : unmanaged => Memory(memory, images, imageSize, FirstOf(block), block.Count);

    /// <summary>That of the block that follows, which is about as large.</summary>
    private MemoryAhead Next<T>(T* memory, int images, int imageSize, ConvBlock block)
        where T : unmanaged => Memory(memory, images, imageSize, FirstOf(block) + block.Count, block.Count);

    private MemoryAhead Memory<T>(T* memory, int images, int imageSize, long first, int count)
        where T : unmanaged => MemoryAhead.Of(memory, imageSize, images, Geometry.Tiles, first, count);

    private long FirstOf(ConvBlock block) => (long)block.Image * Geometry.Tiles + block.First;

    private IEnumerable<ConvBlock> Blocks(int images, WorkPart part) =>
        ConvBlock.Of(images, Geometry.Tiles, _blockTiles, part);

    /// <summary>A block's inputs, transformed and multiplied by the weights.</summary>
    private Planes Products<T>(
        T* images,
        int count,
        ConvBlock block,
        ConvWeights weights,
        MemoryAhead outputs,
        ConvScratch scratch
    )
        where T : unmanaged
    {
        _inputs.Inputs(images, End(images, count), block, _products.Inputs(scratch), scratch.Work.Pointer);
        _products.Multiply(block, weights, scratch, Next(images, count, Input.Size, block), outputs);
        return _products.Products(scratch);
    }

    /// <summary>The contribution of a block, whose gradients of products are in their planes.</summary>
    private void Backward<T>(
        T* images,
        int count,
        ConvBlock block,
        ConvWeights weights,
        ParameterGradients wanted,
        T* target,
        MemoryAhead nextGradients,
        MemoryAhead nextOutputs,
        ConvScratch scratch
    )
        where T : unmanaged
    {
        if (wanted.Bias)
            _products.AddBias(block, scratch);
        if (wanted.Kernel)
        {
            _inputs.Inputs(images, End(images, count), block, _products.Inputs(scratch), scratch.Work.Pointer);
            var nextInputs = Next(images, count, Input.Size, block);
            _products.AddKernel(block, scratch, nextInputs, Memory(target, count, Input.Size, block));
        }
        if (target != null)
        {
            _products.MultiplyBack(block, weights, scratch, nextGradients, nextOutputs);
            AddImages(block, target, scratch);
        }
    }

    private void AddImages<T>(ConvBlock block, T* target, ConvScratch scratch)
        where T : unmanaged
    {
        var images = (block.First + block.Count + Geometry.Tiles - 1) / Geometry.Tiles;
        if (block.First == 0)
            new Span<float>(scratch.Images.Pointer, checked((int)(images * ImageLength))).Clear();
        _inputs.InputsAdjoint(_products.Inputs(scratch), block, scratch.Images.Pointer);
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
