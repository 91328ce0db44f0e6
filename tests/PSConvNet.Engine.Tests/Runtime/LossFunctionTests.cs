using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;

namespace PSConvNet.Tests.Runtime;

public class LossFunctionTests
{
    [Fact]
    public void Cross_entropy_of_equal_logits_is_the_logarithm_of_the_class_count()
    {
        var share = new CrossEntropy(0).Compute(new float[20], [3, 7], 10, 2, []);

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

        var share = new CrossEntropy(smoothing).Compute(logits, labels, 5, 6, gradient);

        using var x = torch.tensor(logits, [6, 5]).requires_grad_(true);
        using var y = torch.tensor(labels.Select(l => (long)l).ToArray());
        using var loss = torch.nn.functional.cross_entropy(x, y, label_smoothing: smoothing);
        loss.backward();
        Assert.Equal(loss.item<float>(), share.Sum / 6, 5);
        Assert.All(x.grad!.data<float>().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void With_weights_a_sample_counts_as_its_class_says_and_the_mean_stays_over_the_samples(double smoothing)
    {
        LibTorch.EnsureLoaded();
        var logits = Logits(6, 5, 3);
        int[] labels = [0, 4, 2, 2, 1, 3];
        double[] weights = [2, 0.25, 1, 7, 0.5];
        var gradient = new float[logits.Length];

        var share = new CrossEntropy(smoothing, weights).Compute(logits, labels, 5, 6, gradient);

        using var x = torch.tensor(logits, [6, 5]).requires_grad_(true);
        using var y = torch.tensor(labels.Select(l => (long)l).ToArray());
        using var w = torch.tensor(labels.Select(label => (float)weights[label]).ToArray());
        using var each = torch.nn.functional.cross_entropy(
            x,
            y,
            reduction: torch.nn.Reduction.None,
            label_smoothing: smoothing
        );
        using var loss = each.mul(w).mean();
        loss.backward();
        Assert.Equal(loss.item<float>(), share.Sum / 6, 5);
        Assert.All(x.grad!.data<float>().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("smoothed cross-entropy")]
    [InlineData("squared error")]
    public void The_gradient_with_weights_is_that_of_finite_differences(string kind)
    {
        double[] weights = [0.3, 2.5, 1];
        LossFunction kernel = kind switch
        {
            "cross-entropy" => new CrossEntropy(0, weights),
            "smoothed cross-entropy" => new CrossEntropy(0.2, weights),
            _ => new MeanSquaredError(weights),
        };
        var outputs = Logits(4, 3, 8);
        int[] labels = [1, 0, 2, 1];
        var gradient = new float[outputs.Length];
        kernel.Compute(outputs, labels, 3, 4, gradient);

        // A power of two, so that nothing is lost in adding it to values below eight.
        const float step = 1f / 1024;
        for (var i = 0; i < outputs.Length; i++)
        {
            var (above, below) = ((float[])outputs.Clone(), (float[])outputs.Clone());
            above[i] += step;
            below[i] -= step;
            var difference = kernel.Compute(above, labels, 3, 4, []).Sum - kernel.Compute(below, labels, 3, 4, []).Sum;
            Assert.Equal(difference / ((double)above[i] - below[i]) / 4, gradient[i], 1e-5);
        }
    }

    [Fact]
    public void Losses_and_gradients_are_those_of_their_definitions()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var (rows, classes) = (1 + random.Next(9), 2 + random.Next(20));
            var smoothing = random.Next(2) * random.NextDouble();
            double[] weights = [.. Enumerable.Range(0, classes).Select(_ => 3 * random.NextDouble())];
            int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
            var outputs = RandomValues.Normal(random, rows * classes, 3);

            Check(
                new CrossEntropy(smoothing, weights),
                (row, label) => PlainLosses.CrossEntropy(row, label, smoothing, weights[label])
            );
            Check(new MeanSquaredError(weights), (row, label) => PlainLosses.SquaredError(row, label, weights[label]));

            void Check(LossFunction function, Func<float[], int, (double Loss, double[] Gradient)> plain)
            {
                var gradient = new float[outputs.Length];
                var share = function.Compute(outputs, labels, classes, rows, gradient);
                var expected = outputs.Chunk(classes).Zip(labels, plain).ToList();
                Assert.Equal(expected.Sum(sample => sample.Loss), share.Sum, 1e-9 * (1 + share.Sum));
                foreach (var (theirs, ours) in expected.SelectMany(sample => sample.Gradient).Zip(gradient))
                    Assert.Equal(theirs / rows, ours, 1e-6);
            }
        }
    }

    [Fact]
    public void Cross_entropy_survives_logits_that_overflow_an_exponential()
    {
        var gradient = new float[3];

        var share = new CrossEntropy(0).Compute([1000f, 0f, -1000f], [2], 3, 1, gradient);

        Assert.Equal(2000, share.Sum, 6);
        Assert.Equal([1f, 0f, -1f], gradient);
    }

    [Fact]
    public void A_logit_that_is_not_a_number_gives_a_loss_that_is_not()
    {
        var share = new CrossEntropy(0).Compute([1f, float.NaN, 0f], [0], 3, 1, new float[3]);

        Assert.False(double.IsFinite(share.Sum));
    }

    [Fact]
    public void Squared_error_is_the_mean_over_the_classes()
    {
        var gradient = new float[4];

        var share = new MeanSquaredError().Compute([0.5f, 0.25f, 0f, 0f], [0], 4, 2, gradient);

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
