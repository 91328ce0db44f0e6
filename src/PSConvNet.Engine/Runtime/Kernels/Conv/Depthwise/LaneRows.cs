using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Some rows of an image in fp32, with zeros at both ends, in an order in which each lane of a vector finds what it reads. If that is its own channel, the
/// order is the image's. Otherwise it is the channels of its own group, a plane for each: a row has its vectors one after another, each with its planes, each with the
/// pixels side by side.
/// </summary>
/// <remarks>
/// A new row takes the place of the oldest, so that the rows that a window reads stay in cache. The last vector overlaps the one before
/// instead of being part empty, if there is one before: its common lanes are computed twice, and nothing has to be masked. If there is none, its further lanes
/// compute values that are never read.
/// </remarks>
internal sealed unsafe class LaneRows<TWide>
    where TWide : struct, IWide<TWide>
{
    private readonly int _width;
    private readonly int _channels;
    private readonly int _lanesPerGroup;
    private readonly int _left;
    private readonly int _count;
    private readonly int[] _sources;
    private readonly bool _isCopy;
    private readonly bool _isNear;
    private readonly nint _rowLength;

    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="lanes">The number of sums that read them.</param>
    /// <param name="groups">The number of groups that both are divided into.</param>
    /// <param name="left">Zeros at the left end.</param>
    /// <param name="right">Zeros at the right end.</param>
    /// <param name="count">How many rows there are at a time.</param>
    public LaneRows(int width, int channels, int lanes, int groups, int left, int right, int count)
    {
        (_width, _channels, Sums, _lanesPerGroup, _left) = (width, channels, lanes, lanes / groups, left);
        _count = count;
        Planes = channels / groups;
        Vectors = (lanes + TWide.Lanes - 1) / TWide.Lanes;
        _isCopy = Planes == 1 && _lanesPerGroup == 1;
        PixelStep = _isCopy ? channels : TWide.Lanes;
        PlaneLength = (nint)(left + width + right) * PixelStep;
        // A copy's last vector may reach beyond its last pixel.
        _rowLength = _isCopy ? (PlaneLength + 2 * TWide.Lanes - 1) / TWide.Lanes * TWide.Lanes : Vectors * VectorLength;
        _sources = new int[Vectors * TWide.Lanes];
        for (var v = 0; v < Vectors; v++)
        for (var lane = 0; lane < Math.Min(lanes, TWide.Lanes); lane++)
            _sources[v * TWide.Lanes + lane] = Source(First(v) + lane) - Source(First(v));
        _isNear = _sources.Max() < TWide.Lanes;
    }

    /// <summary>Vectors of a pixel.</summary>
    public int Vectors { get; }

    /// <summary>Channels of a group.</summary>
    public int Planes { get; }

    /// <summary>The number of sums that read a pixel.</summary>
    public int Sums { get; }

    /// <summary>The length of a plane of a vector.</summary>
    public nint PlaneLength { get; }

    /// <summary>The distance between neighbouring pixels.</summary>
    public int PixelStep { get; }

    /// <summary>The length of all rows.</summary>
    public nint Length => _count * _rowLength;

    /// <summary>The numbers that <see cref="Load"/> needs for itself.</summary>
    public nint WorkLength => (nint)_width * _channels + TWide.Lanes;

    private nint VectorLength => Planes * PlaneLength;

    /// <summary>The sum that a vector's first lane computes.</summary>
    public int First(int vector) => Math.Max(0, Math.Min(vector * TWide.Lanes, Sums - TWide.Lanes));

    /// <summary>Where a vector is in a row.</summary>
    public nint VectorAt(int vector) => _isCopy ? First(vector) : vector * VectorLength;

    /// <summary>The first pixel of an image's row.</summary>
    /// <param name="rows">The memory of all rows.</param>
    /// <param name="y">The row's number.</param>
    public float* Row(float* rows, int y) => rows + y % _count * _rowLength + _left * PixelStep;

    /// <summary>Reads a row of an image.</summary>
    /// <param name="source">The row.</param>
    /// <param name="outputs">If the row is one of gradients behind a ReLU, its outputs; otherwise null.</param>
    /// <param name="target">The row's place.</param>
    /// <param name="work">Memory for intermediate results.</param>
    public void Load<T>(T* source, T* outputs, float* target, float* work)
        where T : unmanaged
    {
        if (_isCopy)
        {
            Copy(source, outputs, target, _width * _channels);
            return;
        }
        OutputLoops<TWide>.Widen(source, outputs, work, _width * _channels);
        fixed (int* all = _sources)
            for (var v = 0; v < Vectors; v++)
            for (var plane = 0; plane < Planes; plane++)
            {
                var sources = all + v * TWide.Lanes;
                var first = work + Source(First(v)) + plane;
                var place = target + v * VectorLength + plane * PlaneLength;
                if (_isNear)
                    Spread(first, sources, place);
                else
                    Gather(first, sources, place);
            }
    }

    /// <summary>The first channel of a sum's group.</summary>
    private int Source(int lane) => lane / _lanesPerGroup * Planes;

    /// <summary>Copies a row as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<T>(T* source, T* outputs, float* target, int length)
        where T : unmanaged
    {
        if (length < TWide.Lanes)
        {
            OutputLoops<TWide>.Widen(source, outputs, target, length);
            return;
        }
        var last = length - TWide.Lanes;
        if (outputs == null)
        {
            for (var i = 0; i < last; i += TWide.Lanes)
            {
                Element.Load<TWide, T>(source + i).Store(target + i);
                StreamAhead.Read(source + i);
            }
            Element.Load<TWide, T>(source + last).Store(target + last);
            return;
        }
        for (var i = 0; i < last; i += TWide.Lanes)
        {
            Masked(source + i, outputs + i).Store(target + i);
            StreamAhead.Read(source + i);
            StreamAhead.Read(outputs + i);
        }
        Masked(source + last, outputs + last).Store(target + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Masked<T>(T* gradients, T* outputs)
        where T : unmanaged => WideRelu.Backward(Element.Load<TWide, T>(gradients), Element.Load<TWide, T>(outputs));

    /// <summary>Moves channels within vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(float* source, int* sources, float* target)
    {
        for (var x = 0; x < _width; x++, source += _channels, target += TWide.Lanes)
            LaneShuffle.Pick(source, sources, TWide.Lanes, target);
    }

    /// <summary>The same for lanes whose channels don't lie within a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(float* source, int* sources, float* target)
    {
        for (var x = 0; x < _width; x++, source += _channels, target += TWide.Lanes)
        for (var lane = 0; lane < TWide.Lanes; lane++)
            target[lane] = source[sources[lane]];
    }
}
