using System.Runtime.InteropServices;
using PSConvNet.Module.Tests;

namespace PSConvNet.Tests.Data;

public class ImportCostTests
{
    [SkippableFact]
    public void The_real_digits_take_60_MB()
    {
        Skip.If(Repository.SharedMnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        var source = new MnistSource(MnistName.Digits, new MnistLocations(null, Path.GetTempPath()));

        var data = source.Read(source.FindIn(Repository.SharedMnist!));

        Assert.InRange(Bytes(data.Train) + Bytes(data.Test), 1, 60_000_000);
    }

    // The arrays themselves, not the memory that shows: no slack may hide behind it.
    private static long Bytes(ImageSet part)
    {
        Assert.True(MemoryMarshal.TryGetArray(part.Pixels, out var pixels));
        Assert.True(MemoryMarshal.TryGetArray(part.Labels, out var labels));
        return pixels.Array!.LongLength + labels.Array!.LongLength * sizeof(int);
    }
}
