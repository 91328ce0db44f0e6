using System.Runtime.InteropServices;
using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;

namespace PSConvNet.Tests.Runtime;

public class PixelConversionTests
{
    [Fact]
    public void Images_are_gathered_in_the_order_asked_for_and_scaled_to_one()
    {
        byte[] pixels = [0, 51, 255, 102, 204, 153];
        var batch = new byte[4 * 4];

        PixelConversion.Gather(pixels, [2, 0], 2, batch, torch.ScalarType.Float32);

        Assert.Equal([204 / 255f, 153 / 255f, 0f, 51 / 255f], MemoryMarshal.Cast<byte, float>(batch).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(784)]
    public void Every_pixel_is_divided_exactly_whatever_the_images_size(int size)
    {
        var pixels = new byte[3 * size];
        new Random(size).NextBytes(pixels);
        var (floats, shorts) = (new byte[8 * size], new byte[4 * size]);

        PixelConversion.Gather(pixels, [2, 1], size, floats, torch.ScalarType.Float32);
        PixelConversion.Gather(pixels, [2, 1], size, shorts, torch.ScalarType.BFloat16);

        var expected = PlainPixels.Gather(pixels, [2, 1], size);
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(floats).ToArray());
        Assert.Equal(PlainBFloat16.Bits(expected), MemoryMarshal.Cast<byte, ushort>(shorts).ToArray());
    }

    [Fact]
    public void Bfloat16_batches_are_rounded_as_libtorch_rounds()
    {
        LibTorch.EnsureLoaded();
        byte[] pixels = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var batch = new byte[512];

        PixelConversion.Gather(pixels, [0], 256, batch, torch.ScalarType.BFloat16);

        using var exact = torch.tensor(pixels.Select(p => p / 255f).ToArray());
        using var rounded = exact.to_type(torch.ScalarType.BFloat16);
        Assert.Equal(rounded.bytes.ToArray(), batch);
    }

    [Fact]
    public void A_row_outside_the_images_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PixelConversion.Gather(new byte[4], [1], 4, new byte[16], torch.ScalarType.Float32)
        );
    }
}
