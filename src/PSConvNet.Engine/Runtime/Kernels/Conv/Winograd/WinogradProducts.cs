namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The planes of a Winograd convolution and the products of them, one a point: tiles x channels by channels x filters, and likewise for the gradients.
/// </summary>
/// <remarks>Meanwhile the memory that the transforms need next is brought nearer, some of it at each point.</remarks>
internal sealed unsafe class WinogradProducts<TTile, TWide>
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    /// <summary>Numbers between planes, so that the same tile's numbers don't compete for the same lines of the first-level cache.</summary>
    private const int Gap = 16;

    // The point whose output coefficients are all 1: see IWinogradTile.
    private static int SumPoint => TTile.Points + 1;

    private readonly int _channels;
    private readonly int _filters;
    private readonly int _wholeChannels;
    private readonly int _wholeFilters;
    private readonly nint _inputPlane;
    private readonly nint _productPlane;
    private readonly nint _forwardPlane;
    private readonly nint _backwardPlane;
    private readonly nint _gradientPlane;

    /// <param name="channels">Channels.</param>
    /// <param name="filters">Filters.</param>
    /// <param name="blockTiles">The most tiles of a block.</param>
    public WinogradProducts(int channels, int filters, int blockTiles)
    {
        (_channels, _filters) = (channels, filters);
        (_wholeChannels, _wholeFilters) = (RoundUp(channels, TWide.Lanes), RoundUp(filters, TWide.Lanes));
        var rows = RoundUp(blockTiles, MatrixProduct.RowMultiple);
        _inputPlane = (nint)rows * _wholeChannels + Gap;
        _productPlane = (nint)rows * _wholeFilters + Gap;
        _forwardPlane = (nint)channels * _wholeFilters + Gap;
        _backwardPlane = (nint)filters * _wholeChannels + Gap;
        // Rows of channels, which are whole vectors in the planes of inputs.
        _gradientPlane = (nint)_wholeChannels * _wholeFilters + Gap;
    }

    /// <summary>The number of planes.</summary>
    public static int Points => TTile.Points * TTile.Points;

    public nint InputLength => Points * _inputPlane;

    public nint ProductLength => Points * _productPlane;

    public nint KernelLength => Points * _gradientPlane;

    public (nint Forward, nint Backward) WeightLengths => (Points * _forwardPlane, Points * _backwardPlane);

    public Planes Inputs(ConvScratch scratch) => new((nint)scratch.Inputs.Pointer, _inputPlane, _wholeChannels);

    public Planes Products(ConvScratch scratch) => new((nint)scratch.Products.Pointer, _productPlane, _wholeFilters);

    public Planes Forward(ConvWeights weights) => new((nint)weights.Forward.Pointer, _forwardPlane, _wholeFilters);

    public Planes Backward(ConvWeights weights) => new((nint)weights.Backward!.Pointer, _backwardPlane, _wholeChannels);

    public Planes KernelGradients(ConvScratch scratch) =>
        new((nint)scratch.Kernel.Pointer, _gradientPlane, _wholeFilters);

    /// <summary>The products of a block's inputs and the weights.</summary>
    public void Multiply(
        ConvBlock block,
        ConvWeights weights,
        ConvScratch scratch,
        MemoryAhead nextInputs,
        MemoryAhead outputs
    )
    {
        var (inputs, kernel, products) = (Inputs(scratch), Forward(weights), Products(scratch));
        for (var point = 0; point < Points; point++)
        {
            nextInputs.Fetch(point, Points);
            outputs.Fetch(point, Points);
            MatrixProduct.Compute<TWide>(
                new(inputs.At(point), inputs.Row),
                new(kernel.At(point), kernel.Row),
                new(products.At(point), products.Row),
                rows: RoundUp(block.Count, MatrixProduct.RowMultiple),
                depth: _channels,
                columns: _wholeFilters,
                add: false
            );
        }
    }

    /// <summary>Adds the gradient of the bias to the scratch's.</summary>
    public void AddBias(ConvBlock block, ConvScratch scratch)
    {
        var planes = Products(scratch);
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

    /// <summary>Adds the gradient of the transformed weights to the scratch's.</summary>
    public void AddKernel(ConvBlock block, ConvScratch scratch, MemoryAhead nextInputs, MemoryAhead inputGradients)
    {
        var (inputs, products, sums) = (Inputs(scratch), Products(scratch), KernelGradients(scratch));
        for (var point = 0; point < Points; point++)
        {
            nextInputs.Fetch(point, Points);
            inputGradients.Fetch(point, Points);
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
    }

    /// <summary>The gradients of a block's transformed inputs, which take the place of the inputs.</summary>
    public void MultiplyBack(
        ConvBlock block,
        ConvWeights weights,
        ConvScratch scratch,
        MemoryAhead nextGradients,
        MemoryAhead nextOutputs
    )
    {
        var (inputs, products, kernel) = (Inputs(scratch), Products(scratch), Backward(weights));
        for (var point = 0; point < Points; point++)
        {
            nextGradients.Fetch(point, Points);
            nextOutputs.Fetch(point, Points);
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
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
