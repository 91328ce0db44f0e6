using System.Numerics;

namespace PSConvNet.Benchmarks.Fuzzing.Loop;

/// <summary>
/// Which edges of the code an execution went through, and how often, in AFL's form: a byte an edge, which instrumented code counts up.
/// Counts are compared by their order of magnitude, so that one more turn of a loop is nothing new.
/// </summary>
/// <param name="counts">The map that the code counts in, <see cref="Size"/> bytes.</param>
internal sealed unsafe class EdgeMap(byte* counts)
{
    /// <summary>How many edges the map tells apart.</summary>
    public const int Size = 1 << 16;

    private readonly byte[] _seen = new byte[Size];

    /// <summary>How many edges any execution went through.</summary>
    public int Edges => Size - _seen.AsSpan().Count((byte)0);

    /// <summary>Forgets the last execution.</summary>
    public void Clear() => new Span<byte>(counts, Size).Clear();

    /// <summary>Adds the last execution to what was seen; true where it went a way, or as often along one, as none before.</summary>
    public bool Add()
    {
        var isNew = false;
        var last = new ReadOnlySpan<byte>(counts, Size);
        var width = Vector<byte>.Count;
        for (var block = 0; block < Size; block += width)
        {
            if (Vector.EqualsAll(new Vector<byte>(last[block..]), Vector<byte>.Zero))
                continue;
            for (var i = block; i < block + width; i++)
            {
                var bucket = Bucket(last[i]);
                isNew |= (bucket & ~_seen[i]) != 0;
                _seen[i] |= bucket;
            }
        }
        return isNew;
    }

    private static byte Bucket(byte count) =>
        count switch
        {
            0 => 0,
            1 => 1,
            2 => 2,
            3 => 4,
            < 8 => 8,
            < 16 => 16,
            < 32 => 32,
            < 128 => 64,
            _ => 128,
        };
}
