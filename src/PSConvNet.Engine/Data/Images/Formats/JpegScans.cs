using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>
/// Goes through the scans of a JPEG (ITU-T T.81, annexes F and G) and counts their blocks, for the decoder fills up with grey what is
/// missing. No coefficient is computed: of a block in several scans only which ones aren't zero is kept, for what refines them
/// depends on it.
/// </summary>
internal ref struct JpegScans
{
    // The decoder has a limit, too: a tiny scan may go over all blocks of a picture.
    private const int MostScans = 500;

    private readonly ReadOnlySpan<byte> _file;
    private readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable?[4];
    private readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable?[4];
    private Component[] _components = [];
    private bool _isProgressive;
    private int _across;
    private int _down;
    private int _width;
    private int _height;
    private int _restartInterval;
    private JpegBits _bits;
    private int _blocksToSkip;

    private JpegScans(ReadOnlySpan<byte> file) => _file = file;

    private sealed record Component(byte Id, int Across, int Down, int BlocksPerLine, ulong[] IsSet)
    {
        public JpegHuffmanTable? Dc { get; set; }
        public JpegHuffmanTable? Ac { get; set; }

        /// <summary>The coefficients that have come, in their coarsest form at least: a progressive file may leave out what would refine them.</summary>
        public ulong HasCome { get; set; }
    }

    /// <summary>Which coefficients a scan sends, and down to which bit they came before; 0 where they didn't.</summary>
    private readonly record struct Band(int First, int Last, int High);

    /// <summary>
    /// Whether every scan has all of its blocks, and every component all of its coefficients. A file that was cut between two scans and given an end
    /// is a regular one, whose picture lacks detail: it is refused, unless only the last bits of coefficients are missing.
    /// </summary>
    public static bool AreWhole(ReadOnlySpan<byte> file) => new JpegScans(file).Walk();

    private bool Walk()
    {
        var scans = 0;
        var markers = new JpegMarkers(_file);
        while (markers.Next())
        {
            var segment = markers.Segment;
            var isFine = markers.Marker switch
            {
                JpegMarkers.End => true,
                JpegMarkers.Huffman => TakeTables(segment),
                JpegMarkers.RestartInterval => TakeRestartInterval(segment),
                JpegMarkers.Scan => ++scans <= MostScans && TakeScan(segment, markers.SegmentEnd),
                var marker when JpegMarkers.IsFrame(marker) => TakeFrame(marker, segment),
                _ => true,
            };
            if (!isFine)
                return false;
            if (markers.Marker == JpegMarkers.End)
                return scans > 0 && _components.All(c => c.HasCome == ulong.MaxValue);
        }
        return false;
    }

    private bool TakeRestartInterval(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 2)
            return false;
        _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
        return true;
    }

    private readonly bool TakeTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var (kind, number) = (segment[0] >> 4, segment[0] & 15);
            if (kind > 1 || number > 3 || JpegHuffmanTable.Read(segment[1..], out var length) is not { } table)
                return false;
            (kind == 0 ? _dc : _ac)[number] = table;
            segment = segment[(1 + length)..];
        }
        return true;
    }

    private bool TakeFrame(byte marker, ReadOnlySpan<byte> segment)
    {
        if (marker > JpegMarkers.Progressive || _components.Length > 0 || segment.Length < 6)
            return false;
        _isProgressive = marker == JpegMarkers.Progressive;
        _height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        var count = segment[5];
        if (count is 0 or > 4 || segment.Length < 6 + 3 * count)
            return false;
        for (var i = 0; i < count; i++)
        {
            var sampling = segment[7 + 3 * i];
            if (sampling >> 4 is < 1 or > 4 || (sampling & 15) is < 1 or > 4)
                return false;
            (_across, _down) = (Math.Max(_across, sampling >> 4), Math.Max(_down, sampling & 15));
        }
        _components = new Component[count];
        for (var i = 0; i < count; i++)
        {
            var (h, v) = (segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15);
            var blocksPerLine = Units(_width, 8 * _across) * h;
            var blocks = blocksPerLine * Units(_height, 8 * _down) * v;
            _components[i] = new Component(
                segment[6 + 3 * i],
                h,
                v,
                blocksPerLine,
                _isProgressive ? new ulong[blocks] : []
            );
        }
        return true;
    }

    private bool TakeScan(ReadOnlySpan<byte> header, int data)
    {
        if (header.Length < 1 || header[0] is 0 or > 4 || header.Length < 4 + 2 * header[0])
            return false;
        var scanned = new Component[header[0]];
        for (var i = 0; i < scanned.Length; i++)
        {
            var (id, tables) = (header[1 + 2 * i], header[2 + 2 * i]);
            if (Array.Find(_components, c => c.Id == id) is not { } component || tables >> 4 > 3 || (tables & 15) > 3)
                return false;
            scanned[i] = component;
            (component.Dc, component.Ac) = (_dc[tables >> 4], _ac[tables & 15]);
        }
        var last = header[(1 + 2 * scanned.Length)..];
        var band = _isProgressive ? new Band(last[0], last[1], last[2] >> 4) : new Band(0, 63, 0);
        if (band.First > band.Last || band.Last > 63 || (_isProgressive && band.First == 0 != (band.Last == 0)))
            return false;
        foreach (var component in scanned)
            component.HasCome |= band.High == 0 ? ulong.MaxValue >> (63 - band.Last) << band.First : 0;
        _bits = new JpegBits(_file, data);
        _blocksToSkip = 0;
        return TakeUnits(scanned, band);
    }

    private bool TakeUnits(Component[] scanned, Band band)
    {
        // A component alone comes block after block, several come in units that cover the same square of the picture.
        var alone = scanned.Length == 1 ? scanned[0] : null;
        var columns = alone is null ? Units(_width, 8 * _across) : Units(Units(_width * alone.Across, _across), 8);
        var rows = alone is null ? Units(_height, 8 * _down) : Units(Units(_height * alone.Down, _down), 8);
        var toRestart = _restartInterval;
        for (var y = 0; y < rows; y++)
        for (var x = 0; x < columns; x++)
        {
            if (_restartInterval > 0 && toRestart-- == 0)
            {
                if (!_bits.Restart())
                    return false;
                _blocksToSkip = 0;
                toRestart = _restartInterval - 1;
            }
            if (alone is not null)
            {
                if (!TakeBlock(alone, y * alone.BlocksPerLine + x, band))
                    return false;
                continue;
            }
            foreach (var c in scanned)
            {
                for (var i = 0; i < c.Across * c.Down; i++)
                {
                    var block = (y * c.Down + i / c.Across) * c.BlocksPerLine + x * c.Across + i % c.Across;
                    if (!TakeBlock(c, block, band))
                        return false;
                }
            }
        }
        return true;
    }

    private bool TakeBlock(Component component, int block, Band band)
    {
        if (!_isProgressive)
            return TakeDifference(component) && component.Ac is { } ac && _bits.SkipCoefficients(ac);
        if (band.First == 0)
            return band.High == 0 ? TakeDifference(component) : _bits.Skip(1);
        ref var isSet = ref component.IsSet[block];
        return component.Ac is { } table
            && (band.High == 0 ? TakeFirst(table, ref isSet, band) : TakeRefinement(table, ref isSet, band));
    }

    private bool TakeDifference(Component component) =>
        component.Dc is { } table && _bits.Decode(table) is >= 0 and <= 16 and var size && _bits.Skip(size);

    private bool TakeFirst(JpegHuffmanTable table, ref ulong isSet, Band band)
    {
        if (_blocksToSkip > 0)
        {
            _blocksToSkip--;
            return true;
        }
        for (var k = band.First; k <= band.Last; k++)
        {
            var symbol = _bits.Decode(table);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (symbol < 0)
                return false;
            if (size == 0 && run < 15)
            {
                if (!TakeEndOfBand(run))
                    return false;
                _blocksToSkip--;
                return true;
            }
            k += run;
            if (size == 0)
                continue;
            if (k > band.Last || !_bits.Skip(size))
                return false;
            isSet |= 1UL << k;
        }
        return true;
    }

    private bool TakeRefinement(JpegHuffmanTable table, ref ulong isSet, Band band)
    {
        var k = band.First;
        for (; k <= band.Last && _blocksToSkip == 0; k++)
        {
            var symbol = _bits.Decode(table);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (symbol < 0)
                return false;
            if (size == 0 && run < 15)
            {
                if (!TakeEndOfBand(run))
                    return false;
                break;
            }
            if (size > 0 && !_bits.Skip(1))
                return false;
            // The run counts coefficients that are still zero; each of the others on the way has a bit.
            for (; k <= band.Last; k++)
            {
                if ((isSet >> k & 1) == 0)
                {
                    if (run-- == 0)
                        break;
                }
                else if (!_bits.Skip(1))
                {
                    return false;
                }
            }
            if (size > 0 && k <= band.Last)
                isSet |= 1UL << k;
        }
        if (_blocksToSkip == 0)
            return true;
        _blocksToSkip--;
        var rest = k <= band.Last ? isSet >> k << k & (ulong.MaxValue >> (63 - band.Last)) : 0;
        for (var bits = System.Numerics.BitOperations.PopCount(rest); bits > 0; bits -= 16)
        {
            if (!_bits.Skip(Math.Min(bits, 16)))
                return false;
        }
        return true;
    }

    /// <summary>How many blocks, this one included, have nothing more in this band.</summary>
    private bool TakeEndOfBand(int size)
    {
        var more = _bits.Take(size);
        _blocksToSkip = (1 << size) + Math.Max(0, more);
        return more >= 0;
    }

    private static int Units(int length, int unit) => (length + unit - 1) / unit;
}
