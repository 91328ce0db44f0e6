using System.Collections.Immutable;

namespace PSConvNet.Evaluation;

/// <summary>How well a model does on labelled samples.</summary>
/// <remarks>
/// Precision, recall, F1 and their macro averages are scikit-learn's, with zero where a ratio is undefined.
/// </remarks>
public sealed record ModelMetrics
{
    /// <summary>What a probability of zero counts as, in the logarithm: the smallest single above it.</summary>
    private static readonly double s_logOfZero = Math.Log(float.Epsilon);

    private ModelMetrics() { }

    /// <summary>What was measured, for tables and verdicts: the model's name.</summary>
    public string Name { get; init; } = "Model";

    /// <summary>In how many forms each image was looked at, or null where it was the image alone.</summary>
    public TestTimeAugmentation? TestTime { get; init; }

    /// <summary>The number of samples.</summary>
    public int Samples => Labels.Length;

    /// <summary>The mean cross-entropy in nats: minus the logarithm of the probability that the model gave to the truth.</summary>
    public required double Loss { get; init; }

    /// <summary>The part that the model gets right, 0 to 1.</summary>
    public double Accuracy => (double)(Samples - Errors) / Samples;

    /// <summary>The 95 % confidence interval of the accuracy.</summary>
    public WilsonInterval Interval => WilsonInterval.FromCounts(Samples - Errors, Samples);

    /// <summary>The number of samples that the model gets wrong.</summary>
    public required int Errors { get; init; }

    /// <summary>Each class, in the order of the labels.</summary>
    public required IReadOnlyList<ClassMetrics> Classes { get; init; }

    /// <summary>The mean of the classes' precision, over those that occur among the labels or the predictions.</summary>
    public double MacroPrecision => Macro(c => c.Precision);

    /// <summary>The mean of the classes' recall, over those that occur among the labels or the predictions.</summary>
    public double MacroRecall => Macro(c => c.Recall);

    /// <summary>The mean of the classes' F1, over those that occur among the labels or the predictions.</summary>
    public double MacroF1 => Macro(c => c.F1);

    /// <summary>How many samples of the class of the row the model puts in the class of the column.</summary>
    public required int[,] ConfusionMatrix { get; init; }

    /// <summary>The true class of each sample.</summary>
    public required ImmutableArray<int> Labels { get; init; }

    /// <summary>The class that the model gives to each sample: the most probable, the first of several.</summary>
    public required ImmutableArray<int> Predictions { get; init; }

    /// <summary>Measures from probabilities.</summary>
    /// <param name="probabilities">N x K, sample by sample, each 0 to 1. A probability of 0 counts as 1.4e-45.</param>
    /// <param name="labels">N true classes, each 0 to K - 1.</param>
    /// <param name="classNames">The names of the K classes.</param>
    /// <exception cref="ConvNetException">
    /// <c>EvaluationEmpty</c>: there are no samples. <c>PredictionsInvalid</c>: the lengths disagree, a value is not a
    /// probability. <c>LabelsInvalid</c>: a label has no class.
    /// </exception>
    public static ModelMetrics FromProbabilities(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<int> labels,
        IReadOnlyList<string> classNames
    )
    {
        // Rounding in bfloat16 can leave a probability a little above 1.
        foreach (var value in probabilities)
        {
            if (value is < 0 or > 1.01f)
                throw Invalid(
                    $"A probability lies between 0 and 1, but the model gave {value}: the last layer needs the Softmax activation."
                );
        }
        return Measure(probabilities, labels, classNames, value => Math.Min(0, Math.Log(value)));
    }

    /// <summary>
    /// Measures from the logarithms of probabilities, as a log-softmax gives them: exact where a probability itself would
    /// have been rounded to 0 or 1.
    /// </summary>
    /// <param name="logProbabilities">N x K, sample by sample, each at most 0. Minus infinity counts as the logarithm of 1.4e-45.</param>
    /// <param name="labels">N true classes, each 0 to K - 1.</param>
    /// <param name="classNames">The names of the K classes.</param>
    /// <exception cref="ConvNetException">As <see cref="FromProbabilities"/>.</exception>
    public static ModelMetrics FromLogProbabilities(
        ReadOnlySpan<float> logProbabilities,
        ReadOnlySpan<int> labels,
        IReadOnlyList<string> classNames
    )
    {
        foreach (var value in logProbabilities)
        {
            if (value > 0.01f)
                throw Invalid(
                    $"The logarithm of a probability is at most 0, but the model gave {value}: the last layer needs the Softmax or LogSoftmax activation."
                );
        }
        return Measure(logProbabilities, labels, classNames, value => Math.Min(0, value));
    }

    private static ModelMetrics Measure(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<int> labels,
        IReadOnlyList<string> classNames,
        Func<float, double> logarithm
    )
    {
        var classes = classNames.Count;
        Check(scores.Length, labels, classes);
        var confusion = new int[classes, classes];
        var predictions = ImmutableArray.CreateBuilder<int>(labels.Length);
        double loss = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = scores.Slice(i * classes, classes);
            var predicted = Largest(row, i);
            predictions.Add(predicted);
            confusion[labels[i], predicted]++;
            var log = logarithm(row[labels[i]]);
            loss -= double.IsNegativeInfinity(log) ? s_logOfZero : log;
        }
        ClassMetrics[] perClass = [.. Enumerable.Range(0, classes).Select(c => OfClass(confusion, c, classNames[c]))];
        return new ModelMetrics
        {
            Loss = loss / labels.Length,
            Errors = labels.Length - perClass.Sum(c => c.Correct),
            Classes = perClass,
            ConfusionMatrix = confusion,
            Labels = [.. labels],
            Predictions = predictions.MoveToImmutable(),
        };
    }

    private static void Check(int scores, ReadOnlySpan<int> labels, int classes)
    {
        if (labels.IsEmpty)
        {
            throw new ConvNetException(
                ErrorIds.EvaluationEmpty,
                ErrorKind.InvalidData,
                "There is nothing to measure: the data set's part has no samples."
            );
        }
        if (scores != (long)labels.Length * classes)
            throw Invalid(
                $"{Counted.Of(labels.Length, "sample"):text} of {Counted.Of(classes, "class"):text} need {Counted.Of((long)labels.Length * classes, "output"):text}, but the model gave {scores}: its last layer must have one unit per class."
            );
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] < (uint)classes)
                continue;
            throw new ConvNetException(
                ErrorIds.LabelsInvalid,
                ErrorKind.InvalidData,
                $"The label of sample {i} is {labels[i]}, but there {(classes == 1 ? "is" : "are"):text} {Counted.Of(classes, "class"):text}: labels run from 0 to {classes - 1}."
            );
        }
    }

    private static int Largest(ReadOnlySpan<float> row, int sample)
    {
        foreach (var value in row)
        {
            if (float.IsNaN(value))
                throw Invalid($"A score of sample {sample} isn't a number, so there is no answer to measure.");
        }
        return ArgMax.Of(row);
    }

    private static ClassMetrics OfClass(int[,] confusion, int label, string name)
    {
        var (support, predicted) = (0, 0);
        for (var other = 0; other < confusion.GetLength(0); other++)
        {
            support += confusion[label, other];
            predicted += confusion[other, label];
        }
        return new ClassMetrics(label, name, support, predicted, confusion[label, label]);
    }

    private double Macro(Func<ClassMetrics, double> value) =>
        Classes.Where(c => c.Support + c.Predicted > 0).Average(value);

    private static ConvNetException Invalid(string message) =>
        new(ErrorIds.PredictionsInvalid, ErrorKind.InvalidData, message);
}
