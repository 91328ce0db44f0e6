namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The largest value that a function has in each window of an image, for functions that fall to a lowest point and rise from there, as GELU and SiLU do.
/// Memory is fp32 or bf16 (<c>ushort</c>); the arithmetic is fp32.
/// </summary>
/// <remarks>
/// Fast because such a function is largest at the largest or the smallest of a window's numbers: it is computed for two of them only, and
/// what it makes of all numbers is never in memory. Where several values of a window are equal, the largest number wins. The plain version is PlainActivation with
/// PlainPool in the tests.
/// </remarks>
internal abstract class ValleyPoolLoops(PoolGeometry geometry)
{
    /// <summary>The geometry.</summary>
    protected PoolGeometry Geometry { get; } = geometry;

    /// <summary>Whether there are loops for a function.</summary>
    public static bool CanCompute(Activation activation) => activation is Activation.GELU or Activation.SiLU;

    /// <summary>The loops for a function.</summary>
    /// <param name="activation">One of those that <see cref="CanCompute"/> names.</param>
    /// <param name="geometry">The shapes; channels are a multiple of <see cref="PoolLoops.Lanes"/>.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    public static ValleyPoolLoops Create(Activation activation, PoolGeometry geometry, VectorWidth? width = null)
    {
        var best = width ?? VectorWidths.Best;
        VectorWidths.Require(best);
        return best switch
        {
            VectorWidth.Bits512 => Create<Wide512>(activation, geometry),
            VectorWidth.Bits256 => Create<Wide256>(activation, geometry),
            _ => Create<Wide128>(activation, geometry),
        };
    }

    /// <summary>Computes the largest values of an image's windows.</summary>
    /// <param name="image">The image.</param>
    /// <param name="output">Receives the values.</param>
    /// <param name="winners">Receives the numbers that they are the function's values of; empty if there will be no backward pass.</param>
    /// <param name="which">Receives the positions of these numbers within their windows; as long as <paramref name="winners"/>.</param>
    public abstract void Forward<T>(ReadOnlySpan<T> image, Span<T> output, Span<T> winners, Span<byte> which)
        where T : unmanaged;

    private static ValleyPoolLoops Create<TWide>(Activation activation, PoolGeometry geometry)
        where TWide : struct, IWide<TWide> =>
        activation switch
        {
            Activation.GELU => new ValleyPoolLoops<GeluCurve, TWide>(geometry),
            Activation.SiLU => new ValleyPoolLoops<SiluCurve, TWide>(geometry),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "This activation has no loops."),
        };
}
