using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A worker's share of a batch on its way between kernels: samples one after another, each as contiguous values in the user's order, height x
/// width x channels, in the precision that the session computes in.
/// </summary>
/// <remarks>Its memory belongs to the dispose scope of the pass in which it was made.</remarks>
internal readonly struct Batch
{
    /// <summary>A batch of samples whose memory is in order already.</summary>
    /// <param name="values">Count x the sample's dimensions, contiguous.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="count">The number of samples.</param>
    private Batch(torch.Tensor values, Shape shape, int count) => (Values, Shape, Count) = (values, shape, count);

    /// <summary>Count x the sample's dimensions, contiguous.</summary>
    public torch.Tensor Values { get; }

    /// <summary>The shape of a sample.</summary>
    public Shape Shape { get; }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>Float32 or BFloat16.</summary>
    public torch.ScalarType Type => Values.dtype;

    /// <summary>Whether it is in bf16.</summary>
    public bool IsReduced => Type == torch.ScalarType.BFloat16;

    /// <summary>The same memory as libtorch's operators take it: images as N x C x H x W with channels-last strides.</summary>
    public torch.Tensor ForOperators => Shape.Rank == 3 ? Values.permute(0, 3, 1, 2) : Values;

    /// <summary>All values, read and written in fp32 whatever the precision.</summary>
    public TensorValues Numbers => new(Values);

    /// <summary>Room for a batch; its values are undefined.</summary>
    public static Batch Empty(int count, Shape shape, torch.ScalarType type) =>
        new(torch.empty([count, .. Dimensions(shape)], type), shape, count);

    /// <summary>Values that are in the user's order; copied only if they aren't contiguous.</summary>
    /// <param name="values">Count x the sample's dimensions.</param>
    /// <param name="shape">The shape of a sample.</param>
    public static Batch Of(torch.Tensor values, Shape shape) =>
        new(values.is_contiguous() ? values : values.contiguous(), shape, checked((int)values.shape[0]));

    /// <summary>What an operator of libtorch returned: images as N x C x H x W; copied only if its memory isn't channels-last.</summary>
    public static Batch FromOperators(torch.Tensor result, Shape shape) =>
        Of(shape.Rank == 3 ? result.permute(0, 2, 3, 1) : result, shape);

    /// <summary>The same memory as samples of another shape of the same size.</summary>
    public Batch As(Shape shape) => new(Values.view([Count, .. Dimensions(shape)]), shape, Count);

    /// <summary>Room for a batch of the same count, precision and shape.</summary>
    public Batch EmptyLike() => Empty(Count, Shape, Type);

    /// <summary>The memory of all samples.</summary>
    public Span<T> Memory<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Values.bytes);

    private static IEnumerable<long> Dimensions(Shape shape) => shape.Dimensions.Select(size => (long)size);
}
