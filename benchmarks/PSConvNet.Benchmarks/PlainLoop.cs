using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks;

/// <summary>
/// The loop a TorchSharp user writes: nn.Sequential, optim.Adam, batches by index_select, default settings. It stands for what
/// PSConvNet would cost if it were a thin wrapper.
/// </summary>
internal static class PlainLoop
{
    private const int BatchSize = 128;

    /// <summary>Training images a second, over the given time after a warm-up.</summary>
    public static double ImagesPerSecond(Dataset data, double seconds)
    {
        const int images = 20_000;
        var pixels = data.Train.Pixels.Span[..(images * 784)];
        var floats = new float[pixels.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = pixels[i] / 255f;
        using var x = tensor(floats, [images, 1, 28, 28]);
        using var y = tensor(data.Train.Labels.Span[..images].ToArray().Select(label => (long)label).ToArray());
        using var network = Sequential(
            ("conv1", Conv2d(1, 32, 3)),
            ("relu1", ReLU()),
            ("conv2", Conv2d(32, 64, 3)),
            ("relu2", ReLU()),
            ("pool", MaxPool2d(2)),
            ("drop1", Dropout(0.25)),
            ("flatten", Flatten()),
            ("dense1", Linear(9216, 128)),
            ("relu3", ReLU()),
            ("drop2", Dropout(0.5)),
            ("dense2", Linear(128, 10))
        );
        using var optimizer = optim.Adam(network.parameters());
        network.train();
        for (var i = 0; i < 5; i++)
            Step(network, optimizer, x, y);
        var clock = Stopwatch.StartNew();
        var steps = 0;
        for (; clock.Elapsed.TotalSeconds < seconds; steps++)
            Step(network, optimizer, x, y);
        return steps * BatchSize / clock.Elapsed.TotalSeconds;
    }

    private static void Step(TorchSharp.Modules.Sequential network, optim.Optimizer optimizer, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var rows = randint(x.shape[0], [BatchSize], dtype: ScalarType.Int64);
        optimizer.zero_grad();
        var loss = functional.cross_entropy(network.call(x.index_select(0, rows)), y.index_select(0, rows));
        loss.backward();
        optimizer.step();
    }
}
