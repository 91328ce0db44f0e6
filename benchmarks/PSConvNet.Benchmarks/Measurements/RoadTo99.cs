using System.Diagnostics;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// Seconds from files on disk to a trained network with the Fast recipe, and the test accuracy it reached: means over seeds. How long
/// to train was settled on a validation split; the test images are used here only.
/// </summary>
internal sealed class RoadTo99(string name, ModelPreset preset, double epochs, int quickSeeds) : Measurement(name)
{
    private const int Seeds = 5;

    /// <summary>The tutorial's network, unchanged.</summary>
    public static RoadTo99 Tutorial { get; } =
        new("TutorialConv to 99 %", ModelPreset.TutorialConv, epochs: 1.6, quickSeeds: 1);

    /// <summary>The small network.</summary>
    public static RoadTo99 Fast { get; } = new("FastConv to 99 %", ModelPreset.FastConv, epochs: 1, quickSeeds: 1);

    /// <summary>How long it took, loading the data included.</summary>
    public Quantity Time { get; } = new($"{preset}, -Recipe Fast, {epochs} epochs", "s");

    /// <summary>Where it got.</summary>
    public Quantity Accuracy { get; } = new($"{preset}, its test accuracy", "%");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Time, Accuracy];

    /// <inheritdoc />
    public override int Rounds(bool quick) => 1;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var seeds = effort.Quick ? quickSeeds : Seeds;
        var (seconds, accuracies) = (0.0, new List<double>());
        for (var seed = 1; seed <= seeds; seed++)
        {
            var clock = Stopwatch.StartNew();
            var data = Digits.Load();
            var model = new Model(ModelPresets.Layers(preset), data.Shape, Name, seed);
            new Trainer(model, data, FastRecipe.For(model, epochs) with { Seed = seed }).Run();
            seconds += clock.Elapsed.TotalSeconds;
            accuracies.Add(100 * Evaluator.Measure(model, data.Test).Accuracy);
        }
        return new Outcome(
            [seconds / seeds, accuracies.Average()],
            FormattableString.Invariant(
                $"mean of {seeds} seed{(seeds == 1 ? "" : "s")}; accuracies {string.Join(", ", accuracies.Select(a => FormattableString.Invariant($"{a:F2}")))}"
            )
        );
    }
}
