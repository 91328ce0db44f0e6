namespace PSConvNet.Runtime.Kernels;

/// <summary>The one-dimensional transforms of a Winograd convolution F(size, 3). Those of an image apply them down, then across.</summary>
/// <remarks>
/// <para>
/// Each reads its numbers at distances of <c>step</c>, one vector of channels each, and writes its results at distances of <c>toStep</c>.
/// outputs = Outputs(Kernel(weights) x Inputs(inputs)), the product number by number. An adjoint is the transposed matrix.
/// </para>
/// <para>
/// The matrices are those of A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks" (2016). Point 1 stands for the polynomials'
/// value at 1: its output coefficients are all 1, so that the adjoint of the outputs has the sum of a tile's gradients there.
/// </para>
/// </remarks>
internal unsafe interface IWinogradTile
{
    /// <summary>Outputs.</summary>
    static abstract int Size { get; }

    /// <summary>Inputs, and products: size + 2.</summary>
    static abstract int Points { get; }

    /// <summary>Points inputs to as many.</summary>
    static abstract void Inputs<TWide, T>(T* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
        where T : unmanaged;

    /// <summary>Points gradients to those of as many inputs.</summary>
    static abstract void InputsAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;

    /// <summary>Points products to Size outputs.</summary>
    static abstract void Outputs<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;

    /// <summary>Gradients of Size outputs to those of Points products.</summary>
    static abstract void OutputsAdjoint<TWide, T>(T* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>
        where T : unmanaged;

    /// <summary>3 weights to Points.</summary>
    static abstract void Kernel<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;

    /// <summary>Points gradients to those of 3 weights.</summary>
    static abstract void KernelAdjoint<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;
}
