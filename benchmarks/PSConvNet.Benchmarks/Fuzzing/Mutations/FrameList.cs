using System.Buffers.Binary;
using PSConvNet.Notebook;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>A wire message's frames as one input: each frame's length in four bytes, and the frame.</summary>
internal static class FrameList
{
    /// <summary>The dictionaries of a message.</summary>
    public const int Dictionaries = 4;

    private const int Prefix = 4;
    private static readonly byte[] s_delimiter = "<IDS|MSG>"u8.ToArray();

    /// <summary>A signer with the key that these messages are signed with.</summary>
    public static MessageSigner Signer { get; } = new("key", "hmac-sha256");

    /// <summary>Frames as an input.</summary>
    public static byte[] Pack(IEnumerable<byte[]> frames) =>
        [
            .. frames.SelectMany(frame =>
            {
                var length = new byte[Prefix];
                BinaryPrimitives.WriteInt32LittleEndian(length, frame.Length);
                return length.Concat(frame);
            }),
        ];

    /// <summary>An input's frames; a last one that is cut off is as long as it is.</summary>
    public static List<byte[]> Unpack(byte[] input)
    {
        var frames = new List<byte[]>();
        for (var at = 0; at + Prefix <= input.Length; )
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(at));
            at += Prefix;
            var taken = (int)Math.Min(length, input.Length - at);
            frames.Add(input.AsSpan(at, taken).ToArray());
            at += taken;
        }
        return frames;
    }

    /// <summary>Signs frames anew, where they are a message's.</summary>
    public static void Sign(List<byte[]> frames)
    {
        var delimiter = frames.FindIndex(frame => frame.AsSpan().SequenceEqual(s_delimiter));
        if (delimiter >= 0 && frames.Count >= delimiter + 2 + Dictionaries)
            frames[delimiter + 1] = Signer.Sign(frames.Skip(delimiter + 2).Take(Dictionaries));
    }
}
