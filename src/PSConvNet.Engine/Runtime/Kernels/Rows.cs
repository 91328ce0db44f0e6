using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The memory of a contiguous batch, sample by sample. Valid as long as the tensor.</summary>
internal readonly ref struct Rows<T>(torch.Tensor batch, int size)
    where T : unmanaged
{
    private readonly Span<T> _all = MemoryMarshal.Cast<byte, T>(batch.bytes);

    /// <summary>The memory of one sample.</summary>
    public Span<T> this[int index] => _all.Slice(index * size, size);
}
