using System.Diagnostics;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// Ten epochs of MNIST with a LeNet-5 (two with --quick), the benchmark of SimpleChains.jl: 1.24 s on a Xeon of 18 cores, 97 to 98 % (C. Elrod, "Doing
/// small network scientific machine learning in Julia 5x faster than PyTorch", 2022).
/// </summary>
internal sealed class LeNetEpochs() : Measurement("LeNet-5")
{
    /// <summary>The only one.</summary>
    public static LeNetEpochs Instance { get; } = new();

    /// <summary>How long ten epochs take.</summary>
    public Quantity Time { get; } = new("LeNet-5, ten epochs", "s");

    /// <summary>Where it got.</summary>
    public Quantity Accuracy { get; } = new("LeNet-5, its test accuracy", "%");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Time, Accuracy];

    /// <inheritdoc />
    public override int Rounds(bool quick) => 1;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var epochs = effort.Quick ? 2 : 10;
        var data = Digits.Load();
        var model = Networks.LeNet();
        var clock = Stopwatch.StartNew();
        new Trainer(model, data, new TrainingOptions { Epochs = epochs }).Run();
        var seconds = clock.Elapsed.TotalSeconds;
        return new Outcome(
            [10 * seconds / epochs, 100 * Evaluator.Measure(model, data.Test).Accuracy],
            $"{epochs} epochs, batches of 128, one seed"
        );
    }
}
