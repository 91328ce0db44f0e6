namespace PSConvNet.Tests;

/// <summary>Damaged copies of a file, for tests that feed a reader ten thousand of them.</summary>
internal static class Mutation
{
    // What lengths and counts become when they lie, and what JSON stumbles over.
    private static readonly byte[] s_extremes = [0, 1, 0x7f, 0x80, 0xff, .. "9\"{[-"u8];

    /// <summary>One to three times a bit, a byte or a word is changed, a span removed, doubled, made up, or all the rest cut off.</summary>
    public static byte[] Of(ReadOnlySpan<byte> whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = Position(bytes.Count, random);
            var count = random.Next(1, Math.Min(64, bytes.Count - at) + 1);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    for (var i = at; i < Math.Min(bytes.Count, at + 4); i++)
                        bytes[i] = s_extremes[random.Next(s_extremes.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, count);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, count));
                    break;
                case 5:
                    bytes.InsertRange(at, Enumerable.Range(0, count).Select(_ => (byte)random.Next(256)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
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
