namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A 3 x 3 convolution with stride 1 of images in channels-last order, in fp32 or bf16 (<c>ushort</c>), by F. Winograd's minimal filtering: a tile of 4 x 4
/// outputs takes 36 products instead of 144. Products are fp32. Immutable and shared by all workers; each worker has a <see cref="WinogradScratch"/>.
/// </summary>
/// <remarks>
/// <para>
/// Inputs are transformed into planes, one per point of a tile. Each plane is multiplied by the transformed weights of its point, tiles x channels by
/// channels x filters, and the products are transformed into outputs. The backward pass is the exact adjoint: the gradients of outputs are
/// transformed once, and serve for the gradients of both weights and inputs. The gradient of the weights is summed over all images before it is
/// transformed back. Tiles are computed in blocks that stay in the second-level cache.
/// </para>
/// <para>
/// Results don't depend on how the work is timed: every sum has one order, which is that of the images. They do depend on the width of
/// vectors in their last bits, as far as the processor rounds products before it adds them.
/// </para>
/// </remarks>
internal abstract class WinogradConv(WinogradGeometry geometry, VectorWidth width)
{
    /// <summary>Tiles and shapes.</summary>
    public WinogradGeometry Geometry { get; } = geometry;

    /// <summary>The vectors that it computes with.</summary>
    public VectorWidth Width { get; } = width;

    /// <summary>Makes the convolution of a shape.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="padding">Rows and columns of zeros around the image.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    /// <param name="tileSize">Outputs down and across a tile, 2 or 4; null for the better one.</param>
    public static WinogradConv Create(
        Shape input,
        Shape output,
        Edges padding,
        VectorWidth? width = null,
        int? tileSize = null
    )
    {
        var best = WinogradGeometry.Best(input, output, padding);
        var geometry = tileSize is { } size ? best with { TileSize = size } : best;
        return geometry.TileSize switch
        {
            4 => Create<WinogradTile4>(geometry, width ?? VectorWidths.Best),
            2 => Create<WinogradTile2>(geometry, width ?? VectorWidths.Best),
            _ => throw new ArgumentOutOfRangeException(nameof(tileSize), tileSize, "Tiles have 2 or 4 outputs a side."),
        };
    }

    /// <summary>Memory for transformed weights.</summary>
    /// <param name="backward">Whether gradients of images will be wanted.</param>
    public abstract WinogradWeights NewWeights(bool backward);

    /// <summary>Memory for one worker.</summary>
    public abstract WinogradScratch NewScratch();

    /// <summary>Transforms a worker's part of the weights.</summary>
    /// <param name="kernel">All weights: filters x 3 x 3 x channels.</param>
    /// <param name="weights">Receives the part.</param>
    /// <param name="part">The number of the part, from 0. Parts may be transformed at the same time.</param>
    /// <param name="parts">How many parts there are.</param>
    public abstract void TransformWeights(ReadOnlySpan<float> kernel, WinogradWeights weights, int part, int parts);

    /// <summary>Computes the outputs of any number of images.</summary>
    /// <param name="images">The images, one after another.</param>
    /// <param name="weights">All parts of the weights, transformed.</param>
    /// <param name="bias">A number per filter; empty for none.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">Receives the outputs.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void Forward<T>(
        ReadOnlySpan<T> images,
        WinogradWeights weights,
        ReadOnlySpan<float> bias,
        bool relu,
        Span<T> outputs,
        WinogradScratch scratch
    )
        where T : unmanaged;

    /// <summary>Computes the outputs after 2 x 2 max pooling, and perhaps ReLU and dropout, without writing those before it.</summary>
    /// <param name="images">The images, one after another.</param>
    /// <param name="weights">All parts of the weights, transformed.</param>
    /// <param name="bias">A number per filter; empty for none.</param>
    /// <param name="pooling">What is done to the outputs.</param>
    /// <param name="keep">The mask of dropout, all ones or all zeros per pooled output; empty if nothing is dropped.</param>
    /// <param name="outputs">Receives the pooled outputs. A last odd row or column is in no window.</param>
    /// <param name="which">Receives what <see cref="PoolLoops"/> stores there; empty if there will be no backward pass.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void ForwardPooled<T>(
        ReadOnlySpan<T> images,
        WinogradWeights weights,
        ReadOnlySpan<float> bias,
        ConvPooling pooling,
        ReadOnlySpan<ushort> keep,
        Span<T> outputs,
        Span<byte> which,
        WinogradScratch scratch
    )
        where T : unmanaged;

    /// <summary>Computes the gradients of weights, bias and images over any number of images; an empty span for one that isn't wanted.</summary>
    /// <param name="images">The images of the forward pass.</param>
    /// <param name="gradients">The gradients of the outputs.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise empty.</param>
    /// <param name="weights">The weights of the forward pass.</param>
    /// <param name="kernel">Receives the weights' gradient, summed over the images.</param>
    /// <param name="bias">Receives the bias's gradient.</param>
    /// <param name="imageGradients">Receives the images' gradients.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void Backward<T>(
        ReadOnlySpan<T> images,
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> outputs,
        WinogradWeights weights,
        Span<float> kernel,
        Span<float> bias,
        Span<T> imageGradients,
        WinogradScratch scratch
    )
        where T : unmanaged;

    /// <summary>The same after <see cref="ForwardPooled"/>.</summary>
    /// <param name="images">The images of the forward pass.</param>
    /// <param name="gradients">The gradients of the pooled outputs.</param>
    /// <param name="which">What the forward pass stored.</param>
    /// <param name="scale">The factor of outputs that dropout kept.</param>
    /// <param name="weights">The weights of the forward pass.</param>
    /// <param name="kernel">Receives the weights' gradient, summed over the images.</param>
    /// <param name="bias">Receives the bias's gradient.</param>
    /// <param name="imageGradients">Receives the images' gradients.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void BackwardPooled<T>(
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
        where T : unmanaged;

    private static WinogradConv Create<TTile>(WinogradGeometry geometry, VectorWidth width)
        where TTile : struct, IWinogradTile =>
        width switch
        {
            _ when !VectorWidths.Has(width) => throw new PlatformNotSupportedException(
                $"This processor has no vectors of {(int)width} bits."
            ),
            VectorWidth.Bits512 => new WinogradConv<TTile, Wide512>(geometry, width),
            VectorWidth.Bits256 => new WinogradConv<TTile, Wide256>(geometry, width),
            _ => new WinogradConv<TTile, Wide128>(geometry, width),
        };
}
