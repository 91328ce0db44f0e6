namespace PSConvNet.Training;

/// <summary>Two observers of one training, which are called one after the other.</summary>
internal sealed class ObserverPair(ITrainingObserver first, ITrainingObserver second) : ITrainingObserver
{
    /// <inheritdoc />
    public void OnStart(TrainingStart start)
    {
        first.OnStart(start);
        second.OnStart(start);
    }

    /// <inheritdoc />
    public void OnBatch(in BatchProgress progress)
    {
        first.OnBatch(progress);
        second.OnBatch(progress);
    }

    /// <inheritdoc />
    public void OnEpoch(EpochRecord epoch)
    {
        first.OnEpoch(epoch);
        second.OnEpoch(epoch);
    }

    /// <inheritdoc />
    public void OnEpochEnd(EpochEnd epoch)
    {
        first.OnEpochEnd(epoch);
        second.OnEpochEnd(epoch);
    }

    /// <inheritdoc />
    public void OnMessage(string message)
    {
        first.OnMessage(message);
        second.OnMessage(message);
    }

    /// <inheritdoc />
    public void OnWarning(string message)
    {
        first.OnWarning(message);
        second.OnWarning(message);
    }
}
