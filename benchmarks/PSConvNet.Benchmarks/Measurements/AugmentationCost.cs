namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// An epoch with every part of an augmentation on, as a multiple of one without: trainings by turns in one process, medians of their
/// epochs, the first of each training left out.
/// </summary>
internal sealed class AugmentationCost(ModelPreset preset) : Measurement($"augmentation, {preset}")
{
    private const int Images = 2560;

    /// <summary>The tutorial's network: the demand is on it.</summary>
    public static AugmentationCost Tutorial { get; } = new(ModelPreset.TutorialConv);

    /// <summary>The small network, whose epochs are three times as short.</summary>
    public static AugmentationCost Fast { get; } = new(ModelPreset.FastConv);

    private static readonly Augmentation s_everything = Augmentation.Digits with
    {
        Shear = 5,
        Noise = 8,
        Erase = 0.5,
        FlipHorizontal = true,
    };

    /// <summary>Seconds an epoch with it over seconds without.</summary>
    public Quantity Share { get; } = new($"{preset}, an augmented epoch", "x");

    /// <summary>What an image costs one thread.</summary>
    public Quantity Image { get; } = new($"{preset}, augmenting an image", "us");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Share, Image];

    /// <inheritdoc />
    public override int Rounds(bool quick) => quick ? 1 : 3;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var (turns, epochs) = effort.Quick ? (3, 4) : (10, 6);
        var data = Digits.Load().Take(Images);
        var (plain, augmented) = (new List<double>(), new List<double>());
        // Once before it counts, for the loops to be compiled.
        Train(data, s_everything, 1, []);
        for (var turn = 0; turn < turns; turn++)
        {
            // Either one first by turns, too.
            Train(data, turn % 2 == 0 ? s_everything : null, epochs, turn % 2 == 0 ? augmented : plain);
            Train(data, turn % 2 == 0 ? null : s_everything, epochs, turn % 2 == 0 ? plain : augmented);
        }
        var microseconds = Statistics.MedianSeconds(5, () => s_everything.Apply(data.Train)) / Images * 1e6;
        return new Outcome(
            [Statistics.Median(augmented) / Statistics.Median(plain), microseconds],
            FormattableString.Invariant(
                $"medians of {turns * (epochs - 1)} epochs of {Images:N0} images each; {Images / Statistics.Median(plain):N0} images/s without; {s_everything}"
            )
        );
    }

    private void Train(Dataset data, Augmentation? augmentation, int epochs, List<double> seconds)
    {
        var model = new Model(ModelPresets.Layers(preset), data.Shape, preset.ToString());
        var run = new Trainer(model, data, new TrainingOptions { Epochs = epochs, Augmentation = augmentation }).Run();
        seconds.AddRange(run.History.Skip(1).Select(epoch => epoch.Seconds));
    }
}
