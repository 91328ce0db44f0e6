using System.Globalization;

namespace PSConvNet.Benchmarks.Sweeps;

/// <summary>What Asha saves and what Tpe finds, on real digits; in this process, one worker, so that it comes out the same each time.</summary>
internal static class SweepSearch
{
    private const int Seeds = 20;

    /// <summary>Asha against the whole grid; true where it finds as good a trial for a third of the epochs.</summary>
    public static bool PrintAsha(string root)
    {
        var space = new SweepSpace([
            new ChoiceParameter("Filters", [8, 16, 32]),
            new ChoiceParameter("Units", [32, 128]),
            new ChoiceParameter("LearningRate", [0.0005, 0.001, 0.002, 0.005]),
        ]);
        var (data, heldOut) = Digits.Load().Take(40_000).Split(0.25, 1);
        var settings = Settings(space, epochs: 12, trials: 24) with { Sampler = SweepSampler.Grid };
        var grid = Run(Path.Combine(root, "full"), settings, data, heldOut.Test);
        var pruner = new PrunerSpec { Kind = SweepPruner.Asha };
        var asha = Run(Path.Combine(root, "asha"), settings with { Pruner = pruner }, data, heldOut.Test);
        var (all, some) = (grid.ReadTrials().Sum(t => t.Epochs), asha.ReadTrials().Sum(t => t.Epochs));
        var (best, found) = (grid.BestTrials()[0], asha.BestTrials()[0]);
        var behind = 100 * (best.Value!.Value - found.Value!.Value);
        Console.WriteLine(
            $"Grid of 24, 12 epochs each: best {best.Value:P2} ({best.Parameters}), {all} epochs. Asha: {found.Value:P2} ({found.Parameters}), {some} epochs, {(double)some / all:P1} of them; {behind:F2} points behind"
        );
        return behind <= 0.1 && some <= 0.35 * all;
    }

    /// <summary>Tpe against Random over twenty seeds, 50 trials each; true where it is better in most, and in the median.</summary>
    public static bool PrintTpe(string root)
    {
        var space = new SweepSpace([
            new IntegerParameter("Filters", 2, 16),
            new ChoiceParameter("Activation", ["ReLU", "Tanh", "Sigmoid"]),
            new ChoiceParameter("Optimizer", ["Adam", "SGD"]),
            new LogUniformParameter("LearningRate", 1e-5, 1),
            new UniformParameter("Dropout", 0, 0.8),
        ]);
        var (data, heldOut) = Digits.Load().Take(3000).Split(1.0 / 3, 1);
        var (tpe, random) = (new List<double>(), new List<double>());
        for (var seed = 1; seed <= Seeds; seed++)
        {
            foreach (
                var (sampler, found) in (ReadOnlySpan<(SweepSampler, List<double>)>)
                    [(SweepSampler.Tpe, tpe), (SweepSampler.Random, random)]
            )
            {
                var settings = Settings(space, epochs: 1, trials: 50) with
                {
                    Sampler = sampler,
                    Seed = seed,
                    Objective = SweepObjective.Loss,
                };
                var study = Run(Path.Combine(root, $"{sampler}-{seed}"), settings, data, heldOut.Test);
                found.Add(study.BestTrials()[0].Value!.Value);
                Directory.Delete(study.Folder, recursive: true);
            }
        }
        var wins = tpe.Zip(random).Count(pair => pair.First < pair.Second);
        Console.WriteLine(
            $"Best validation loss after 50 trials of one epoch, {Seeds} seeds: Tpe {Statistics.Median(tpe):F4} ({tpe.Min():F4} to {tpe.Max():F4}), Random {Statistics.Median(random):F4} ({random.Min():F4} to {random.Max():F4}); Tpe is better {wins} times, one-sided sign test p = {SignTest(wins):G2}"
        );
        return Statistics.Median(tpe) < Statistics.Median(random) && wins > Seeds / 2;
    }

    private static StudySettings Settings(SweepSpace space, double epochs, int trials) =>
        new()
        {
            Space = space,
            Script = "made by the benchmark",
            Training = new TrainingOptions
            {
                Epochs = epochs,
                BatchSize = 64,
                Threads = Environment.ProcessorCount,
            },
            Trials = trials,
        };

    private static Study Run(string folder, StudySettings settings, Dataset data, ImageSet validation)
    {
        Study.Create(folder, settings, data, validation);
        SweepWorker.Run(Study.Open(folder, _ => _ => true), Layers);
        return Study.Open(folder);
    }

    private static IReadOnlyList<LayerSpec> Layers(SweepPoint point)
    {
        var activation = point.TryGetValue("Activation", out var name)
            ? Enum.Parse<Activation>((string)name)
            : Activation.ReLU;
        return
        [
            new ConvLayer((int)point["Filters"]) { Activation = activation },
            new MaxPoolLayer(new(2, 2)),
            new FlattenLayer(),
            new DenseLayer(point.TryGetValue("Units", out var units) ? (int)units : 32) { Activation = activation },
            new DropoutLayer(
                point.TryGetValue("Dropout", out var rate) ? Convert.ToDouble(rate, CultureInfo.InvariantCulture) : 0.3
            ),
            new DenseLayer(10) { Activation = Activation.Softmax },
        ];
    }

    /// <summary>How likely at least so many wins are for two that are equally good.</summary>
    private static double SignTest(int wins) => 1 - MathNet.Numerics.Distributions.Binomial.CDF(0.5, Seeds, wins - 1);
}
