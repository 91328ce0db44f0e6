namespace PSConvNet.Files;

/// <summary>CRC-32 as zip has it (polynomial 0xEDB88320, reflected), byte by byte.</summary>
internal sealed class Crc32
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(Remainder)];

    private uint _state = uint.MaxValue;

    /// <summary>The sum of all that was added.</summary>
    public uint Value => ~_state;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        foreach (var value in bytes)
            state = s_table[(byte)(state ^ value)] ^ (state >> 8);
        _state = state;
    }

    private static uint Remainder(int value)
    {
        var remainder = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB88320;
        return remainder;
    }
}
