using System.Runtime.InteropServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Native memory for fp32 numbers, which starts at a cache line and is zero at first.</summary>
/// <remarks>A vector of 512 bits that isn't aligned lies in two cache lines, and takes twice as long to load.</remarks>
internal sealed unsafe class AlignedFloats : IDisposable
{
    private const int CacheLine = 64;

    private float* _pointer;

    public AlignedFloats(nint length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)length * sizeof(float));
        // A line more, so that memory of no numbers is memory, too.
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes + CacheLine, CacheLine);
        NativeMemory.Clear(_pointer, bytes);
        GC.AddMemoryPressure((long)bytes + CacheLine);
    }

    ~AlignedFloats() => Free();

    /// <summary>How many numbers there are.</summary>
    public nint Length { get; }

    /// <summary>The first number.</summary>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <summary>Sets all numbers to 0.</summary>
    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Length * sizeof(float));

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer == null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure((long)Length * sizeof(float) + CacheLine);
    }
}
