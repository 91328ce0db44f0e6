using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Tests.Training;

/// <summary>A whole network's gradient, summed over workers, against autograd on plain libtorch operators.</summary>
public class NetworkGradientTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_gradient_of_the_tutorials_network_is_autograds(int workers)
    {
        LibTorch.EnsureLoaded();
        // Dropout would need the same masks on both sides; the kernels' own tests check it.
        var layers = Networks.TutorialConv.Where(layer => layer is not DropoutLayer);
        var model = new Model(layers, new Shape(12, 12, 1));
        var data = Networks.Bars(train: 22, size: 12);
        int[] rows = [.. Enumerable.Range(0, 22)];
        var ours = new float[model.Store.TrainableLength];
        using (var session = NewSession(model, workers, Precision.Float32))
        {
            session.TrainBatch(
                new Samples(data.Train.Pixels, data.Train.Labels),
                rows,
                new CrossEntropy(0),
                randomKey: 1,
                (offset, _, gradients) => gradients.CopyTo(ours.AsSpan(offset))
            );
        }

        using var scope = torch.NewDisposeScope();
        var parameters = model.Store.Slots.ToDictionary(slot => slot.Name, slot => Leaf(model, slot));
        var x = torch
            .tensor(data.Train.Pixels.ToArray().Select(p => p / 255f).ToArray(), [22, 12, 12, 1])
            .permute(0, 3, 1, 2);
        x = functional.relu(functional.conv2d(x, Kernel("conv2d_1"), parameters["conv2d_1.bias"]));
        x = functional.relu(functional.conv2d(x, Kernel("conv2d_2"), parameters["conv2d_2.bias"]));
        x = functional.max_pool2d(x, 2).permute(0, 2, 3, 1).reshape(22, -1);
        x = functional.relu(functional.linear(x, parameters["dense_1.kernel"], parameters["dense_1.bias"]));
        x = functional.linear(x, parameters["dense_2.kernel"], parameters["dense_2.bias"]);
        var labels = torch.tensor(data.Train.Labels.ToArray().Select(l => (long)l).ToArray());
        functional.cross_entropy(x, labels).backward();

        foreach (var slot in model.Store.Slots)
        {
            var reference = parameters[slot.Name].grad!.data<float>().ToArray();
            var found = ours.AsSpan(slot.Offset, slot.Length).ToArray();
            var norm = Math.Sqrt(reference.Sum(g => (double)g * g));
            var distance = Math.Sqrt(reference.Zip(found, (a, b) => (double)(a - b) * (a - b)).Sum());
            Assert.True(distance <= 1e-5 * norm, $"{slot.Name}: {distance / norm:E2} of its norm away from autograd");
        }

        torch.Tensor Kernel(string layer) => parameters[layer + ".kernel"].permute(0, 3, 1, 2);
    }

    [Fact]
    public void Batch_norm_takes_the_statistics_of_the_whole_batch_whatever_the_number_of_workers()
    {
        var gradients = new[] { 1, 2, 3 }
            .Select(workers =>
            {
                var model = new Model(Networks.SmallOfEverything, new Shape(8, 8, 1));
                var data = Networks.Bars();
                var found = new float[model.Store.TrainableLength];
                using var session = NewSession(model, workers, Precision.Float32);
                session.TrainBatch(
                    new Samples(data.Train.Pixels, data.Train.Labels),
                    Enumerable.Range(0, 37).ToArray(),
                    new CrossEntropy(0.1),
                    randomKey: 5,
                    (offset, _, gradient) => gradient.CopyTo(found.AsSpan(offset))
                );
                return (Gradient: found, Mean: model.GetParameter("batch_normalization_1.moving_mean"));
            })
            .ToList();

        var norm = Math.Sqrt(gradients[0].Gradient.Sum(g => (double)g * g));
        foreach (var (gradient, mean) in gradients.Skip(1))
        {
            // The masks, too, must not depend on who draws them, or this would be far off.
            var distance = gradient.Zip(gradients[0].Gradient, (a, b) => (double)(a - b) * (a - b)).Sum();
            Assert.InRange(Math.Sqrt(distance), 0, 1e-5 * norm);
            Assert.All(mean.Zip(gradients[0].Mean), pair => Assert.Equal(pair.First, pair.Second, 5));
        }
    }

    [Fact]
    public void The_L2_penalty_adds_twice_its_strength_times_the_weights()
    {
        var data = Networks.Bars();
        float[] Gradient(double l2)
        {
            var model = new Model(
                [new FlattenLayer(), new DenseLayer(3) { L2 = l2, Activation = Activation.Softmax }],
                data.Shape
            );
            var found = new float[model.Store.TrainableLength];
            using var session = NewSession(model, 2, Precision.Float32);
            session.TrainBatch(
                new Samples(data.Train.Pixels, data.Train.Labels),
                Enumerable.Range(0, 16).ToArray(),
                new CrossEntropy(0),
                randomKey: 1,
                (offset, _, gradient) => gradient.CopyTo(found.AsSpan(offset))
            );
            return found;
        }
        var weights = new Model([new FlattenLayer(), new DenseLayer(3)], data.Shape).GetParameter("dense_1.kernel");

        var (without, with) = (Gradient(0), Gradient(0.05));

        for (var i = 0; i < weights.Length; i++)
            Assert.Equal(without[i] + 0.1f * weights[i], with[i], 6);
        Assert.Equal(without[weights.Length..], with[weights.Length..]);
    }

    private static Session NewSession(Model model, int workers, Precision precision) =>
        new(
            model.Kernels,
            model.Store,
            new PlanRequest(precision, workers, Training: true, ToLogits: true),
            FrozenLayers.Trained(model, new TrainingOptions())
        );

    private static torch.Tensor Leaf(Model model, ParameterSlot slot) =>
        torch
            .tensor(model.Store.Span(slot).ToArray(), [.. slot.Spec.Shape.Dimensions.Select(d => (long)d)])
            .requires_grad_(true);
}
