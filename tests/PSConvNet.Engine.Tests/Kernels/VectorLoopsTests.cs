using System.Runtime.InteropServices;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;
using TorchSharp;

namespace PSConvNet.Tests.Kernels;

/// <summary>The product for a single image against fp64.</summary>
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
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        var (m, v, b) = (Random(rows, columns), Random(columns), Random(rows));
        var result = new ushort[rows];

        VectorLoops.Multiply(Memory(m), Memory(v), bias ? Memory(b) : [], result);

        var exact = m.to_type(torch.ScalarType.Float64).mv(v.to_type(torch.ScalarType.Float64));
        if (bias)
            exact += b.to_type(torch.ScalarType.Float64);
        var expected = exact.data<double>().ToArray();
        for (var i = 0; i < rows; i++)
        {
            var found = BitConverter.UInt32BitsToSingle((uint)result[i] << 16);
            Assert.Equal(expected[i], found, Math.Abs(expected[i]) / 256 + 1e-3);
        }

        static torch.Tensor Random(params long[] shape) => torch.randn(shape, torch.ScalarType.BFloat16);
        static Span<ushort> Memory(torch.Tensor tensor) => MemoryMarshal.Cast<byte, ushort>(tensor.bytes);
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
