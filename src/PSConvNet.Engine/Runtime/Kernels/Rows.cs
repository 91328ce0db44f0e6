using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A contiguous batch's memory, sample by sample. The tensor must outlive it.</summary>
internal readonly ref struct Rows<T>(torch.Tensor batch, int size)
    where T : unmanaged
{
    private readonly Span<T> _all = MemoryMarshal.Cast<byte, T>(batch.bytes);

    /// <summary>The memory of one sample.</summary>
    public Span<T> this[int index] => _all.Slice(index * size, size);
}
