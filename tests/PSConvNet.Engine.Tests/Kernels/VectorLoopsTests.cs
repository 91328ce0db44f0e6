using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The product for a single image against the plain one in fp64.</summary>
public class VectorLoopsTests
{
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(3, 31, true)]
    [InlineData(10, 32, false)]
    [InlineData(7, 33, true)]
    [InlineData(128, 9216, true)]
    public void A_matrix_times_a_vector_is_double_precisions_rounded_once(int rows, int columns, bool bias)
    {
        var random = new Random(rows);
        var m = PlainBFloat16.Rounded(RandomValues.Normal(random, rows * columns));
        var v = PlainBFloat16.Rounded(RandomValues.Normal(random, columns));
        var b = bias ? PlainBFloat16.Rounded(RandomValues.Normal(random, rows)) : null;
        var result = new ushort[rows];

        VectorLoops.Multiply(
            PlainBFloat16.Bits(m),
            PlainBFloat16.Bits(v),
            b is null ? [] : PlainBFloat16.Bits(b),
            result
        );

        var expected = PlainDense.Multiply(m, v, b);
        for (var i = 0; i < rows; i++)
            Assert.Equal(expected[i], PlainBFloat16.Widen(result[i]), Math.Abs(expected[i]) / 256 + 1e-3);
    }

    [Fact]
    public void Infinities_and_NaN_go_through_and_wrong_sizes_are_refused()
    {
        ushort[] vector = [0x3f80, 0x3f80];
        var result = new ushort[3];

        // 1 + infinity, 1 + NaN, infinity - infinity.
        VectorLoops.Multiply([0x3f80, 0x7f80, 0x3f80, 0x7fc0, 0x7f80, 0xff80], vector, [], result);

        Assert.Equal([(ushort)0x7f80, (ushort)0x7fc0, (ushort)0x7fc0], result);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            VectorLoops.Multiply(new ushort[5], vector, [], new ushort[3])
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            VectorLoops.Multiply(new ushort[6], vector, new ushort[2], new ushort[3])
        );
    }
}
