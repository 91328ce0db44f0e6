using System.Buffers.Binary;
using System.Text;
using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>Changes pictures; a PNG's chunks get the right sums again, without which its decoder looks at nothing.</summary>
internal sealed class PictureMutation : IMutation
{
    private const int Signature = 8;
    private const int Beside = 12;
    private static readonly ByteMutation s_bytes = new();

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        var mutated = s_bytes.Apply(input, other, random);
        if (random.Next(4) > 0 && mutated is [_, (byte)'P', (byte)'N', (byte)'G', ..])
            Sum(mutated);
        return mutated;
    }

    /// <summary>A chunk is its length, its type, as much data, and a CRC-32 of type and data.</summary>
    private static void Sum(byte[] png)
    {
        for (var at = Signature; at + Beside <= png.Length; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - Beside)
                return;
            var crc = new Crc32();
            crc.Add(png.AsSpan(at + 4, (int)length + 4));
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), crc.Value);
            at += Beside + (int)length;
        }
    }
}
