namespace PSConvNet.Runtime.Kernels;

/// <summary>The transforms of a Winograd convolution F(size x size, window x window), one vector of channels or filters at a time.</summary>
/// <remarks>
/// <para>
/// outputs = Outputs(Kernel(weights) x Inputs(inputs)), the product number by number. All but the kernel's transform a whole tile, down and across. The
/// planes of a tile's points lie at equal distances, row by row. An adjoint is the transposed matrix.
/// </para>
/// <para>
/// The matrices are those of Toom and Cook, as in A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks" (2016): a product of two
/// polynomials is found from its values at some points. The points come in pairs x and -x, whose values share the polynomial's even and odd parts.
/// Point 1 of each axis is x = 1: its output coefficients are all 1, so that the adjoint of the outputs has the sum of a tile's gradients there.
/// </para>
/// <para>
/// Fast because two rows at a time go through both passes in registers, so that nothing is written between them. Each pair of rows is a
/// method of its own: the runtime stops inlining where a method has more than 512 variables.
/// </para>
/// </remarks>
internal unsafe interface IWinogradTile
{
    /// <summary>Outputs down and across.</summary>
    static abstract int Size { get; }

    /// <summary>Weights down and across.</summary>
    static abstract int Window { get; }

    /// <summary>Inputs down and across, and products: size + window - 1.</summary>
    static abstract int Points { get; }

    /// <summary>A tile's inputs to its planes.</summary>
    /// <param name="from">The first input.</param>
    /// <param name="rowStep">The distance between rows of inputs.</param>
    /// <param name="pixelStep">The distance between neighbours in a row.</param>
    /// <param name="to">The first plane's number.</param>
    /// <param name="plane">The distance between planes.</param>
    static abstract void Inputs<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>;

    /// <summary>Adds the gradients of a tile's inputs, made from those in its planes, to what is there.</summary>
    /// <param name="from">The first plane's number.</param>
    /// <param name="plane">The distance between planes.</param>
    /// <param name="to">The first input's gradient.</param>
    /// <param name="rowStep">The distance between rows of inputs.</param>
    /// <param name="pixelStep">The distance between neighbours in a row.</param>
    static abstract void InputsAdjoint<TWide>(float* from, nint plane, float* to, nint rowStep, nint pixelStep)
        where TWide : struct, IWide<TWide>;

    /// <summary>A tile's products to its outputs, vector by vector.</summary>
    /// <param name="from">The first plane's number.</param>
    /// <param name="plane">The distance between planes.</param>
    /// <param name="to">Receives size x size vectors.</param>
    static abstract void Outputs<TWide>(float* from, nint plane, float* to)
        where TWide : struct, IWide<TWide>;

    /// <summary>The gradients of a tile's outputs to those of its products.</summary>
    /// <param name="from">The first output's gradient.</param>
    /// <param name="rowStep">The distance between rows of outputs.</param>
    /// <param name="pixelStep">The distance between neighbours in a row.</param>
    /// <param name="to">The first plane's number.</param>
    /// <param name="plane">The distance between planes.</param>
    static abstract void OutputsAdjoint<TWide>(float* from, nint rowStep, nint pixelStep, float* to, nint plane)
        where TWide : struct, IWide<TWide>;

    /// <summary>A row or column of Window weights, at distances of <paramref name="step"/>, to Points numbers.</summary>
    static abstract void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;

    /// <summary>The gradients of Points numbers to those of Window weights.</summary>
    static abstract void KernelAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;
}
