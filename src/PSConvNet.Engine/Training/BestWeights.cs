using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>Watches the monitored loss: knows when to give up, and keeps the best epoch's weights where they are wanted.</summary>
internal sealed class BestWeights(ParameterStore store, TrainingOptions options)
{
    private double _loss = double.PositiveInfinity;

    /// <summary>The lowest monitored loss, or null before the first epoch; to be saved or restored.</summary>
    public double? Loss
    {
        get => double.IsFinite(_loss) ? _loss : null;
        set => _loss = value ?? double.PositiveInfinity;
    }

    /// <summary>Epochs since then; to be saved or restored.</summary>
    public int EpochsSince { get; set; }

    /// <summary>The weights of then, where they are wanted; to be saved or restored.</summary>
    public float[]? Weights { get; set; }

    /// <summary>Takes note of an epoch; true where the run's patience is over.</summary>
    public bool Observe(EpochRecord epoch)
    {
        if (epoch.MonitoredLoss < _loss)
        {
            _loss = epoch.MonitoredLoss;
            EpochsSince = 0;
            if (options.RestoreBest)
                Weights = [.. store.Values];
            return false;
        }
        EpochsSince++;
        return options.Patience is { } patience && EpochsSince >= patience;
    }

    /// <summary>Gives the model the best epoch's weights where that was asked for.</summary>
    public void Restore() => Weights?.CopyTo(store.Values, 0);
}
