namespace PSConvNet.Runtime.Kernels;

/// <summary>The weights of an <see cref="ImageConv"/> in the layout of its loops, which all workers read. Made once, and written in each step.</summary>
internal sealed unsafe class ConvWeights : IDisposable
{
    /// <param name="forward">The length of those that outputs are computed with.</param>
    /// <param name="backward">The length of those that gradients of images are computed with; 0 for none.</param>
    public ConvWeights(nint forward, nint backward)
    {
        Forward = new AlignedFloats(forward);
        Backward = backward == 0 ? null : new AlignedFloats(backward);
    }

    /// <summary>Those that outputs are computed with.</summary>
    public AlignedFloats Forward { get; }

    /// <summary>Those that gradients of images are computed with; null if none are wanted.</summary>
    public AlignedFloats? Backward { get; }

    /// <summary>The start of <see cref="Backward"/>; null if no window reaches a pixel, because there are no weights then.</summary>
    public float* BackwardPointer => Backward is null ? null : Backward.Pointer;

    /// <inheritdoc />
    public void Dispose()
    {
        Forward.Dispose();
        Backward?.Dispose();
    }
}

/// <summary>One worker's memory for an <see cref="ImageConv"/>. Forward and backward passes of the same convolution share it.</summary>
internal sealed class ConvScratch(ConvSizes sizes) : IDisposable
{
    private AlignedFloats? _kernel;
    private AlignedFloats? _images;
    private IDisposable? _part;

    /// <summary>How large it is.</summary>
    public ConvSizes Sizes { get; } = sizes;

    /// <summary>The inputs of a block as its products need them, and later their gradients.</summary>
    public AlignedFloats Inputs { get; } = new(sizes.Inputs);

    /// <summary>The products of a block, or their gradients.</summary>
    public AlignedFloats Products { get; } = new(sizes.Products);

    /// <summary>Intermediate results.</summary>
    public AlignedFloats Work { get; } = new(sizes.Work);

    /// <summary>A number per filter, in whole vectors.</summary>
    public AlignedFloats Bias { get; } = new(sizes.Bias);

    /// <summary>The gradient of the weights in the layout of the loops. Made when it is first asked for, since predictions need none.</summary>
    public AlignedFloats Kernel => _kernel ??= new(Sizes.Kernel);

    /// <summary>The gradients of a block's images, with padding, in fp32. Made when it is first asked for.</summary>
    public AlignedFloats Images => _images ??= new(Sizes.Images);

    /// <summary>The memory of a convolution that this one is divided into; made when it is first asked for.</summary>
    public T Part<T>(Func<T> make)
        where T : class, IDisposable => (T)(_part ??= make());

    /// <inheritdoc />
    public void Dispose()
    {
        _part?.Dispose();
        Inputs.Dispose();
        Products.Dispose();
        Work.Dispose();
        Bias.Dispose();
        _kernel?.Dispose();
        _images?.Dispose();
    }
}

/// <summary>How many numbers a worker's memory has room for, by their use in <see cref="ConvScratch"/>.</summary>
internal readonly record struct ConvSizes(nint Inputs, nint Products, nint Work, nint Bias, nint Kernel, nint Images);
