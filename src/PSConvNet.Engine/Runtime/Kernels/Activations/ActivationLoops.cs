namespace PSConvNet.Runtime.Kernels;

/// <summary>A function of each number, and its backward pass. Memory is fp32 or bf16 (<c>ushort</c>); the arithmetic is fp32.</summary>
/// <remarks>Fast because each pass reads and writes memory once: the backward pass computes what it needs again from the inputs.</remarks>
internal abstract class ActivationLoops
{
    /// <summary>Whether there are loops for a function. Those of all channels at once are libtorch's.</summary>
    public static bool CanCompute(Activation activation) => activation != Activation.None && !activation.IsSoftmax();

    /// <summary>The loops for a function.</summary>
    /// <param name="activation">One of those that <see cref="CanCompute"/> names.</param>
    /// <param name="alpha">Its parameter, if it has one.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    public static ActivationLoops Create(Activation activation, double alpha, VectorWidth? width = null)
    {
        var best = width ?? VectorWidths.Best;
        VectorWidths.Require(best);
        return best switch
        {
            VectorWidth.Bits512 => Create<Wide512>(activation, (float)alpha),
            VectorWidth.Bits256 => Create<Wide256>(activation, (float)alpha),
            _ => Create<Wide128>(activation, (float)alpha),
        };
    }

    /// <summary>Computes the function of each number.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="y">Receives the values.</param>
    public abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged;

    /// <summary>Computes the gradients with respect to the numbers.</summary>
    /// <param name="gradients">With respect to the values.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="result">Receives the gradients.</param>
    public abstract void Backward<T>(ReadOnlySpan<T> gradients, ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged;

    private static ActivationLoops Create<TWide>(Activation activation, float alpha)
        where TWide : struct, IWide<TWide> =>
        activation switch
        {
            Activation.ReLU => new ActivationLoops<ReluCurve, TWide>(alpha),
            Activation.LeakyReLU => new ActivationLoops<LeakyReluCurve, TWide>(alpha),
            Activation.GELU => new ActivationLoops<GeluCurve, TWide>(alpha),
            Activation.ELU => new ActivationLoops<EluCurve, TWide>(alpha),
            Activation.SiLU => new ActivationLoops<SiluCurve, TWide>(alpha),
            Activation.Sigmoid => new ActivationLoops<SigmoidCurve, TWide>(alpha),
            Activation.Tanh => new ActivationLoops<TanhCurve, TWide>(alpha),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "This activation has no loops."),
        };
}
