using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>Watches the monitored loss: knows when to give up, and keeps the best epoch's weights where they are wanted.</summary>
internal sealed class BestWeights(ParameterStore store, TrainingOptions options)
{
    private double _loss = double.PositiveInfinity;
    private int _epochsSince;
    private float[]? _weights;

    /// <summary>Takes note of an epoch; true where the run's patience is over.</summary>
    public bool Observe(EpochRecord epoch)
    {
        if (epoch.MonitoredLoss < _loss)
        {
            _loss = epoch.MonitoredLoss;
            _epochsSince = 0;
            if (options.RestoreBest)
                _weights = [.. store.Values];
            return false;
        }
        _epochsSince++;
        return options.Patience is { } patience && _epochsSince >= patience;
    }

    /// <summary>Gives the model the best epoch's weights where that was asked for.</summary>
    public void Restore() => _weights?.CopyTo(store.Values, 0);
}
