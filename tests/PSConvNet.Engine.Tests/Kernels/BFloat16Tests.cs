using System.Runtime.InteropServices;
using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;
using BFloat16 = PSConvNet.Runtime.Kernels.BFloat16;

namespace PSConvNet.Tests.Kernels;

/// <summary>Our conversions against libtorch's, bit for bit, on every kind of number and lengths no vector divides.</summary>
public class BFloat16Tests
{
    private static readonly float[] s_numbers =
    [
        0,
        -0f,
        1,
        -1,
        float.Epsilon,
        -float.Epsilon,
        1e-39f,
        float.MaxValue,
        -float.MaxValue,
        float.PositiveInfinity,
        float.NegativeInfinity,
        float.NaN,
        // Ties of the last place, to even in both directions.
        BitConverter.UInt32BitsToSingle(0x3f808000),
        BitConverter.UInt32BitsToSingle(0x3f818000),
        .. Enumerable.Range(0, 1003).Select(i => MathF.Sin(i) * MathF.Exp(i % 70 - 35)),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1017)]
    public void Numbers_are_rounded_and_widened_as_libtorch_does(int count)
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        var numbers = s_numbers[..count];
        var theirs = torch.tensor(numbers).to_type(torch.ScalarType.BFloat16);
        var ours = new ushort[count];
        var wide = new float[count];

        BFloat16.Round(numbers, ours);
        BFloat16.Widen(ours, wide);

        // Any NaN will do: libtorch keeps its sign on some processors.
        Assert.Equal(
            MemoryMarshal.Cast<byte, ushort>(theirs.bytes).ToArray().Select(Canonical),
            ours.Select(Canonical)
        );
        Assert.Equal(theirs.to_type(torch.ScalarType.Float32).data<float>().ToArray(), wide);
    }

    [Fact]
    public void Rounding_gives_the_nearest_number_and_widening_its_value()
    {
        var random = new Random(4);
        float[] numbers =
        [
            .. s_numbers,
            BitConverter.UInt32BitsToSingle(0x7f7f7fff),
            BitConverter.UInt32BitsToSingle(0x7f7f8000),
            .. Enumerable
                .Range(0, 5000)
                .Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)))
                .Where(value => !float.IsNaN(value)),
        ];
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];
        var (rounded, wide) = (new ushort[numbers.Length], new float[all.Length]);

        BFloat16.Round(numbers, rounded);
        BFloat16.Widen(all, wide);

        Assert.Equal(PlainBFloat16.Bits(numbers), rounded);
        Assert.Equal(all.Select(PlainBFloat16.Widen), wide.Select(value => (double)value));
    }

    [Fact]
    public void Adding_is_widening_and_adding()
    {
        var addend = new ushort[s_numbers.Length];
        BFloat16.Round(s_numbers, addend);
        var wide = new float[addend.Length];
        BFloat16.Widen(addend, wide);
        var sum = Enumerable.Range(0, addend.Length).Select(i => i * 0.5f).ToArray();
        var expected = sum.Zip(wide, (a, b) => a + b).ToArray();

        BFloat16.AddTo(sum, addend);

        Assert.Equal(expected, sum);
    }

    private static ushort Canonical(ushort bits) => (bits & 0x7fff) > 0x7f80 ? (ushort)0x7fc0 : bits;
}
