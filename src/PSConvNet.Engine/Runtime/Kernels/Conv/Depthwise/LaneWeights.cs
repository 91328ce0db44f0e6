namespace PSConvNet.Runtime.Kernels;

/// <summary>How one direction of a <see cref="LaneConv{TWide}"/> orders its weights: by vector, row of the window, phase, plane and tap.</summary>
/// <param name="rows">The rows that the sums read.</param>
/// <param name="phases">The outputs of a row.</param>
/// <param name="window">The window.</param>
internal sealed unsafe class LaneWeights<TWide>(LaneRows<TWide> rows, TapPhase[] phases, Window window)
    where TWide : struct, IWide<TWide>
{
    /// <summary>The weights of a row of the window, for a vector.</summary>
    public nint RowLength { get; } = (nint)phases.Sum(phase => phase.Taps.Length) * rows.Planes * TWide.Lanes;

    /// <summary>The weights of a vector.</summary>
    public nint VectorLength => window.Height * RowLength;

    /// <summary>All weights.</summary>
    public nint Length => rows.Vectors * VectorLength;

    /// <summary>Finds the place of each weight of a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <returns>Its index in this order, and where it is in a window: row, column and plane.</returns>
    public IEnumerable<LaneWeight> Of(int vector)
    {
        var at = vector * VectorLength;
        for (var i = 0; i < window.Height; i++)
            foreach (var phase in phases)
                for (var plane = 0; plane < rows.Planes; plane++)
                    foreach (var tap in phase.Taps)
                    {
                        yield return new(at, i * window.Width + tap.Number, plane);
                        at += TWide.Lanes;
                    }
    }
}

/// <summary>A vector of weights.</summary>
/// <param name="At">Its index.</param>
/// <param name="Pixel">The pixel of the window.</param>
/// <param name="Plane">The channel of the group.</param>
internal readonly record struct LaneWeight(nint At, int Pixel, int Plane);
