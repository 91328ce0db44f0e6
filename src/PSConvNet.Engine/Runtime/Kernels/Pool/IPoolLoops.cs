namespace PSConvNet.Runtime.Kernels;

/// <summary>Max pooling, ReLU and dropout of one image in one pass, and their common backward pass, in one precision.</summary>
/// <typeparam name="T">A value's bits.</typeparam>
internal interface IPoolLoops<T>
    where T : unmanaged
{
    /// <summary>Pools an image.</summary>
    /// <param name="input">The image.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="which">
    /// Receives for each output the position within its window of the pixel that it came from, or <see cref="PoolLoops.Nowhere"/> where no
    /// gradient goes back. Empty if there will be no backward pass.
    /// </param>
    /// <param name="geometry">The shapes.</param>
    /// <param name="offsets">As <see cref="PoolGeometry.Offsets"/> gives them.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="keep">The dropout mask, all ones or all zeros for each output; empty if nothing is dropped.</param>
    /// <param name="scale">The factor for kept values.</param>
    static abstract void Forward(
        ReadOnlySpan<T> input,
        Span<T> output,
        Span<byte> which,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        bool relu,
        ReadOnlySpan<ushort> keep,
        float scale
    );

    /// <summary>Takes the gradient with respect to the output back to the pixels that won.</summary>
    /// <param name="gradient">With respect to the output.</param>
    /// <param name="which">As the forward pass filled it.</param>
    /// <param name="result">Receives the gradient with respect to the image.</param>
    /// <param name="geometry">The shapes.</param>
    /// <param name="offsets">As <see cref="PoolGeometry.Offsets"/> gives them.</param>
    /// <param name="scale">The factor for kept values.</param>
    static abstract void Backward(
        ReadOnlySpan<T> gradient,
        ReadOnlySpan<byte> which,
        Span<T> result,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        float scale
    );
}
