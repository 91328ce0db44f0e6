namespace PSConvNet;

/// <summary>One row of a model's summary.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Layer">Its description.</param>
/// <param name="OutputShape">The shape of a sample after it.</param>
/// <param name="Parameters">How many numbers it holds, trained or not.</param>
/// <param name="TrainableParameters">How many of them are trained.</param>
public sealed record LayerSummary(
    string Name,
    LayerSpec Layer,
    Shape OutputShape,
    int Parameters,
    int TrainableParameters
);
