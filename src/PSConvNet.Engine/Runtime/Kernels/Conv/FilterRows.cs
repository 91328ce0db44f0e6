using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Rows of a convolution's outputs, as batches have them and with each pixel's filters filled up to whole vectors.</summary>
/// <param name="pixels">Pixels of a row.</param>
/// <param name="filters">Filters of a pixel.</param>
/// <remarks>Fast because whole vectors are copied: what is too much of one is overwritten by the next. No row is copied whose filters are whole already.</remarks>
internal sealed class FilterRows(int pixels, int filters)
{
    private const int Lanes = ConvLoops.Filters;

    // All ones where the last vector of a pixel has filters.
    private readonly Vector512<float> _last = FirstLanes(filters - (filters - 1) / Lanes * Lanes);

    /// <summary>Filters of a pixel in whole vectors.</summary>
    public int Whole { get; } = (filters + Lanes - 1) / Lanes * Lanes;

    /// <summary>Values of a row as batches have it.</summary>
    public int Size { get; } = pixels * filters;

    /// <summary>Room for a row as batches have it, and for a vector that begins in it and ends beyond.</summary>
    public float[] NewPacked() => new float[Size + Lanes];

    /// <summary>The row as batches have it.</summary>
    /// <param name="wide">The row with whole vectors.</param>
    /// <param name="packed">As <see cref="NewPacked"/> makes it; written to if the row must be copied.</param>
    public ReadOnlySpan<float> Pack(float[] wide, float[] packed)
    {
        if (Whole == filters)
            return wide;
        for (var pixel = 0; pixel < pixels; pixel++)
        for (var filter = 0; filter < filters; filter += Lanes)
            Vector512.Create(wide, pixel * Whole + filter).CopyTo(packed, pixel * filters + filter);
        return packed.AsSpan(0, Size);
    }

    /// <summary>The row with whole vectors, whose further numbers are 0.</summary>
    /// <param name="packed">As <see cref="NewPacked"/> makes it, filled.</param>
    /// <param name="wide">Room for the row; written to if it must be copied.</param>
    public ReadOnlySpan<float> Unpack(float[] packed, float[] wide)
    {
        if (Whole == filters)
            return packed.AsSpan(0, Size);
        for (var pixel = 0; pixel < pixels; pixel++)
        for (var filter = 0; filter < filters; filter += Lanes)
        {
            var values = Vector512.Create(packed, pixel * filters + filter);
            (filter + Lanes < filters ? values : values & _last).CopyTo(wide, pixel * Whole + filter);
        }
        return wide;
    }

    private static Vector512<float> FirstLanes(int count)
    {
        Span<uint> mask = stackalloc uint[Lanes];
        mask[..count].Fill(uint.MaxValue);
        return Vector512.Create<uint>(mask).AsSingle();
    }
}
