using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>Changes bytes whatever they mean: bits, bytes, whole numbers, spans that go, come twice, or come from another input.</summary>
internal sealed class ByteMutation : IMutation
{
    private const int MostSteps = 5;
    private const int LongestSpan = 256;

    private static readonly long[] s_numbers =
    [
        0,
        1,
        -1,
        16,
        64,
        100,
        127,
        128,
        255,
        256,
        1000,
        4096,
        short.MaxValue,
        ushort.MaxValue,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        1L << 32,
        long.MaxValue,
        long.MinValue,
    ];

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        List<byte> bytes = [.. input];
        // Seldom many steps: an input that is changed much is refused at its first bytes.
        for (var steps = 1 + (int)(MostSteps * Math.Pow(random.NextDouble(), 2)); steps > 0; steps--)
            Step(bytes, other, random);
        return [.. bytes];
    }

    private static void Step(List<byte> bytes, byte[] other, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(other);
            return;
        }
        var at = Position(bytes.Count, random);
        var count = random.Next(1, Math.Min(LongestSpan, bytes.Count - at) + 1);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] += (byte)random.Next(-16, 17);
                break;
            case 3:
                Number(bytes, at, random);
                break;
            case 4:
                bytes.RemoveRange(at, count);
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, count));
                break;
            case 6 when other.Length > 0:
                var from = Position(other.Length, random);
                var span = other.AsSpan(from, random.Next(1, Math.Min(LongestSpan, other.Length - from) + 1));
                bytes.InsertRange(at, span.ToArray());
                break;
            case 7 when other.Length > at:
                // The beginning of one and the end of the other.
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(at).ToArray());
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    /// <summary>A whole number that lengths and counts break at, in either order of bytes.</summary>
    private static void Number(List<byte> bytes, int at, Random random)
    {
        var number = BitConverter.GetBytes(s_numbers[random.Next(s_numbers.Length)]);
        var width = 1 << random.Next(4);
        var isBigEndian = random.Next(2) == 0;
        for (var i = 0; i < width && at + i < bytes.Count; i++)
            bytes[at + i] = number[isBigEndian ? width - 1 - i : i];
    }

    /// <summary>Anywhere, or near an end, the nearer the likelier: headers and directories lie there, and are small beside the rest.</summary>
    private static int Position(int count, Random random)
    {
        var near = (int)Math.Pow(count, random.NextDouble()) - 1;
        return random.Next(3) switch
        {
            0 => random.Next(count),
            1 => near,
            _ => count - 1 - near,
        };
    }
}
