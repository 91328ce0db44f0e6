using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>Ends a run when the monitored loss hasn't improved for a number of epochs.</summary>
/// <param name="best">The best epoch; it comes before this part.</param>
/// <param name="patience">The number of epochs; null to go through all epochs.</param>
/// <param name="epochs">The number of epochs in the run: after the last one there is nothing to give up.</param>
internal sealed class EarlyStopping(BestWeights best, int? patience, long epochs) : ITrainingPart
{
    private sealed record Fields(bool GaveUp);

    /// <summary>Whether the run has ended early.</summary>
    public bool GaveUp { get; private set; }

    void ITrainingPart.Save(SavedTraining saved) => saved.Add(new Fields(GaveUp));

    void ITrainingPart.Restore(SavedTraining saved)
    {
        GaveUp = saved.Fields<Fields>().GaveUp;
        if (GaveUp && patience is null)
            throw new JsonException("it has ended early, and early stopping is off");
    }

    void ITrainingPart.EndEpoch(EpochRecord epoch) =>
        GaveUp = patience is { } most && best.EpochsSince >= most && epoch.Epoch < epochs;
}
