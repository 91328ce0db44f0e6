using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>
/// A model's position in the order of images, augmentation and dropout masks that a seed determines. The next training with the seed begins here,
/// with the images that the previous one didn't reach.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="Epoch">The current or next pass over the images, from 1.</param>
/// <param name="Seen">The number of images of that pass that were trained on; fewer than <paramref name="Images"/>.</param>
/// <param name="Images">How many training images a pass has.</param>
/// <param name="Steps">Steps taken with this seed, over all trainings.</param>
/// <param name="Owed">
/// The difference between the epochs that were asked for and those that were trained, in whole batches. The next training makes up for it: ten
/// times a tenth of an epoch is one epoch.
/// </param>
public sealed record TrainingPosition(
    [property: Signed] long Seed,
    int Epoch,
    int Seen,
    int Images,
    long Steps,
    double Owed
) : IReadFromFile
{
    private const int MostEpochs = 1_000_000_000;
    private const long MostSteps = long.MaxValue / 2;

    /// <summary>The position at which a model begins with a seed and a number of images: a new epoch if it was within an epoch of another number.</summary>
    internal static TrainingPosition Of(Model model, long seed, int images)
    {
        var found = model.Positions.FirstOrDefault(position => position.Seed == seed);
        if (found is null)
            return new(seed, 1, 0, images, 0, 0);
        return found.Images == images
            ? found
            : found with
            {
                Epoch = found.Seen > 0 ? found.Epoch + 1 : found.Epoch,
                Seen = 0,
                Images = images,
                Owed = 0,
            };
    }

    /// <summary>The position after a batch.</summary>
    internal TrainingPosition After(int images) =>
        Seen + images < Images
            ? this with
            {
                Seen = Seen + images,
                Steps = Steps + 1,
            }
            : this with
            {
                Epoch = Epoch + 1,
                Seen = 0,
                Steps = Steps + 1,
            };

    /// <summary>The position after a training that took all its steps.</summary>
    internal TrainingPosition Complete(double epochs, StepCount steps)
    {
        // A training takes at least one batch: what tiny parts of epochs take too much is not held against later ones.
        var half = 0.5 / steps.PerEpoch;
        return this with { Owed = Math.Clamp(Owed + epochs - (double)steps.Total / steps.PerEpoch, -half, half) };
    }

    void IReadFromFile.Require()
    {
        if (
            this is not { Epoch: >= 1 and <= MostEpochs, Steps: <= MostSteps, Owed: >= -0.5 and <= 0.5 }
            || Seen >= Images
        )
            throw new JsonException("a position in the order of images is impossible");
    }

    /// <summary>Makes it the model's position for its seed.</summary>
    internal void Keep(Model model) =>
        model.Positions = [.. model.Positions.Where(position => position.Seed != Seed), this];

    /// <summary>
    /// The positions after trainings from before there were any: each began with epoch 1 of its seed, so the next epoch is the one after the
    /// longest of them.
    /// </summary>
    internal static IReadOnlyList<TrainingPosition> After(IEnumerable<TrainingRun> runs) =>
        [
            .. runs.Where(run => run.TrainingImages > 0)
                .GroupBy(run => run.Options.Seed)
                .Select(group =>
                {
                    var longest = group.MaxBy(Epochs)!;
                    var perEpoch = new StepCount(longest.TrainingImages, longest.Options, 0).PerEpoch;
                    return new TrainingPosition(
                        group.Key,
                        Epochs(longest) + 1,
                        0,
                        longest.TrainingImages,
                        (long)Epochs(longest) * perEpoch,
                        0
                    );
                }),
        ];

    private static int Epochs(TrainingRun run) => run.History.Count + (run.Status == TrainingStatus.Stopped ? 1 : 0);
}
