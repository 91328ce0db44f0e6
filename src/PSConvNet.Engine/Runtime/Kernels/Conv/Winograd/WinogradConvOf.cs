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

    private readonly WinogradTransforms<TTile, TWide> _transforms;
    private readonly int _channels;
    private readonly int _filters;
    private readonly int _wholeChannels;
    private readonly int _wholeFilters;
    private readonly int _blockTiles;
    private readonly int _blockImages;

    public WinogradConv(WinogradGeometry geometry, VectorWidth width)
        : base(geometry, width)
    {
        _transforms = new(geometry);
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
    public override WinogradWeights NewWeights(bool backward) =>
        new(Points * ForwardPlane, backward ? Points * BackwardPlane : 0);

    private WinogradSizes Sizes =>
        new(
            Inputs: Points * InputPlane,
            Products: Points * ProductPlane,
            Work: WinogradTransforms<TTile, TWide>.WorkLength,
            Bias: _wholeFilters,
            Kernel: Points * GradientPlane,
            Images: _blockImages * ImageLength
        );

    /// <inheritdoc />
    public override WinogradScratch NewScratch() => new(Sizes);

    private nint ImageLength => (nint)Geometry.ReadHeight * Geometry.ReadWidth * _wholeChannels;

    /// <inheritdoc />
    public override void TransformWeights(ReadOnlySpan<float> kernel, WinogradWeights weights, int part, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)part, (uint)parts);
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, KernelLength);
        Check(weights);
        var vectors = _wholeFilters / TWide.Lanes;
        var (first, end) = (part * vectors / parts * TWide.Lanes, (part + 1) * vectors / parts * TWide.Lanes);
        fixed (float* source = kernel)
        {
            for (var filter = first; filter < end; filter += TWide.Lanes)
                WinogradKernelTransforms<TTile, TWide>.ToFilters(
                    source,
                    _channels,
                    _filters,
                    filter,
                    ForwardPlanes(weights)
                );
            if (weights.Backward is not null)
                WinogradKernelTransforms<TTile, TWide>.ToChannels(
                    source,
                    _channels,
                    first,
                    Math.Min(end, _filters) - first,
                    BackwardPlanes(weights)
                );
        }
    }

    /// <inheritdoc />
    public override void Forward<T>(
        ReadOnlySpan<T> images,
        WinogradWeights weights,
        ReadOnlySpan<float> bias,
        bool relu,
        Span<T> outputs,
        WinogradScratch scratch
    )
    {
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, count * Geometry.Output.Size);
        CheckEmptyOr(bias.Length, _filters);
        Check(weights, scratch);
        SetBias(bias, scratch);
        fixed (
            T* source = images,
                target = outputs
        )
        {
            foreach (var block in Blocks(count))
            {
                var products = Products(source, source + images.Length, block, weights, scratch);
                _transforms.Outputs(products, block, scratch.Bias.Pointer, relu, target, scratch.Work.Pointer);
            }
        }
    }

    /// <inheritdoc />
    public override void ForwardPooled<T>(
        ReadOnlySpan<T> images,
        WinogradWeights weights,
        ReadOnlySpan<float> bias,
        ConvPooling pooling,
        ReadOnlySpan<ushort> keep,
        Span<T> outputs,
        Span<byte> which,
        WinogradScratch scratch
    )
    {
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, count * PooledSize);
        CheckEmptyOr(keep.Length, outputs.Length);
        CheckEmptyOr(which.Length, outputs.Length);
        CheckEmptyOr(bias.Length, _filters);
        Check(weights, scratch);
        SetBias(bias, scratch);
        fixed (
            T* source = images,
                target = outputs
        )
        fixed (byte* origins = which)
        fixed (ushort* mask = keep)
        {
            foreach (var block in Blocks(count))
            {
                var products = Products(source, source + images.Length, block, weights, scratch);
                _transforms.PooledOutputs(
                    products,
                    block,
                    scratch.Bias.Pointer,
                    pooling,
                    target,
                    origins,
                    mask,
                    scratch.Work.Pointer
                );
            }
        }
    }

    /// <inheritdoc />
    public override void Backward<T>(
        ReadOnlySpan<T> images,
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> outputs,
        WinogradWeights weights,
        Span<float> kernel,
        Span<float> bias,
        Span<T> imageGradients,
        WinogradScratch scratch
    )
    {
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradients.Length, count * Geometry.Output.Size);
        CheckEmptyOr(outputs.Length, gradients.Length);
        CheckBackward(images.Length, weights, kernel, bias, imageGradients.Length, scratch);
        Start(kernel, bias, scratch);
        fixed (
            T* source = images,
                from = gradients,
                result = outputs,
                target = imageGradients
        )
        {
            foreach (var block in Blocks(count))
            {
                var planes = ProductPlanes(scratch);
                var end = from + gradients.Length;
                _transforms.OutputsAdjoint(from, end, result, block, planes, scratch.Work.Pointer);
                Backward(source, source + images.Length, block, weights, kernel, bias, target, scratch);
            }
        }
        Finish(kernel, bias, scratch);
    }

    /// <inheritdoc />
    public override void BackwardPooled<T>(
        ReadOnlySpan<T> images,
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<byte> which,
        float scale,
        WinogradWeights weights,
        Span<float> kernel,
        Span<float> bias,
        Span<T> imageGradients,
        WinogradScratch scratch
    )
    {
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradients.Length, count * PooledSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(which.Length, gradients.Length);
        CheckBackward(images.Length, weights, kernel, bias, imageGradients.Length, scratch);
        Start(kernel, bias, scratch);
        fixed (
            T* source = images,
                from = gradients,
                target = imageGradients
        )
        fixed (byte* origins = which)
        {
            foreach (var block in Blocks(count))
            {
                var planes = ProductPlanes(scratch);
                _transforms.PooledOutputsAdjoint(from, origins, scale, block, planes, scratch.Work.Pointer);
                Backward(source, source + images.Length, block, weights, kernel, bias, target, scratch);
            }
        }
        Finish(kernel, bias, scratch);
    }

    private int KernelLength => _filters * 9 * _channels;

    private int PooledSize => Geometry.Output[0] / 2 * (Geometry.Output[1] / 2) * _filters;

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private IEnumerable<TileBlock> Blocks(int images) => TileBlock.Of(images, Geometry.Tiles, _blockTiles);

    private Planes InputPlanes(WinogradScratch scratch) =>
        new((nint)scratch.Inputs.Pointer, InputPlane, _wholeChannels);

    private Planes ProductPlanes(WinogradScratch scratch) =>
        new((nint)scratch.Products.Pointer, ProductPlane, _wholeFilters);

    private Planes ForwardPlanes(WinogradWeights weights) =>
        new((nint)weights.Forward.Pointer, ForwardPlane, _wholeFilters);

    private Planes BackwardPlanes(WinogradWeights weights) =>
        new((nint)weights.Backward!.Pointer, BackwardPlane, _wholeChannels);

    private Planes GradientPlanes(WinogradScratch scratch) =>
        new((nint)scratch.Kernel.Pointer, GradientPlane, _wholeFilters);

    /// <summary>A block's inputs, transformed and multiplied by the weights.</summary>
    private Planes Products<T>(T* images, T* end, TileBlock block, WinogradWeights weights, WinogradScratch scratch)
        where T : unmanaged
    {
        var (inputs, kernel, products) = (InputPlanes(scratch), ForwardPlanes(weights), ProductPlanes(scratch));
        _transforms.Inputs(images, end, block, inputs, scratch.Work.Pointer);
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
        TileBlock block,
        WinogradWeights weights,
        Span<float> kernel,
        Span<float> bias,
        T* target,
        WinogradScratch scratch
    )
        where T : unmanaged
    {
        if (!bias.IsEmpty)
            AddBias(block, scratch);
        if (!kernel.IsEmpty)
        {
            _transforms.Inputs(images, end, block, InputPlanes(scratch), scratch.Work.Pointer);
            AddKernel(block, scratch);
        }
        if (target != null)
        {
            MultiplyBack(block, weights, scratch);
            AddImages(block, target, scratch);
        }
    }

    private void AddBias(TileBlock block, WinogradScratch scratch)
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

    private void AddKernel(TileBlock block, WinogradScratch scratch)
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
    private void MultiplyBack(TileBlock block, WinogradWeights weights, WinogradScratch scratch)
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

    private void AddImages<T>(TileBlock block, T* target, WinogradScratch scratch)
        where T : unmanaged
    {
        var images = (block.Tile + block.Count + Geometry.Tiles - 1) / Geometry.Tiles;
        if (block.Tile == 0)
            new Span<float>(scratch.Images.Pointer, checked((int)(images * ImageLength))).Clear();
        _transforms.InputsAdjoint(InputPlanes(scratch), block, scratch.Images.Pointer, scratch.Work.Pointer);
        if ((block.Tile + block.Count) % Geometry.Tiles != 0)
            return;
        for (var i = 0; i < images; i++)
            _transforms.CopyImage(
                scratch.Images.Pointer + i * ImageLength,
                _wholeChannels,
                target + (nint)(block.Image + i) * Geometry.Input.Size
            );
    }

    private static void Start(Span<float> kernel, Span<float> bias, WinogradScratch scratch)
    {
        if (!kernel.IsEmpty)
            scratch.Kernel.Clear();
        if (!bias.IsEmpty)
            scratch.Bias.Clear();
    }

    private void Finish(Span<float> kernel, Span<float> bias, WinogradScratch scratch)
    {
        fixed (float* target = kernel)
        {
            if (!kernel.IsEmpty)
                WinogradKernelTransforms<TTile, TWide>.Adjoint(GradientPlanes(scratch), _channels, _filters, target);
        }
        if (!bias.IsEmpty)
            new Span<float>(scratch.Bias.Pointer, _filters).CopyTo(bias);
    }

    private static void SetBias(ReadOnlySpan<float> bias, WinogradScratch scratch)
    {
        scratch.Bias.Clear();
        bias.CopyTo(new Span<float>(scratch.Bias.Pointer, (int)scratch.Bias.Length));
    }

    private int Count<T>(ReadOnlySpan<T> images)
        where T : unmanaged
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Length % Geometry.Input.Size, 0);
        return images.Length / Geometry.Input.Size;
    }

    private void CheckBackward(
        int images,
        WinogradWeights weights,
        Span<float> kernel,
        Span<float> bias,
        int imageGradients,
        WinogradScratch scratch
    )
    {
        CheckEmptyOr(kernel.Length, KernelLength);
        CheckEmptyOr(bias.Length, _filters);
        CheckEmptyOr(imageGradients, images);
        Check(weights, scratch);
        if (imageGradients > 0)
            ArgumentNullException.ThrowIfNull(weights.Backward);
    }

    private static void CheckEmptyOr(int length, int expected)
    {
        if (length != 0)
            ArgumentOutOfRangeException.ThrowIfNotEqual(length, expected);
    }

    private void Check(WinogradWeights weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Forward.Length, Points * ForwardPlane);
        if (weights.Backward is not null)
            ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Backward.Length, Points * BackwardPlane);
    }

    private void Check(WinogradWeights weights, WinogradScratch scratch)
    {
        Check(weights);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scratch.Sizes, Sizes);
    }
}
