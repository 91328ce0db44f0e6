using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>
/// Changes what is in an archive, and packs it again with the right sums, so that the change gets past them to the readers behind. Sometimes
/// changes the archive itself: its bytes, its entries' names, how they are packed.
/// </summary>
/// <param name="entry">The entry that is changed most; null for any.</param>
internal sealed class ArchiveMutation(string? entry = null) : IMutation
{
    private const string Sums = "SHA256SUMS";
    private const long Largest = 1 << 20;
    private const double ShareOfBytes = 0.1;
    private const double ShareOfOthers = 0.2;
    private static readonly ByteMutation s_bytes = new();
    private static readonly JsonMutation s_json = new();
    private static readonly SafetensorsMutation s_safetensors = new();

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        if (random.NextDouble() < ShareOfBytes || Unpack(input) is not { Count: > 0 } entries)
            return s_bytes.Apply(input, other, random);
        var isSummed = entries.RemoveAll(item => item.Name == Sums) > 0;
        if (entries.Count == 0)
            return s_bytes.Apply(input, other, random);
        var level = CompressionLevel.NoCompression;
        var at = random.Next(entries.Count);
        if (entry is not null && random.NextDouble() > ShareOfOthers)
            at = Math.Max(0, entries.FindIndex(item => item.Name == entry));
        switch (random.Next(20))
        {
            case 0:
                entries.RemoveAt(at);
                break;
            case 1:
                entries.Add(entries[at]);
                break;
            case 2:
                entries[at] = entries[at] with { Name = entries[random.Next(entries.Count)].Name + "x" };
                break;
            case 3:
                isSummed = !isSummed;
                break;
            case 4:
                level = CompressionLevel.Fastest;
                break;
            default:
                var theirs = Unpack(other)?.Find(item => item.Name == entries[at].Name)?.Bytes ?? entries[at].Bytes;
                entries[at] = entries[at] with { Bytes = Changed(entries[at], theirs, random) };
                break;
        }
        if (isSummed)
            entries.Add(new(Sums, SumsOf(entries)));
        return Pack(entries, level);
    }

    private static byte[] Changed(Item item, byte[] other, Random random)
    {
        IMutation mutation =
            item.Name.EndsWith(".json", StringComparison.Ordinal) ? s_json
            : item.Name.EndsWith(".safetensors", StringComparison.Ordinal) ? s_safetensors
            : s_bytes;
        return mutation.Apply(item.Bytes, other, random);
    }

    private static byte[] SumsOf(IEnumerable<Item> entries) =>
        Encoding.UTF8.GetBytes(
            string.Concat(
                entries.Select(item =>
                    $"{Convert.ToHexString(SHA256.HashData(item.Bytes)).ToLowerInvariant()}  {item.Name}\n"
                )
            )
        );

    /// <summary>The entries; null if it isn't a readable archive, or is much larger than any that this class makes.</summary>
    private static List<Item>? Unpack(byte[] archive)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive));
            if (zip.Entries.Sum(entry => entry.Length) > Largest)
                return null;
            return
            [
                .. zip.Entries.Select(entry =>
                {
                    using var stream = entry.Open();
                    using var memory = new MemoryStream();
                    stream.CopyTo(memory);
                    return new Item(entry.FullName, memory.ToArray());
                }),
            ];
        }
        catch (Exception)
        {
            // Changed bytes make zip's own reader throw what it will.
            return null;
        }
    }

    private static byte[] Pack(IEnumerable<Item> entries, CompressionLevel level)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var item in entries)
            {
                using var stream = zip.CreateEntry(item.Name, level).Open();
                stream.Write(item.Bytes);
            }
        }
        return memory.ToArray();
    }

    private sealed record Item(string Name, byte[] Bytes);
}
