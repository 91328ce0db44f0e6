using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Memory that will be read or written soon, and is brought into the second-level cache bit by bit while something else is computed.</summary>
/// <remarks>
/// A layer's images and outputs are in memory when it comes to them, and the processor doesn't foresee in which order tiles read them: the transforms would
/// wait for most of their time. Only x86 has the instruction in .NET; elsewhere nothing is done.
/// </remarks>
/// <param name="Start">The first byte.</param>
/// <param name="End">Where it ends.</param>
internal readonly unsafe record struct MemoryAhead(nint Start, nint End)
{
    private const int CacheLine = 64;

    /// <summary>More would drive out of the cache what is computed with meanwhile.</summary>
    private const int MostBytes = 256 * 1024;

    /// <summary>The memory of some of the tiles that follow each other in all images.</summary>
    /// <param name="memory">That of all images; null for none.</param>
    /// <param name="imageSize">Numbers of an image.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="perImage">Tiles of an image.</param>
    /// <param name="first">The first tile's number in all images.</param>
    /// <param name="count">How many tiles; there may be fewer.</param>
    public static MemoryAhead Of<T>(T* memory, long imageSize, int images, int perImage, long first, int count)
        where T : unmanaged
    {
        var end = Math.Min(first + count, (long)images * perImage);
        if (memory == null || first >= end || (end - first) * imageSize / perImage * sizeof(T) > MostBytes)
            return default;
        return new((nint)(memory + first * imageSize / perImage), (nint)(memory + end * imageSize / perImage));
    }

    /// <summary>Brings one of several equal parts nearer.</summary>
    public void Fetch(int part, int parts)
    {
        if (!Sse.IsSupported)
            return;
        var lines = (End - Start + CacheLine - 1) / CacheLine;
        var (first, end) = (lines * part / parts, lines * (part + 1) / parts);
        for (; first < end; first++)
            Sse.Prefetch1((void*)(Start + first * CacheLine));
    }
}
