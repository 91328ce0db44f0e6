using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;
using TorchSharp;

namespace PSConvNet.Tests.Kernels;

public class LossKernelTests
{
    [Fact]
    public void Cross_entropy_of_equal_logits_is_the_logarithm_of_the_class_count()
    {
        var share = new CrossEntropyKernel(0).Compute(new float[20], [3, 7], 10, 2, []);

        Assert.Equal(2 * Math.Log(10), share.Sum, 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Cross_entropy_and_its_gradient_are_libtorchs(double smoothing)
    {
        LibTorch.EnsureLoaded();
        var logits = Logits(6, 5, 3);
        int[] labels = [0, 4, 2, 2, 1, 3];
        var gradient = new float[logits.Length];

        var share = new CrossEntropyKernel(smoothing).Compute(logits, labels, 5, 6, gradient);

        using var x = torch.tensor(logits, [6, 5]).requires_grad_(true);
        using var y = torch.tensor(labels.Select(l => (long)l).ToArray());
        using var loss = torch.nn.functional.cross_entropy(x, y, label_smoothing: smoothing);
        loss.backward();
        Assert.Equal(loss.item<float>(), share.Sum / 6, 5);
        Assert.All(x.grad!.data<float>().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 6));
    }

    [Fact]
    public void Cross_entropy_survives_logits_that_overflow_an_exponential()
    {
        var gradient = new float[3];

        var share = new CrossEntropyKernel(0).Compute([1000f, 0f, -1000f], [2], 3, 1, gradient);

        Assert.Equal(2000, share.Sum, 6);
        Assert.Equal([1f, 0f, -1f], gradient);
    }

    [Fact]
    public void A_logit_that_is_not_a_number_gives_a_loss_that_is_not()
    {
        var share = new CrossEntropyKernel(0).Compute([1f, float.NaN, 0f], [0], 3, 1, new float[3]);

        Assert.False(double.IsFinite(share.Sum));
    }

    [Fact]
    public void Squared_error_is_the_mean_over_the_classes()
    {
        var gradient = new float[4];

        var share = new MeanSquaredErrorKernel().Compute([0.5f, 0.25f, 0f, 0f], [0], 4, 2, gradient);

        Assert.Equal((0.25 + 0.0625) / 4, share.Sum, 9);
        Assert.Equal([-0.125f, 0.0625f, 0f, 0f], gradient);
        Assert.Equal(1, share.Correct);
    }

    private static float[] Logits(int rows, int columns, long seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(random.NextGaussian() * 3))];
    }
}
