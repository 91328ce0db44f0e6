namespace PSConvNet.Runtime.Kernels;

/// <summary>How one direction of a <see cref="LaneConv{TWide}"/> orders its weights: by vector, row of the window, phase, plane and tap.</summary>
internal sealed unsafe class LaneWeights<TWide>
    where TWide : struct, IWide<TWide>
{
    private readonly int _vectors;
    private readonly int[] _places;

    /// <param name="rows">The rows that the sums read.</param>
    /// <param name="phases">The outputs of a row.</param>
    /// <param name="window">The window.</param>
    /// <param name="placeOf">Where parameters have the weight of a sum for a pixel of the window and a plane.</param>
    public LaneWeights(LaneRows<TWide> rows, TapPhase[] phases, Window window, Func<int, int, int, int> placeOf)
    {
        _vectors = rows.Vectors;
        RowLength = (nint)phases.Sum(phase => phase.Taps.Length) * rows.Planes * TWide.Lanes;
        VectorLength = window.Height * RowLength;
        _places =
        [
            .. from vector in Enumerable.Range(0, rows.Vectors)
            from row in Enumerable.Range(0, window.Height)
            from phase in phases
            from plane in Enumerable.Range(0, rows.Planes)
            from tap in phase.Taps
            from lane in Enumerable.Range(0, TWide.Lanes)
            let sum = rows.First(vector) + lane
            select sum < rows.Sums ? placeOf(sum, row * window.Width + tap.Number, plane) : -1,
        ];
    }

    /// <summary>The weights of a row of the window, for a vector.</summary>
    public nint RowLength { get; }

    /// <summary>The weights of a vector.</summary>
    public nint VectorLength { get; }

    /// <summary>All weights.</summary>
    public nint Length => _places.Length;

    /// <summary>Brings a part of the weights into this order. Lanes without a sum keep what they have.</summary>
    /// <param name="kernel">All weights as parameters have them.</param>
    /// <param name="weights">All weights in this order.</param>
    /// <param name="part">Which part.</param>
    public void Order(float* kernel, float* weights, WorkPart part)
    {
        var (first, end) = part.Of(_vectors);
        for (var i = first * VectorLength; i < end * VectorLength; i++)
        {
            if (_places[i] >= 0)
                weights[i] = kernel[_places[i]];
        }
    }

    /// <summary>The inverse of <see cref="Order"/>, for gradients.</summary>
    public void OrderBack(float* weights, float* kernel)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i] >= 0)
                kernel[_places[i]] = weights[i];
        }
    }
}
