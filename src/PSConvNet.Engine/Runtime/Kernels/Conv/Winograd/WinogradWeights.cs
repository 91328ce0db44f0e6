namespace PSConvNet.Runtime.Kernels;

/// <summary>The transformed weights of a <see cref="WinogradConv"/>, which all workers read. Made once, and written in each step.</summary>
internal sealed class WinogradWeights : IDisposable
{
    /// <param name="forward">The length of those that outputs are computed with.</param>
    /// <param name="backward">The length of those that gradients of images are computed with; 0 for none.</param>
    public WinogradWeights(nint forward, nint backward)
    {
        Forward = new AlignedFloats(forward);
        Backward = backward == 0 ? null : new AlignedFloats(backward);
    }

    /// <summary>points x channels x filters.</summary>
    public AlignedFloats Forward { get; }

    /// <summary>points x filters x channels; null if no gradient of images is wanted.</summary>
    public AlignedFloats? Backward { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        Forward.Dispose();
        Backward?.Dispose();
    }
}

/// <summary>One worker's memory for a <see cref="WinogradConv"/>. Forward and backward passes of the same convolution share it.</summary>
internal sealed class WinogradScratch(WinogradSizes sizes) : IDisposable
{
    private AlignedFloats? _kernel;
    private AlignedFloats? _images;

    /// <summary>How large it is.</summary>
    public WinogradSizes Sizes { get; } = sizes;

    /// <summary>The transformed inputs of a block of tiles, and later their gradients.</summary>
    public AlignedFloats Inputs { get; } = new(sizes.Inputs);

    /// <summary>The products of a block of tiles, or their gradients.</summary>
    public AlignedFloats Products { get; } = new(sizes.Products);

    /// <summary>Intermediate results of a tile.</summary>
    public AlignedFloats Work { get; } = new(sizes.Work);

    /// <summary>A number per filter, in whole vectors.</summary>
    public AlignedFloats Bias { get; } = new(sizes.Bias);

    /// <summary>The gradient of the transformed weights. Made when it is first asked for, since predictions need none.</summary>
    public AlignedFloats Kernel => _kernel ??= new(Sizes.Kernel);

    /// <summary>The gradients of a block's images as the tiles read them. Made when it is first asked for.</summary>
    public AlignedFloats Images => _images ??= new(Sizes.Images);

    /// <inheritdoc />
    public void Dispose()
    {
        Inputs.Dispose();
        Products.Dispose();
        Work.Dispose();
        Bias.Dispose();
        _kernel?.Dispose();
        _images?.Dispose();
    }
}

/// <summary>How many numbers a worker's memory has room for, by their use in <see cref="WinogradScratch"/>.</summary>
internal readonly record struct WinogradSizes(
    nint Inputs,
    nint Products,
    nint Work,
    nint Bias,
    nint Kernel,
    nint Images
);
