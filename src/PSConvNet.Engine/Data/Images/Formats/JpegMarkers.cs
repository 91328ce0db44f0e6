using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>Steps from marker to marker of a JPEG.</summary>
internal ref struct JpegMarkers(ReadOnlySpan<byte> file)
{
    public const byte LastSequential = 0xC1;
    public const byte Progressive = 0xC2;
    public const byte Huffman = 0xC4;
    public const byte Start = 0xD8;
    public const byte End = 0xD9;
    public const byte Scan = 0xDA;
    public const byte RestartInterval = 0xDD;
    public const byte App1 = 0xE1;

    private readonly ReadOnlySpan<byte> _file = file;
    private int _next;

    /// <summary>The second byte of the marker.</summary>
    public byte Marker { get; private set; }

    /// <summary>Where the marker begins.</summary>
    public int Position { get; private set; }

    /// <summary>What belongs to the marker, without its length; of a scan its header.</summary>
    public ReadOnlySpan<byte> Segment { get; private set; }

    /// <summary>Where the segment ends; of a scan, where its data begins.</summary>
    public readonly int SegmentEnd => _next;

    /// <summary>Whether a marker opens a frame: Huffman tables, arithmetic conditions and an extension lie among them.</summary>
    public static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (Huffman or 0xC8 or 0xCC);

    /// <summary>Whether a marker may lie within a scan's data.</summary>
    public static bool IsRestart(byte marker) => marker is >= 0xD0 and <= 0xD7;

    /// <summary>Goes to the next marker, past data and what lies between segments.</summary>
    /// <returns>False where the file has no other one, or ends in its segment.</returns>
    public bool Next()
    {
        while (true)
        {
            var gap = _next < _file.Length ? _file[_next..].IndexOf((byte)0xFF) : -1;
            if (gap < 0 || _next + gap + 1 >= _file.Length)
                return false;
            Position = _next + gap;
            Marker = _file[Position + 1];
            // A filling byte is followed by another 0xFF; one that is data by 0.
            _next = Position + (Marker == 0xFF ? 1 : 2);
            if (Marker is 0 or 1 or 0xFF or Start || IsRestart(Marker))
                continue;
            Segment = default;
            return Marker == End || TakeSegment();
        }
    }

    private bool TakeSegment()
    {
        if (_next + 2 > _file.Length)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(_file[_next..]);
        if (length < 2 || _next + length > _file.Length)
            return false;
        Segment = _file.Slice(_next + 2, length - 2);
        _next += length;
        return true;
    }
}
