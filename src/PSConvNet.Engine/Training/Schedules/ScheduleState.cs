using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>The state of a schedule after the epochs so far, as data for a checkpoint.</summary>
/// <param name="Reduction">The factor of the base rate that follows from losses; 1 at the start.</param>
/// <param name="BestLoss">The lowest loss that counted as an improvement, or null before the first.</param>
/// <param name="BadEpochs">Epochs since then, or since the last reduction.</param>
/// <param name="CooldownLeft">The remaining epochs without counting.</param>
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
