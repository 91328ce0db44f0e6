namespace PSConvNet.Tests.Evaluation;

/// <summary>Model outputs made by hand.</summary>
internal static class Outputs
{
    /// <summary>The metrics of a model that gives each predicted class a probability and the others the rest, evenly.</summary>
    public static ModelMetrics Metrics(int[] predictions, int[] labels, int classes, float probability = 0.9f) =>
        ModelMetrics.FromProbabilities(Probabilities(predictions, classes, probability), labels, Names(classes));

    public static float[] Probabilities(int[] predictions, int classes, float probability = 0.9f) =>
        [
            .. predictions.SelectMany(predicted =>
                Enumerable
                    .Range(0, classes)
                    .Select(c => c == predicted ? probability : (1 - probability) / (classes - 1))
            ),
        ];

    public static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
}
