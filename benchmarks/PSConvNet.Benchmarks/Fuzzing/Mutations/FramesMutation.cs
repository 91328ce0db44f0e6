using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>Changes a wire message: one of its dictionaries as JSON, signed again with the right key, or its frames.</summary>
internal sealed class FramesMutation : IMutation
{
    private const double ShareOfBytes = 0.1;
    private static readonly ByteMutation s_bytes = new();
    private static readonly JsonMutation s_json = new();

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        var frames = FrameList.Unpack(input);
        if (random.NextDouble() < ShareOfBytes || frames.Count == 0)
            return s_bytes.Apply(input, other, random);
        var at = random.Next(frames.Count);
        var theirs = FrameList.Unpack(other);
        switch (random.Next(12))
        {
            case 0:
                frames.RemoveAt(at);
                break;
            case 1:
                frames.Insert(at, frames[random.Next(frames.Count)]);
                break;
            case 2 when theirs.Count > 0:
                frames[at] = theirs[random.Next(theirs.Count)];
                break;
            case 3:
                frames[at] = s_bytes.Apply(frames[at], frames[at], random);
                break;
            default:
                // The dictionaries are last, the content is the last of them.
                at = Math.Max(0, frames.Count - 1 - random.Next(FrameList.Dictionaries));
                frames[at] = s_json.Apply(frames[at], at < theirs.Count ? theirs[at] : frames[at], random);
                break;
        }
        if (random.Next(10) > 0)
            FrameList.Sign(frames);
        return FrameList.Pack(frames);
    }
}
