namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>VectorLoops</c> and <c>DenseLoops</c> compute, in fp64.</summary>
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

    /// <summary>The gradient of the weights, outputs x inputs: Σ over samples of gradients[sample, output] x[sample, input].</summary>
    public static double[] WeightGradient(float[] x, float[] gradients, int inputs, int outputs)
    {
        var result = new double[outputs * inputs];
        for (var sample = 0; sample < x.Length / inputs; sample++)
        for (var output = 0; output < outputs; output++)
        for (var input = 0; input < inputs; input++)
            result[output * inputs + input] +=
                (double)gradients[sample * outputs + output] * x[sample * inputs + input];
        return result;
    }

    /// <summary>The gradient of the inputs, samples x inputs: Σ over outputs of gradients[sample, output] weights[output, input].</summary>
    public static double[] InputGradient(float[] gradients, float[] weights, int inputs, int outputs)
    {
        var result = new double[gradients.Length / outputs * inputs];
        for (var sample = 0; sample < gradients.Length / outputs; sample++)
        for (var output = 0; output < outputs; output++)
        for (var input = 0; input < inputs; input++)
            result[sample * inputs + input] +=
                (double)gradients[sample * outputs + output] * weights[output * inputs + input];
        return result;
    }
}
