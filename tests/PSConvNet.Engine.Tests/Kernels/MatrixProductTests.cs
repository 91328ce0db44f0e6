using PSConvNet.Runtime.Kernels;
using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The product of matrices against the plain one in fp64, for each width of vectors.</summary>
public unsafe class MatrixProductTests
{
    public static IEnumerable<object[]> Widths => WinogradConvTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_of_random_sizes_are_those_of_the_definition(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
        {
            var (rows, depth, vectors) = (2 * (1 + random.Next(12)), 1 + random.Next(300), 1 + random.Next(9));
            var (transposed, add) = (random.Next(2) == 0, random.Next(2) == 0);
            switch ((VectorWidth)width)
            {
                case VectorWidth.Bits512:
                    Check<Wide512>(rows, depth, vectors, transposed, add, random);
                    break;
                case VectorWidth.Bits256:
                    Check<Wide256>(rows, depth, vectors, transposed, add, random);
                    break;
                default:
                    Check<Wide128>(rows, depth, vectors, transposed, add, random);
                    break;
            }
        }
    }

    private static void Check<TWide>(int rows, int depth, int vectors, bool transposed, bool add, Random random)
        where TWide : struct, IWide<TWide>
    {
        var columns = vectors * TWide.Lanes;
        var left = RandomValues.Normal(random, rows * depth);
        var right = RandomValues.Normal(random, depth * columns);
        var result = RandomValues.Normal(random, rows * columns);
        var start = add ? result : new float[result.Length];
        var expected = PlainProduct.Multiply(left, right, start, rows, depth, columns);
        var stored = transposed ? Transpose(left, rows, depth) : left;
        fixed (
            float* a = stored,
                b = right,
                c = result
        )
        {
            var first = transposed ? new Matrix(a, rowStep: 1, columnStep: rows) : new Matrix(a, depth);
            MatrixProduct.Compute<TWide>(first, new(b, columns), new(c, columns), rows, depth, columns, add);
        }
        // A sum of products of normal numbers has their number's square root as its size.
        for (var i = 0; i < result.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - result[i]) <= 1e-5 * Math.Sqrt(depth),
                $"{rows} x {depth} x {columns}, at {i}: {expected[i]} was {result[i]}"
            );
    }

    private static float[] Transpose(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[i % rows * columns + i / rows])];
}
