namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>VectorLoops</c> computes, in fp64: matrix x vector + bias.</summary>
internal static class PlainDense
{
    /// <summary>result[row] = bias[row] + Σ matrix[row, column] vector[column].</summary>
    public static double[] Multiply(float[] matrix, float[] vector, float[]? bias)
    {
        var result = new double[matrix.Length / vector.Length];
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = bias is null ? 0 : bias[row];
            for (var column = 0; column < vector.Length; column++)
                result[row] += (double)matrix[row * vector.Length + column] * vector[column];
        }
        return result;
    }
}
