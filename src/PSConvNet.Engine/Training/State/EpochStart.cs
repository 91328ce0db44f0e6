using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>The model at the start of the current epoch, to which it returns when the loss is no longer a number.</summary>
internal sealed class EpochStart : ITrainingPart
{
    private const string Array = "epoch_start";

    /// <summary>The difference that rounding can make, in epochs.</summary>
    private const double Rounding = 1e-6;

    private readonly Model _model;

    /// <summary>Keeps a model as it is now.</summary>
    public EpochStart(Model model)
    {
        _model = model;
        Weights = [.. model.Store.Values];
        (Positions, TrainedEpochs) = (model.Positions, model.TrainedEpochs);
    }

    /// <summary>The values of the part.</summary>
    /// <param name="PositionsAtStart">The positions; null in checkpoints from before there were any.</param>
    /// <param name="TrainedEpochsAtStart">The count of epochs; null in checkpoints in which the model had this count until the end of an epoch.</param>
    private sealed record Fields(IReadOnlyList<TrainingPosition>? PositionsAtStart, double? TrainedEpochsAtStart);

    /// <summary>The weights.</summary>
    public float[] Weights { get; }

    /// <summary>The positions; null where a checkpoint doesn't say.</summary>
    public IReadOnlyList<TrainingPosition>? Positions { get; set; }

    /// <summary>The number of epochs that the model had been trained for.</summary>
    public double TrainedEpochs { get; private set; }

    /// <summary>Gives the model back its weights, its positions and its count of epochs.</summary>
    public void Use()
    {
        Weights.CopyTo(_model.Store.Values, 0);
        _model.Positions = Positions ?? _model.Positions;
        _model.TrainedEpochs = TrainedEpochs;
    }

    void ITrainingPart.Save(SavedTraining saved)
    {
        saved.Add(new Fields(Positions, TrainedEpochs));
        saved.Add(Array, Weights);
    }

    void ITrainingPart.Restore(SavedTraining saved)
    {
        var fields = saved.Fields<Fields>();
        saved.Array(Array, Weights.Length).CopyTo(Weights, 0);
        Positions = fields.PositionsAtStart;
        TrainedEpochs = fields.TrainedEpochsAtStart ?? _model.TrainedEpochs;
        if (fields.TrainedEpochsAtStart is null || saved.Steps is not { } steps)
            return;
        var trained = TrainedEpochs + (double)saved.Progress.Batch / steps.PerEpoch;
        if (Math.Abs(trained - _model.TrainedEpochs) > Rounding)
            throw new JsonException(
                FormattableString.Invariant(
                    $"it counts {Counted.Epochs(trained)}, and its model {_model.TrainedEpochs}"
                )
            );
    }

    void ITrainingPart.EndEpoch(EpochRecord epoch)
    {
        _model.Store.Values.CopyTo(Weights, 0);
        (Positions, TrainedEpochs) = (_model.Positions, _model.TrainedEpochs);
    }
}
