namespace PSConvNet.Tests.Data;

public class IdxFuzzTests
{
    private const int Mutations = 10_000;
    private const int MemoryLimit = 1 << 20;

    [Fact]
    public async Task Ten_thousand_mutated_files_give_the_typed_error_or_a_valid_set()
    {
        var (valid, refused) = await Task.Run(MutateAll).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Mutations, valid + refused);
        // Both kinds must occur, or the mutations are too tame or too wild to say anything.
        Assert.InRange(valid, Mutations / 100, Mutations);
        Assert.InRange(refused, Mutations / 2, Mutations);
    }

    private static (int Valid, int Refused) MutateAll()
    {
        var random = new Random(20241124);
        var images = IdxBytes.Images(6, 5, 4);
        var labels = IdxBytes.Labels(40);
        byte[][] seeds = [images, labels, IdxBytes.Gzip(images), IdxBytes.Gzip(labels)];
        var (valid, refused) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var which = i % seeds.Length;
            var bytes = Mutation.Of(seeds[which], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (which % 2 == 0)
                    ReadImages(bytes);
                else
                    ReadLabels(bytes);
                valid++;
            }
            catch (ConvNetException e)
            {
                Assert.Equal("IdxFileInvalid", e.ErrorId);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MemoryLimit);
        }
        return (valid, refused);
    }

    private static void ReadImages(byte[] bytes)
    {
        using var input = new IdxInput(new MemoryStream(bytes), "fuzzed");
        var images = IdxFile.ReadImages(input, CancellationToken.None);
        Assert.Equal(images.Count * images.Height * images.Width, images.Pixels.Length);
    }

    private static void ReadLabels(byte[] bytes)
    {
        using var input = new IdxInput(new MemoryStream(bytes), "fuzzed");
        Assert.All(IdxFile.ReadLabels(input, 10, CancellationToken.None).Values, label => Assert.InRange(label, 0, 9));
    }
}
