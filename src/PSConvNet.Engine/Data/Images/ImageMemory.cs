namespace PSConvNet.Data;

/// <summary>
/// The memory for pictures that are read at the same time: half a gigabyte for their files, and half a gigabyte for decoding them.
/// A thread takes the file's share first and waits for nothing once it decodes, so no two threads wait for each other.
/// </summary>
internal sealed class ImageMemory
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const long LargestFile = 256L << 20;

    /// <summary>The most that decoding one picture may take, in bytes.</summary>
    public const long LargestPicture = 512L << 20;

    /// <summary>The files' share.</summary>
    public MemoryBudget Files { get; init; } = new(2 * LargestFile);

    /// <summary>The share of all that is needed to make samples of them.</summary>
    public MemoryBudget Decoding { get; init; } = new(LargestPicture);
}
