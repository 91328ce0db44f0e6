using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>ReLU's backward pass against the plain one.</summary>
public class ReluLoopsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(50)]
    public void Outputs_at_or_below_zero_get_no_gradient_and_NaN_does(int length)
    {
        var random = new Random(length);
        var output = RandomValues.Normal(random, length);
        float[] special = [0f, -0f, float.NaN, float.Epsilon, float.NegativeInfinity];
        for (var i = 0; i < length; i += 3)
            output[i] = special[i % special.Length];
        var gradient = RandomValues.Normal(random, length);
        var expected = PlainNorm.ReluBackward(gradient, output);

        ReluLoops.Backward(gradient, output);

        Assert.Equal(expected, gradient);
    }
}
