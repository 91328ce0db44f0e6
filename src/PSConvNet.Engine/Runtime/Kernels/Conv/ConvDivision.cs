using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Images as several plain ones: the channels of a group, at every second pixel of every second row, or as a dilation says.</summary>
internal sealed unsafe class ConvDivision
{
    private readonly Shape _whole;
    private readonly Window _dilation;

    /// <param name="whole">Height x width x channels of an image.</param>
    /// <param name="dilation">The distance between the pixels of a plain image; height and width are multiples.</param>
    /// <param name="groups">The number of groups.</param>
    public ConvDivision(Shape whole, Window dilation, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(whole[0] % dilation.Height, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(whole[1] % dilation.Width, 0);
        (_whole, _dilation) = (whole, dilation);
        Plain = new(whole[0] / dilation.Height, whole[1] / dilation.Width, whole[2] / groups);
    }

    /// <summary>Height x width x channels of a plain image.</summary>
    public Shape Plain { get; }

    /// <summary>Plain images of an image and group.</summary>
    public int Phases => _dilation.Height * _dilation.Width;

    /// <summary>Copies plain images out of images.</summary>
    /// <param name="images">All images.</param>
    /// <param name="first">The first plain image's number among those of all images.</param>
    /// <param name="count">How many.</param>
    /// <param name="group">Their group.</param>
    /// <param name="plain">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather<T>(T* images, long first, int count, int group, T* plain)
        where T : unmanaged
    {
        var channels = Plain[2];
        for (var row = 0; row < count * Plain[0]; row++)
        {
            var source = RowOf(images, first, row, group);
            for (var x = 0; x < Plain[1]; x++, source += _dilation.Width * _whole[2], plain += channels)
                Copy((byte*)source, (byte*)plain, channels * sizeof(T));
        }
    }

    /// <summary>The inverse of <see cref="Gather"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scatter<T>(T* plain, long first, int count, int group, T* images)
        where T : unmanaged
    {
        var channels = Plain[2];
        for (var row = 0; row < count * Plain[0]; row++)
        {
            var target = RowOf(images, first, row, group);
            for (var x = 0; x < Plain[1]; x++, target += _dilation.Width * _whole[2], plain += channels)
                Copy((byte*)plain, (byte*)target, channels * sizeof(T));
        }
    }

    /// <summary>Copies few bytes, for which a call takes too long. The last vector overlaps the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* source, byte* target, int length)
    {
        var last = length - Vector256<byte>.Count;
        if (last < 0)
        {
            Buffer.MemoryCopy(source, target, length, length);
            return;
        }
        for (var i = 0; i < last; i += Vector256<byte>.Count)
            Vector256.Load(source + i).Store(target + i);
        Vector256.Load(source + last).Store(target + last);
    }

    /// <summary>Where a row of plain images begins.</summary>
    private T* RowOf<T>(T* images, long first, int row, int group)
        where T : unmanaged
    {
        var (image, phase) = Math.DivRem(first + row / Plain[0], Phases);
        var (down, across) = Math.DivRem((int)phase, _dilation.Width);
        var y = row % Plain[0] * _dilation.Height + down;
        return images + (nint)image * _whole.Size + ((nint)y * _whole[1] + across) * _whole[2] + group * Plain[2];
    }
}
