namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>MatrixProduct</c> computes, in fp64. Matrices are row by row.</summary>
internal static class PlainProduct
{
    /// <summary>start + left x right.</summary>
    public static double[] Multiply(float[] left, float[] right, float[] start, int rows, int depth, int columns)
    {
        var result = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
        {
            double sum = start[i * columns + j];
            for (var k = 0; k < depth; k++)
                sum += (double)left[i * depth + k] * right[k * columns + j];
            result[i * columns + j] = sum;
        }
        return result;
    }
}
