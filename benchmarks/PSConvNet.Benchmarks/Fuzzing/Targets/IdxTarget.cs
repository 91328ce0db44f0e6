using System.Buffers.Binary;
using System.IO.Compression;
using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>IDX files of images and of labels, plain and gzip.</summary>
internal sealed class IdxTarget() : FuzzTarget("idx", new IdxMutation(), "IdxFileInvalid")
{
    private const int Classes = 10;

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        byte[] images = [.. Words(0x803, 6, 5, 4), .. Enumerable.Range(0, 120).Select(i => (byte)(i * 7))];
        byte[] labels = [.. Words(0x801, 40), .. Enumerable.Range(0, 40).Select(i => (byte)(i % Classes))];
        return [images, labels, Gzip(images), Gzip(labels)];
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        try
        {
            return IdxFile.ReadImages(path);
        }
        catch (ConvNetException e) when (IsPromised(e))
        {
            // One that holds no images may hold labels.
            return IdxFile.ReadLabels(path, Classes);
        }
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        if (read is IdxImages images)
            Require(
                images.Pixels.Length == (long)images.Count * images.Height * images.Width,
                "there are as many pixels as the header says"
            );
        else
            Require(
                ((IdxLabels)read).Values.All(label => label is >= 0 and < Classes),
                "every label is that of a class"
            );
    }

    private static IEnumerable<byte> Words(params int[] words) =>
        words.SelectMany(word =>
        {
            var bytes = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(bytes, word);
            return bytes;
        });

    private static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return memory.ToArray();
    }
}
