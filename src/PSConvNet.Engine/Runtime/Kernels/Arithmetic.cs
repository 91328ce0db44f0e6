using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Operations on tensors without TorchSharp's hidden scalars. Its operators make a <see cref="Scalar"/> for the factor 1
/// and pass on its raw pointer, which the finalizer may free while libtorch reads it. On a busy machine this led to "Expected false to be
/// true" from <c>add_</c> (TorchSharp 0.107).
/// </summary>
internal static class Arithmetic
{
    private static readonly Scalar s_one = 1;

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, s_one);

    /// <summary>x, or slope x where x is below 0.</summary>
    public static torch.Tensor LeakyRelu(this torch.Tensor x, double slope)
    {
        using Scalar factor = slope;
        return x.leaky_relu(factor);
    }

    /// <summary>x, or alpha (exp x - 1) where x is below 0.</summary>
    public static torch.Tensor Elu(this torch.Tensor x, double alpha)
    {
        using Scalar factor = alpha;
        return x.elu(factor, s_one, s_one);
    }
}
