using System.Runtime.InteropServices;
using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;

namespace PSConvNet.Tests.Kernels;

public class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_share_of_dropped_values_is_the_rate(double rate)
    {
        var dropped = Enumerable.Range(0, 200).Sum(key => Mask(5000, (ulong)key * 7919 + 1, rate).Count(v => v == 0));

        // A million draws: six standard deviations are 0.3 points at most.
        Assert.Equal(rate, dropped / 1e6, 6 * Math.Sqrt(rate * (1 - rate) / 1e6));
    }

    [Fact]
    public void Kept_values_are_scaled_so_that_the_expectation_stays()
    {
        Assert.All(Mask(1000, 3, 0.25), value => Assert.True(value is 0 or 1 / 0.75f));
    }

    [Fact]
    public void A_value_depends_on_its_place_and_not_on_the_row_length()
    {
        var full = Mask(100, 42, 0.5);

        for (var length = 1; length < 100; length++)
            Assert.Equal(full[..length], Mask(length, 42, 0.5));
    }

    [Fact]
    public void Both_precisions_drop_the_same_values()
    {
        for (var length = 1; length < 70; length++)
        {
            var bytes = new byte[length * 2];
            new DropoutMask(42, 0.5).Fill(bytes, torch.ScalarType.BFloat16);

            Assert.Equal(
                Mask(length, 42, 0.5).Select(v => v != 0),
                MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(v => v != 0)
            );
        }
    }

    [Fact]
    public void Each_element_is_kept_or_dropped_by_its_hash_alone()
    {
        var random = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var (key, rate) = ((ulong)random.NextInt64() * 3, random.NextDouble());
            var length = random.Next(200);

            var mask = Mask(length, key, rate);

            Assert.Equal(
                Enumerable.Range(0, length).Select(i => PlainDropout.Keeps(key, i, rate) ? (float)(1 / (1 - rate)) : 0),
                mask
            );
        }
    }

    [Fact]
    public void Neighbours_and_rows_are_independent()
    {
        // Pearson's correlation of ±1 masks at lags within a row, and between rows with neighbouring keys.
        var row = Mask(100_000, 1, 0.5).Select(v => v == 0 ? -1.0 : 1.0).ToArray();
        var next = Mask(100_000, 2, 0.5).Select(v => v == 0 ? -1.0 : 1.0).ToArray();

        foreach (var lag in (int[])[1, 2, 3, 8, 16, 64, 784])
            Assert.InRange(row.Skip(lag).Zip(row, (a, b) => a * b).Average(), -0.02, 0.02);
        Assert.InRange(row.Zip(next, (a, b) => a * b).Average(), -0.02, 0.02);
    }

    private static float[] Mask(int length, ulong key, double rate)
    {
        var bytes = new byte[length * 4];
        new DropoutMask(key, rate).Fill(bytes, torch.ScalarType.Float32);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
