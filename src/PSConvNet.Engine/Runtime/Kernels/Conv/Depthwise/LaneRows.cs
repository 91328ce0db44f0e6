using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Some rows of an image in fp32, with zeros at both ends, in an order in which each lane of a vector finds what it reads: the channels of its own group, a plane
/// for each. A row has its vectors one after another, each with its planes, each with the pixels side by side.
/// </summary>
/// <remarks>
/// A new row takes the place of the oldest, so that the rows that a window reads stay in cache. The last vector overlaps the one before
/// instead of being part empty, if there is one before: its common lanes are computed twice, and nothing has to be masked.
/// </remarks>
internal sealed unsafe class LaneRows<TWide>
    where TWide : struct, IWide<TWide>
{
    private const int PixelsTogether = 16;

    private readonly int _width;
    private readonly int _channels;
    private readonly int _lanes;
    private readonly int _lanesPerGroup;
    private readonly int _left;
    private readonly int _count;
    private readonly int[] _sources;
    private readonly bool _isCopy;
    private readonly bool _isNear;

    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="lanes">The number of sums that read them.</param>
    /// <param name="groups">The number of groups that both are divided into.</param>
    /// <param name="left">Zeros at the left end.</param>
    /// <param name="right">Zeros at the right end.</param>
    /// <param name="count">How many rows there are at a time.</param>
    public LaneRows(int width, int channels, int lanes, int groups, int left, int right, int count)
    {
        (_width, _channels, _lanes, _lanesPerGroup, _left) = (width, channels, lanes, lanes / groups, left);
        _count = count;
        Planes = channels / groups;
        Vectors = (lanes + TWide.Lanes - 1) / TWide.Lanes;
        PlaneLength = (nint)(left + width + right) * TWide.Lanes;
        _isCopy = Planes == 1 && _lanesPerGroup == 1;
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

    /// <summary>The length of a plane of a vector.</summary>
    public nint PlaneLength { get; }

    /// <summary>The length of a vector's planes.</summary>
    public nint VectorLength => Planes * PlaneLength;

    /// <summary>The length of all rows.</summary>
    public nint Length => _count * RowLength;

    /// <summary>The numbers that <see cref="Load"/> needs for itself.</summary>
    public nint WorkLength => (nint)_width * _channels + TWide.Lanes;

    private nint RowLength => Vectors * VectorLength;

    /// <summary>The sum that a vector's first lane computes.</summary>
    public int First(int vector) => Math.Max(0, Math.Min(vector * TWide.Lanes, _lanes - TWide.Lanes));

    /// <summary>The first pixel of an image's row.</summary>
    /// <param name="rows">The memory of all rows.</param>
    /// <param name="y">The row's number.</param>
    public float* Row(float* rows, int y) => rows + y % _count * RowLength + _left * TWide.Lanes;

    /// <summary>Reads a row of an image.</summary>
    /// <param name="source">The row.</param>
    /// <param name="outputs">If the row is one of gradients behind a ReLU, its outputs; otherwise null.</param>
    /// <param name="end">Where the memory of the images ends.</param>
    /// <param name="target">The row's place.</param>
    /// <param name="work">Memory for intermediate results.</param>
    public void Load<T>(T* source, T* outputs, T* end, float* target, float* work)
        where T : unmanaged
    {
        if (_isCopy)
        {
            Copy(source, outputs, end, target);
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

    /// <summary>Copies the channels of each vector.</summary>
    private void Copy<T>(T* source, T* outputs, T* end, float* target)
        where T : unmanaged
    {
        if (_channels < TWide.Lanes)
        {
            CopyNarrow(source, outputs, end, target);
            return;
        }
        // All vectors of some pixels before the next ones: they lie side by side in memory.
        for (var x = 0; x < _width; x += PixelsTogether)
        {
            var count = Math.Min(PixelsTogether, _width - x);
            for (var v = 0; v < Vectors; v++)
            {
                var at = (nint)x * _channels + First(v);
                var place = target + v * VectorLength + x * TWide.Lanes;
                if (outputs == null)
                    CopyVectors(source + at, count, place);
                else
                    CopyVectors(source + at, outputs + at, count, place);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyVectors<T>(T* source, int count, float* target)
        where T : unmanaged
    {
        nint step = _channels;
        for (; count > 0; count--, source += step, target += TWide.Lanes)
        {
            Element.Load<TWide, T>(source).Store(target);
            StreamAhead.Read(source);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyVectors<T>(T* source, T* outputs, int count, float* target)
        where T : unmanaged
    {
        nint step = _channels;
        for (; count > 0; count--, source += step, outputs += step, target += TWide.Lanes)
        {
            WideRelu.Backward(Element.Load<TWide, T>(source), Element.Load<TWide, T>(outputs)).Store(target);
            StreamAhead.Read(source);
            StreamAhead.Read(outputs);
        }
    }

    /// <summary>Copies pixels of less than a vector, where the last ones would reach beyond memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyNarrow<T>(T* source, T* outputs, T* end, float* target)
        where T : unmanaged
    {
        var toOutputs = outputs - source;
        for (var x = 0; x < _width; x++, source += _channels, target += TWide.Lanes)
        {
            var values = Element.LoadBefore<TWide, T>(source, end, _channels);
            if (outputs != null)
                values = WideRelu.Backward(
                    values,
                    Element.LoadBefore<TWide, T>(source + toOutputs, end + toOutputs, _channels)
                );
            values.Store(target);
        }
    }

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
