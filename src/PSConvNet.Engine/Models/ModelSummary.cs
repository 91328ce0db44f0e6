using System.Globalization;

namespace PSConvNet.Models;

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
)
{
    /// <summary>
    /// The layers within a residual block, first to last, and then, where it has one, the <c>projection</c> of its input; empty for any other
    /// layer. Their parameters are counted in the block's.
    /// </summary>
    public IReadOnlyList<LayerSummary> Layers { get; init; } = [];

    /// <summary>The layer in words; of a residual block without the layers within.</summary>
    public string Description => Layer.Outline;

    /// <summary>This row and those of the layers within, each with how deep it lies.</summary>
    internal IEnumerable<(LayerSummary Row, int Depth)> Expanded(int depth = 0) =>
        Layers.SelectMany(layer => layer.Expanded(depth + 1)).Prepend((this, depth));
}

/// <summary>The structure of a model: a table of layers, output shapes and parameters like Keras's, as data.</summary>
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

    /// <summary>The summary as it prints: <see cref="ToTable"/> as a property, which views can read where methods are out of reach.</summary>
    public string Table => ToTable();

    /// <summary>
    /// The summary as people read it: a heading, a row a layer, the totals. The layers within a residual block follow its row, indented. Its
    /// numbers are written as the session's culture has them.
    /// </summary>
    public string ToTable() => Titled.ToText();

    /// <summary>The same for a notebook.</summary>
    public string ToHtml() => Titled.ToHtml();

    private TitledTable Titled =>
        new(
            $"{Name}: input {InputShape}",
            [
                new(nameof(LayerSummary.Name)),
                new(nameof(LayerSummary.Description)),
                new(nameof(LayerSummary.OutputShape), RightAligned: true),
                new(nameof(LayerSummary.Parameters), RightAligned: true),
            ],
            [.. Layers.SelectMany(layer => layer.Expanded()).Select(found => Cells(found.Row, found.Depth))],
            $"Total parameters: {Number(ParameterCount)} ({(ParameterCount * 4.0 / 1048576).ToString("N2", CultureInfo.CurrentCulture)} MB)\n"
                + $"Trainable: {Number(TrainableParameterCount)}, not trainable: {Number(NonTrainableParameterCount)}"
        );

    /// <inheritdoc />
    public override string ToString() =>
        FormattableString.Invariant(
            $"{Name}: {InputShape} -> {OutputShape}, {Counted.Of(ParameterCount, "parameter")}"
        );

    private static IReadOnlyList<string> Cells(LayerSummary row, int depth) =>
        [
            new string(' ', 2 * depth) + row.Name,
            new string(' ', 2 * depth) + row.Description,
            row.OutputShape.ToString(),
            Number(row.Parameters),
        ];

    private static string Number(int value) => value.ToString("N0", CultureInfo.CurrentCulture);
}
