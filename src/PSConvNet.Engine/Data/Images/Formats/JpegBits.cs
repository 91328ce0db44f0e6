using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>The bits of a JPEG's scan, up to the next marker.</summary>
internal ref struct JpegBits(ReadOnlySpan<byte> file, int start)
{
    // A code and what may follow it.
    private const int LongestSymbol = JpegHuffmanTable.LongestCode + 15;

    private readonly ReadOnlySpan<byte> _file = file;
    private int _next = start;
    private ulong _bits;
    private int _count;

    /// <summary>Decodes a symbol.</summary>
    /// <returns>The symbol, or -1 where there is none or too few bits are left.</returns>
    public int Decode(JpegHuffmanTable table)
    {
        var (symbol, length) = table.Look(Ahead());
        _count -= length;
        return length > 0 && _count >= 0 ? symbol : -1;
    }

    /// <summary>Passes over the coefficients of a block but the first, as a sequential scan sends them.</summary>
    public bool SkipCoefficients(JpegHuffmanTable table)
    {
        for (var k = 1; k < 64; )
        {
            var (symbol, length) = table.Look(Ahead());
            var size = symbol & 15;
            _count -= length + size;
            if (length == 0 || _count < 0)
                return false;
            if (size == 0 && symbol < 0xF0)
                return true;
            k += (symbol >> 4) + 1;
        }
        return true;
    }

    /// <summary>Passes over up to 16 bits.</summary>
    public bool Skip(int count)
    {
        if (_count < count)
            Fill();
        _count -= count;
        return _count >= 0;
    }

    /// <summary>Takes up to 16 bits; -1 where there are fewer.</summary>
    public int Take(int count) => Skip(count) ? (int)(_bits >> _count) & ((1 << count) - 1) : -1;

    /// <summary>Goes on behind the restart marker that must come next.</summary>
    public bool Restart()
    {
        _count = 0;
        while (_next + 1 < _file.Length && _file[_next] == 0xFF && _file[_next + 1] == 0xFF)
            _next++;
        if (_next + 1 >= _file.Length || _file[_next] != 0xFF || !JpegMarkers.IsRestart(_file[_next + 1]))
            return false;
        _next += 2;
        return true;
    }

    /// <summary>The next 16 bits. Where bits lack, zeros stand in for them to look at; they are never taken.</summary>
    private int Ahead()
    {
        if (_count < LongestSymbol)
            Fill();
        var above = _count - JpegHuffmanTable.LongestCode;
        return (int)(above >= 0 ? _bits >> above : _bits << -above) & 0xFFFF;
    }

    private void Fill()
    {
        if (_next + 4 <= _file.Length && _count <= 32)
        {
            var four = BinaryPrimitives.ReadUInt32BigEndian(_file[_next..]);
            if (((~four - 0x01010101) & four & 0x80808080) == 0)
            {
                // None of them is 0xFF, behind which a zero would have to be left out.
                _bits = _bits << 32 | four;
                (_next, _count) = (_next + 4, _count + 32);
                return;
            }
        }
        while (_count <= 48 && _next < _file.Length)
        {
            var value = _file[_next];
            if (value == 0xFF)
            {
                if (_next + 1 >= _file.Length || _file[_next + 1] != 0)
                    return;
                _next++;
            }
            _next++;
            _bits = _bits << 8 | value;
            _count += 8;
        }
    }
}
