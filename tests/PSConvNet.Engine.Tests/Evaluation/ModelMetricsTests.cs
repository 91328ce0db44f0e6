using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Evaluation;

public class ModelMetricsTests
{
    // cat/dog/bird, with the true classes down and the predictions across:
    //          cat dog bird
    //    cat     3   1    0
    //    dog     2   2    1
    //    bird    0   0    1
    private static readonly int[] s_labels = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2];
    private static readonly int[] s_predictions = [0, 0, 0, 1, 0, 0, 1, 1, 2, 2];

    [Fact]
    public void Precision_recall_and_F1_are_those_counted_by_hand()
    {
        var metrics = ModelMetrics.FromProbabilities(
            Outputs.Probabilities(s_predictions, 3),
            s_labels,
            ["cat", "dog", "bird"]
        );

        Assert.Equal(
            new[,]
            {
                { 3, 1, 0 },
                { 2, 2, 1 },
                { 0, 0, 1 },
            },
            metrics.ConfusionMatrix
        );
        Assert.Equal(4, metrics.Errors);
        Assert.Equal(0.6, metrics.Accuracy, 1e-15);
        AssertClass(metrics.Classes[0], "cat", 4, 3 / 5.0, 3 / 4.0, 2 / 3.0);
        AssertClass(metrics.Classes[1], "dog", 5, 2 / 3.0, 2 / 5.0, 1 / 2.0);
        AssertClass(metrics.Classes[2], "bird", 1, 1 / 2.0, 1.0, 2 / 3.0);
        Assert.Equal((3 / 5.0 + 2 / 3.0 + 1 / 2.0) / 3, metrics.MacroPrecision, 1e-15);
        Assert.Equal((3 / 4.0 + 2 / 5.0 + 1.0) / 3, metrics.MacroRecall, 1e-15);
        Assert.Equal((2 / 3.0 + 1 / 2.0 + 2 / 3.0) / 3, metrics.MacroF1, 1e-15);
        Assert.Equal(s_predictions, metrics.Predictions);
        Assert.Equal(WilsonInterval.FromCounts(6, 10), metrics.Interval);

        static void AssertClass(ClassMetrics c, string name, int support, double precision, double recall, double f1)
        {
            Assert.Equal(name, c.Name);
            Assert.Equal(support, c.Support);
            Assert.Equal(precision, c.Precision, 1e-15);
            Assert.Equal(recall, c.Recall, 1e-15);
            Assert.Equal(f1, c.F1, 1e-15);
        }
    }

    [Fact]
    public void The_loss_is_the_mean_of_minus_the_logarithms()
    {
        float[] probabilities = [0.5f, 0.5f, 0.25f, 0.75f, 0.875f, 0.125f];

        var metrics = ModelMetrics.FromProbabilities(probabilities, [0, 0, 1], ["a", "b"]);

        // (ln 2 + ln 4 + ln 8) / 3 = 2 ln 2
        Assert.Equal(2 * Math.Log(2), metrics.Loss, 1e-12);
    }

    [Fact]
    public void Uniform_guesses_cost_the_logarithm_of_the_number_of_classes()
    {
        var logs = Enumerable.Repeat(-MathF.Log(10), 70).ToArray();

        var metrics = ModelMetrics.FromLogProbabilities(logs, [0, 1, 2, 3, 4, 5, 6], Outputs.Names(10));

        Assert.Equal(Math.Log(10), metrics.Loss, 1e-6);
        // The first of equally probable classes is taken.
        Assert.All(metrics.Predictions, p => Assert.Equal(0, p));
    }

    [Fact]
    public void Log_probabilities_keep_what_probabilities_would_round_to_zero()
    {
        var metrics = ModelMetrics.FromLogProbabilities([0f, -250f, -300f, 0f], [1, 1], ["a", "b"]);

        Assert.Equal(125, metrics.Loss, 1e-12);
        Assert.Equal(1, metrics.Errors);
    }

    [Fact]
    public void A_probability_of_zero_for_the_truth_costs_much_but_not_everything()
    {
        var fromProbabilities = ModelMetrics.FromProbabilities([1f, 0f], [1], ["a", "b"]);
        var fromLogs = ModelMetrics.FromLogProbabilities([0f, float.NegativeInfinity], [1], ["a", "b"]);

        // 2^-149 is the smallest single.
        Assert.Equal(149 * Math.Log(2), fromProbabilities.Loss, 1e-9);
        Assert.Equal(149 * Math.Log(2), fromLogs.Loss, 1e-9);
    }

    [Fact]
    public void A_class_that_does_not_occur_has_zeros_and_no_part_in_the_averages()
    {
        // Class 2 is neither there nor predicted; class 1 is predicted but not there, class 3 there but never predicted.
        var metrics = Outputs.Metrics([0, 1, 0, 0], [0, 0, 3, 3], 4);

        Assert.Equal((0, 0, 0), (metrics.Classes[1].Recall, metrics.Classes[1].Precision, metrics.Classes[1].F1));
        Assert.Equal((0, 0, 0), (metrics.Classes[2].Recall, metrics.Classes[2].Precision, metrics.Classes[2].F1));
        Assert.Equal((0, 0, 0), (metrics.Classes[3].Recall, metrics.Classes[3].Precision, metrics.Classes[3].F1));
        Assert.Equal(0.5 / 3, metrics.MacroRecall, 1e-15);
        Assert.Equal(1 / 3.0 / 3, metrics.MacroPrecision, 1e-15);
    }

    [Fact]
    public void Counts_add_up_whatever_the_outputs() =>
        Prop.ForAll(
                (
                    from classes in Gen.Choose(1, 12)
                    from samples in Gen.Choose(1, 60)
                    from labels in Gen.Choose(0, classes - 1).ArrayOf(samples)
                    from raw in Gen.Choose(0, 5).ArrayOf(samples * classes)
                    select (classes, labels, outputs: raw.Select(v => v / 5f).ToArray())
                ).ToArbitrary(),
                sample =>
                {
                    var (classes, labels, outputs) = sample;
                    var metrics = ModelMetrics.FromProbabilities(outputs, labels, Outputs.Names(classes));
                    var matrix = metrics.ConfusionMatrix;
                    var all = Enumerable.Range(0, classes).ToArray();
                    var trace = all.Sum(c => matrix[c, c]);
                    return matrix.Cast<int>().Sum() == labels.Length
                        && all.All(row => all.Sum(column => matrix[row, column]) == labels.Count(l => l == row))
                        && all.All(c => metrics.Classes[c].Support == labels.Count(l => l == c))
                        && all.All(c => metrics.Classes[c].Predicted == metrics.Predictions.Count(p => p == c))
                        && Math.Abs(metrics.Accuracy - (double)trace / labels.Length) < 1e-12
                        && metrics.Errors == labels.Length - trace
                        && metrics.Interval.Lower <= metrics.Accuracy
                        && metrics.Accuracy <= metrics.Interval.Upper
                        && metrics.Loss >= 0
                        && Enumerable
                            .Range(0, labels.Length)
                            .All(i =>
                                outputs[i * classes + metrics.Predictions[i]]
                                == outputs.Skip(i * classes).Take(classes).Max()
                            );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Probabilities_and_their_logarithms_measure_the_same()
    {
        var probabilities = Outputs.Probabilities(s_predictions, 3, 0.7f);
        var logs = probabilities.Select(p => MathF.Log(p)).ToArray();

        var one = ModelMetrics.FromProbabilities(probabilities, s_labels, Outputs.Names(3));
        var other = ModelMetrics.FromLogProbabilities(logs, s_labels, Outputs.Names(3));

        Assert.Equal(one.Loss, other.Loss, 1e-6);
        Assert.Equal(one.ConfusionMatrix, other.ConfusionMatrix);
    }

    public static TheoryData<string, float[], int[], string> Refused =>
        new()
        {
            { "no samples", [], [], "EvaluationEmpty" },
            { "too few outputs", [0.5f, 0.5f, 1f], [0, 1], "PredictionsInvalid" },
            { "too many outputs", [0.5f, 0.5f, 1f], [0], "PredictionsInvalid" },
            { "a logit", [3f, -1f], [0], "PredictionsInvalid" },
            { "not a number", [0.5f, float.NaN], [0], "PredictionsInvalid" },
            { "a first value that is not a number", [float.NaN, 0.5f], [0], "PredictionsInvalid" },
            { "a label too high", [0.5f, 0.5f], [2], "LabelsInvalid" },
            { "a label below zero", [0.5f, 0.5f], [-1], "LabelsInvalid" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_measured_is_refused(string what, float[] outputs, int[] labels, string errorId)
    {
        var error = Assert.Throws<ConvNetException>(() => ModelMetrics.FromProbabilities(outputs, labels, ["a", "b"]));

        Assert.True(errorId == error.ErrorId, $"{what}: {error.ErrorId}");
    }

    [Theory]
    [InlineData(3f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void What_is_no_logarithm_of_a_probability_is_refused(float value)
    {
        var error = Assert.Throws<ConvNetException>(() =>
            ModelMetrics.FromLogProbabilities([value, -1f], [0], ["a", "b"])
        );

        Assert.Equal("PredictionsInvalid", error.ErrorId);
    }
}
