using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The memory of a contiguous tensor in fp32 or bf16, read and written in fp32. Valid as long as the tensor.</summary>
internal readonly ref struct TensorValues
{
    private readonly Span<float> _full;
    private readonly Span<ushort> _reduced;

    public TensorValues(torch.Tensor tensor)
    {
        if (tensor.dtype == torch.ScalarType.BFloat16)
            _reduced = MemoryMarshal.Cast<byte, ushort>(tensor.bytes);
        else
            _full = MemoryMarshal.Cast<byte, float>(tensor.bytes);
    }

    /// <summary>The number of values.</summary>
    public int Length => _full.Length + _reduced.Length;

    /// <summary>Fills the target with the values from <paramref name="start"/> on.</summary>
    public void Read(int start, Span<float> target)
    {
        if (_full.IsEmpty)
            BFloat16.Widen(_reduced.Slice(start, target.Length), target);
        else
            _full.Slice(start, target.Length).CopyTo(target);
    }

    /// <summary>As many values as the buffer holds, in fp32: the tensor's own memory if it is fp32, otherwise a copy in the buffer.</summary>
    public ReadOnlySpan<float> Widened(int start, Span<float> buffer)
    {
        if (!_full.IsEmpty)
            return _full.Slice(start, buffer.Length);
        Read(start, buffer);
        return buffer;
    }

    /// <summary>Stores values from <paramref name="start"/> on, rounded if the memory is bf16.</summary>
    public void Write(int start, ReadOnlySpan<float> values)
    {
        if (_full.IsEmpty)
            BFloat16.Round(values, _reduced.Slice(start, values.Length));
        else
            values.CopyTo(_full[start..]);
    }
}
