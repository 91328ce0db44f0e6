using System.Globalization;

namespace PSConvNet;

/// <summary>One row of a model's summary.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Layer">Its description.</param>
/// <param name="OutputShape">The shape of a sample after it.</param>
/// <param name="Parameters">How many numbers it holds, trained or not.</param>
/// <param name="TrainableParameters">How many of them are trained; none where the layer was made frozen.</param>
public sealed record LayerSummary(
    string Name,
    LayerSpec Layer,
    Shape OutputShape,
    int Parameters,
    int TrainableParameters
);

/// <summary>What a model is made of: Keras' table of layers, output shapes and parameters, as data.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="InputShape">The shape of a sample that goes in.</param>
/// <param name="Layers">A row a layer.</param>
public sealed record ModelSummary(string Name, Shape InputShape, IReadOnlyList<LayerSummary> Layers)
{
    /// <summary>The shape of a sample's output.</summary>
    public Shape OutputShape => Layers[^1].OutputShape;

    /// <summary>The number of parameters, trained or not.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.Parameters);

    /// <summary>The number of parameters that training changes.</summary>
    public int TrainableParameterCount => Layers.Sum(layer => layer.TrainableParameters);

    /// <summary>The number of parameters that are measured rather than trained, or frozen.</summary>
    public int NonTrainableParameterCount => ParameterCount - TrainableParameterCount;

    /// <summary>The summary as people read it: a heading, a row a layer, the totals.</summary>
    public string ToTable() => Table.ToText();

    /// <summary>The same for a page or a notebook.</summary>
    public string ToHtml() => Table.ToHtml();

    private TitledTable Table =>
        new(
            $"{Name}: input {InputShape}",
            [
                new("Layer"),
                new("Description"),
                new("Output shape", RightAligned: true),
                new("Parameters", RightAligned: true),
            ],
            [
                .. Layers.Select(row =>
                    (IReadOnlyList<string>)
                        [row.Name, row.Layer.ToString(), row.OutputShape.ToString(), Number(row.Parameters)]
                ),
            ],
            $"Total parameters: {Number(ParameterCount)} ({(ParameterCount * 4 / 1048576.0).ToString("N2", CultureInfo.InvariantCulture)} MB)\n"
                + $"Trainable: {Number(TrainableParameterCount)}, not trainable: {Number(NonTrainableParameterCount)}"
        );

    /// <inheritdoc />
    public override string ToString() => $"{Name}: {InputShape} -> {OutputShape}, {Number(ParameterCount)} parameters";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
