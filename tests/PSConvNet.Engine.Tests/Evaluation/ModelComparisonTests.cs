using System.Globalization;

namespace PSConvNet.Tests.Evaluation;

public class ModelComparisonTests
{
    private const int Samples = 10_000;
    private static readonly int[] s_labels = [.. Enumerable.Range(0, Samples).Select(i => i % 10)];

    [Fact]
    public void The_best_comes_first_and_the_summary_can_be_quoted()
    {
        var rows = ModelComparison.Compare([Entry("dense", 190, 0), Entry("conv", 90, 0, seconds: 94.5)]);

        Assert.Equal(["conv", "dense"], rows.Select(r => r.Name));
        Assert.Equal([1, 2], rows.Select(r => r.Rank));
        Assert.Equal([90, 190], rows.Select(r => r.Errors));
        Assert.Equal([0, -1.0], rows.Select(r => r.Difference));
        Assert.Equal([94.5, null], rows.Select(r => r.TrainingSeconds));
        Assert.Null(rows[0].PValue);
        // All of conv's errors are dense's too: b = 100, c = 0, and 2 / 2^100 is 1.6e-30.
        Assert.Equal(
            "conv beats dense by 1.0 point (99.1 % against 98.1 %), McNemar p = 2e-30: more than chance explains.",
            rows[0].Summary
        );
        Assert.Equal(rows[0].Summary, rows[0].Verdict);
        Assert.Equal(rows[0].Summary, rows[1].Summary);
        Assert.Equal("1.0 point behind conv, p = 2e-30: more than chance explains", rows[1].Verdict);
    }

    [Fact]
    public void A_difference_that_chance_explains_is_called_so()
    {
        // 100 errors each but for four, at different samples.
        var rows = ModelComparison.Compare([Entry("a", 100, 0), Entry("b", 104, 200)]);

        Assert.EndsWith("could be chance.", rows[0].Summary, StringComparison.Ordinal);
        Assert.StartsWith(
            "a beats b by 0.04 points (99.00 % against 98.96 %), McNemar p = 0.",
            rows[0].Summary,
            StringComparison.Ordinal
        );
        Assert.StartsWith("0.04 points behind a, p = 0.", rows[1].Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_equally_accurate_models_the_one_with_the_lower_loss_comes_first()
    {
        var rows = ModelComparison.Compare([Entry("unsure", 50, 0, probability: 0.6f), Entry("sure", 50, 0)]);

        Assert.Equal(["sure", "unsure"], rows.Select(r => r.Name));
        Assert.Equal(
            "sure and unsure are equally accurate (99.5 %); sure has the lower loss, McNemar p = 1.",
            rows[0].Summary
        );
        Assert.Equal("as accurate as sure, p = 1", rows[1].Verdict);
        Assert.Equal(0, rows[1].Difference);
    }

    [Fact]
    public void One_model_alone_gets_a_row_and_a_sentence()
    {
        var row = Assert.Single(ModelComparison.Compare([Entry("conv", 90, 0)]));

        Assert.Equal(1, row.Rank);
        Assert.Equal(
            "conv gets 99.1 % right (95 % interval 98.9 % to 99.3 %); there is no other model to compare it with.",
            row.Summary
        );
    }

    [Fact]
    public void Models_of_one_name_are_told_apart()
    {
        var rows = ModelComparison.Compare([Entry("model", 30, 0), Entry("model", 20, 0), Entry("model", 10, 0)]);

        Assert.Equal(["model (3)", "model (2)", "model"], rows.Select(r => r.Name));
    }

    [Fact]
    public void Its_sentences_do_not_depend_on_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var rows = ModelComparison.Compare([Entry("conv", 90, 0), Entry("dense", 190, 0)]);

            Assert.Contains("1.0 point (99.1 % against 98.1 %)", rows[0].Summary, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Nothing_to_compare_is_refused() =>
        Assert.Equal("ComparisonEmpty", Assert.Throws<ConvNetException>(() => ModelComparison.Compare([])).ErrorId);

    [Fact]
    public void Models_measured_on_different_samples_are_refused_by_name()
    {
        var other = new ComparisonEntry("other", 1, Outputs.Metrics([0, 1], [0, 1], 2));

        var error = Assert.Throws<ConvNetException>(() => ModelComparison.Compare([Entry("conv", 90, 0), other]));

        Assert.Equal("ComparisonMismatch", error.ErrorId);
        Assert.Contains("conv", error.Message, StringComparison.Ordinal);
        Assert.Contains("other", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A model that is wrong on that many samples, from that sample on.</summary>
    private static ComparisonEntry Entry(
        string name,
        int errors,
        int from,
        double? seconds = null,
        float probability = 0.9f
    )
    {
        int[] predictions =
        [
            .. s_labels.Select((label, i) => i >= from && i < from + errors ? (label + 1) % 10 : label),
        ];
        return new ComparisonEntry(name, 1_199_882, Outputs.Metrics(predictions, s_labels, 10, probability), seconds);
    }
}
