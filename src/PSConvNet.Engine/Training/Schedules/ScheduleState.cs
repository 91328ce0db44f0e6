using System.Text.Json;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary>What a schedule has learned from the epochs so far; plain data that a checkpoint can hold.</summary>
/// <param name="Reduction">What the base rate has been multiplied by because of losses; 1 at the start.</param>
/// <param name="BestLoss">The lowest loss that counted as an improvement, or null before the first.</param>
/// <param name="BadEpochs">Epochs since then, or since the last reduction.</param>
/// <param name="CooldownLeft">Epochs for which nothing is counted yet.</param>
public sealed record ScheduleState(double Reduction, double? BestLoss, int BadEpochs, int CooldownLeft) : IReadFromFile
{
    /// <summary>The state before the first epoch.</summary>
    public static ScheduleState Start { get; } = new(1, null, 0, 0);

    void IReadFromFile.Require()
    {
        if (!(Reduction is > 0 and <= 1))
            throw new JsonException("a schedule's reduction is impossible");
    }
}
