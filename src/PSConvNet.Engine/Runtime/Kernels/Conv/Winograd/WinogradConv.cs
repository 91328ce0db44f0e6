namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A convolution with windows of 3 x 3 or 5 x 5 and stride 1 by S. Winograd's minimal filtering: of 3 x 3, a tile of 4 x 4 outputs takes 36 products instead
/// of 144, one of 7 x 7 outputs 81 instead of 441, and of 5 x 5 a tile of 2 x 2 outputs 36 instead of 100.
/// </summary>
/// <remarks>
/// Inputs are transformed into planes, one per point of a tile. Each plane is multiplied by the transformed weights of its point, tiles x channels by
/// channels x filters, and the products are transformed into outputs. The backward pass is the exact adjoint: the gradients of outputs are
/// transformed once, and serve for the gradients of both weights and inputs. The gradient of the weights is summed over all images before it is
/// transformed back. Tiles are computed in blocks that stay in the second-level cache.
/// </remarks>
internal abstract class WinogradConv(WinogradGeometry geometry, VectorWidth width)
    : ImageConv(
        geometry.Input,
        geometry.Output,
        geometry.Filters * geometry.Window * geometry.Window * geometry.Channels,
        width
    )
{
    /// <summary>Tiles and shapes.</summary>
    public WinogradGeometry Geometry { get; } = geometry;

    /// <summary>Whether outputs can be pooled: windows of 2 x 2 have to be within a tile.</summary>
    public bool CanPool => Geometry.TileSize % 2 == 0;

    // Of fewer channels, gathering takes less. Of one, 3 x 3: 2.3 ms against 2.8, forward and backward, for 64 images of 28 x 28 and 32 filters. Windows of
    // 5 x 5, whose tiles are smaller, transform nine numbers for each output: of three channels 18.7 ms against 20.3 for images of 32 x 32.
    private static int LeastChannels(Window window) => window.Height == 3 ? 2 : 6;

    /// <summary>Whether it can compute a convolution, and is faster than <see cref="GatherConv{TWide}"/>.</summary>
    public static bool CanCompute(Shape input, ConvGeometry geometry) =>
        (geometry.Window == new Window(3, 3) || geometry.Window == new Window(5, 5))
        && geometry.Stride == new Window(1, 1)
        && geometry.Dilation == new Window(1, 1)
        && geometry.Groups == 1
        && input[2] >= LeastChannels(geometry.Window);

    /// <summary>Makes the convolution of a shape.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters, perhaps without the last rows or columns.</param>
    /// <param name="geometry">The windows, which <see cref="CanCompute"/>.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    /// <param name="tileSize">Outputs down and across a tile, 2, 4 or 7; null for the best one.</param>
    /// <param name="pools">Whether outputs will be pooled.</param>
    public static WinogradConv Create(
        Shape input,
        Shape output,
        ConvGeometry geometry,
        VectorWidth? width = null,
        int? tileSize = null,
        bool pools = false
    )
    {
        var best = WinogradGeometry.Best(input, output, geometry.Edges, geometry.Window.Height, pools);
        var tiles = tileSize is { } size ? best with { TileSize = size } : best;
        var vectors = width ?? VectorWidths.Best;
        return (tiles.Window, tiles.TileSize) switch
        {
            (3, 7) => Create<WinogradTile7>(tiles, vectors),
            (3, 4) => Create<WinogradTile4>(tiles, vectors),
            (3, 2) => Create<WinogradTile2>(tiles, vectors),
            (5, 2) => Create<WinogradTile2Of5>(tiles, vectors),
            _ => throw new ArgumentOutOfRangeException(
                nameof(tileSize),
                tileSize,
                "Tiles have 2, 4 or 7 outputs a side, and 2 with windows of 5 x 5."
            ),
        };
    }

    /// <summary>Computes the outputs after 2 x 2 max pooling, and perhaps ReLU and dropout, without writing those before it.</summary>
    /// <param name="images">The images, one after another.</param>
    /// <param name="weights">All parts of the weights, transformed.</param>
    /// <param name="bias">A number per filter; empty for none.</param>
    /// <param name="pooling">What is done to the outputs.</param>
    /// <param name="keep">The mask of dropout, all ones or all zeros per pooled output; empty if nothing is dropped.</param>
    /// <param name="outputs">Receives the pooled outputs. A last odd row or column is in no window.</param>
    /// <param name="which">Receives what <see cref="PoolLoops"/> stores there; empty if there will be no backward pass.</param>
    /// <param name="scratch">The worker's memory.</param>
    /// <param name="part">Which part of the outputs; other workers may compute others, into the same spans.</param>
    public abstract void ForwardPooled<T>(
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
        where T : unmanaged;

    /// <summary>The backward pass after <see cref="ForwardPooled"/>.</summary>
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
        ConvWeights weights,
        Span<float> kernel,
        Span<float> bias,
        Span<T> imageGradients,
        ConvScratch scratch
    )
        where T : unmanaged;

    protected void RequirePooling()
    {
        if (!CanPool)
            throw new InvalidOperationException("Windows of 2 x 2 lie across these tiles.");
    }

    private static WinogradConv Create<TTile>(WinogradGeometry geometry, VectorWidth width)
        where TTile : struct, IWinogradTile
    {
        VectorWidths.Require(width);
        return width switch
        {
            VectorWidth.Bits512 => new WinogradConv<TTile, Wide512>(geometry, width),
            VectorWidth.Bits256 => new WinogradConv<TTile, Wide256>(geometry, width),
            _ => new WinogradConv<TTile, Wide128>(geometry, width),
        };
    }
}
