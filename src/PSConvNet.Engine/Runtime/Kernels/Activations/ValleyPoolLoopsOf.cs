using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary><see cref="ValleyPoolLoops"/> compiled for one function and one width of vectors.</summary>
internal sealed unsafe class ValleyPoolLoops<TCurve, TWide>(PoolGeometry geometry) : ValleyPoolLoops(geometry)
    where TCurve : struct, ICurve
    where TWide : struct, IWide<TWide>
{
    private readonly int[] _offsets = geometry.Offsets();

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward<T>(ReadOnlySpan<T> image, Span<T> output, Span<T> winners, Span<byte> which)
    {
        Element.Check<T>();
        Geometry.Check(image.Length, output.Length, winners.IsEmpty ? output.Length : which.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(winners.Length, which.Length);
        fixed (
            T* from = image,
                to = output,
                won = winners
        )
        fixed (byte* origins = which)
        fixed (int* offsets = _offsets)
        {
            nint element = 0;
            for (var y = 0; y < Geometry.OutputHeight; y++)
            for (var x = 0; x < Geometry.OutputWidth; x++)
            {
                var corner = from + Geometry.Corner(y, x);
                for (var c = 0; c < Geometry.Channels; c += TWide.Lanes, element += TWide.Lanes)
                {
                    var (best, origin) = Best(corner + c, offsets, _offsets.Length, out var value);
                    Element.Store(value, to + element);
                    if (won != null)
                    {
                        Element.Store(best, won + element);
                        origin.StoreBytes(origins + element);
                    }
                }
            }
        }
    }

    /// <summary>The numbers of windows whose values are largest, with their positions.</summary>
    /// <param name="corner">The windows' first numbers, of neighbouring channels.</param>
    /// <param name="offsets">Where the others are.</param>
    /// <param name="count">How many numbers a window has.</param>
    /// <param name="value">Receives the values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TWide Number, TWide Origin) Best<T>(T* corner, int* offsets, int count, out TWide value)
        where T : unmanaged
    {
        var largest = Element.Load<TWide, T>(corner);
        var smallest = largest;
        var (ofLargest, ofSmallest) = (TWide.Zero, TWide.Zero);
        for (var k = 1; k < count; k++)
        {
            var number = Element.Load<TWide, T>(corner + offsets[k]);
            var here = TWide.Broadcast(k);
            // The first of equal numbers stays, and so does a NaN.
            var stays = TWide.IsAtMost(number, largest) | ~TWide.IsEqual(largest, largest);
            largest = TWide.Select(stays, largest, number);
            ofLargest = TWide.Select(stays, ofLargest, here);
            var sinks = ~TWide.IsAtMost(smallest, number);
            smallest = TWide.Select(sinks, number, smallest);
            ofSmallest = TWide.Select(sinks, here, ofSmallest);
        }
        var above = TCurve.Value(largest, TWide.Zero);
        var below = TCurve.Value(smallest, TWide.Zero);
        // Not so if either is a NaN: then the largest is one.
        var turns = ~TWide.IsAtMost(below, above) & TWide.IsEqual(largest, largest);
        value = TWide.Select(turns, below, above);
        return (TWide.Select(turns, smallest, largest), TWide.Select(turns, ofSmallest, ofLargest));
    }
}
