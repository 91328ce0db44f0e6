using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>The epoch with the lowest monitored loss, and its weights if the model is to end with them.</summary>
/// <param name="store">The model's weights.</param>
/// <param name="keepsWeights">Whether the weights are kept.</param>
internal sealed class BestWeights(ParameterStore store, bool keepsWeights) : ITrainingPart
{
    private const string Array = "best";

    private double? _loss;
    private float[]? _weights;

    private sealed record Fields(double? BestLoss, int EpochsSinceBest);

    /// <summary>The number of epochs since the best one.</summary>
    public int EpochsSince { get; private set; }

    /// <summary>Gives the model the best epoch's weights, if they are kept.</summary>
    public void Use() => _weights?.CopyTo(store.Values, 0);

    void ITrainingPart.Save(SavedTraining saved)
    {
        saved.Add(new Fields(_loss, EpochsSince));
        if (_weights is not null)
            saved.Add(Array, _weights);
    }

    void ITrainingPart.Restore(SavedTraining saved)
    {
        var fields = saved.Fields<Fields>();
        var history = saved.Progress.History;
        var best = history.MinBy(epoch => epoch.MonitoredLoss);
        if (fields.BestLoss != best?.MonitoredLoss || fields.EpochsSinceBest != history.Count - (best?.Epoch ?? 0))
            throw new JsonException("what it says about the best epoch is impossible");
        (_loss, EpochsSince) = (fields.BestLoss, fields.EpochsSinceBest);
        _weights =
            saved.Has(Array) || (keepsWeights && best is not null) ? saved.Array(Array, store.Values.Length) : null;
    }

    void ITrainingPart.EndEpoch(EpochRecord epoch)
    {
        EpochsSince++;
        if (_loss is { } loss && !(epoch.MonitoredLoss < loss))
            return;
        (_loss, EpochsSince) = (epoch.MonitoredLoss, 0);
        if (keepsWeights)
            _weights = [.. store.Values];
    }
}
