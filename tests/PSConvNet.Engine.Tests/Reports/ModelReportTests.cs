using System.Globalization;

namespace PSConvNet.Tests.Reports;

/// <summary>What a report says of models, data and trainings.</summary>
public sealed class ModelReportTests
{
    private static readonly Dataset s_bars = Networks.Bars();

    [Fact]
    public void One_trained_model_with_its_data_has_all_parts_and_the_numbers_that_measuring_gives()
    {
        var run = Train("net", epochs: 1);

        var page = Page([run.Model], s_bars);

        page.RequireSound();
        Assert.Equal(
            ["result", "data", "network", "training", "confusion", "mistakes", "environment", "reproduce"],
            page.All("h2").Select(heading => heading.Attribute("id")!.Value)
        );
        Assert.Equal(
            page.All("h2").Select(heading => "#" + heading.Attribute("id")!.Value),
            page.All("nav").Single().Descendants(ReportReader.Xhtml + "a").Select(a => a.Attribute("href")!.Value)
        );
        var metrics = Evaluator.Measure(run.Model, s_bars.Test);
        var row = page.Table("Measured on")[1];
        Assert.Equal(Text($"{100 * metrics.Accuracy:F2} %"), row[1]);
        Assert.Equal(Text($"{metrics.Errors}"), row[3]);
        Assert.Equal(Text($"{metrics.Loss:F4}"), row[4]);
        Assert.Contains(Text($"{metrics.Interval}"), page.All("header").Single().Value, StringComparison.Ordinal);
        Assert.Equal(Text($"{run.History[0].Loss:F4}"), page.Table("The epochs")[1][1]);
    }

    [Fact]
    public void The_confusion_matrix_and_the_classes_are_those_of_the_answers_counted_one_by_one()
    {
        var model = Train("net", epochs: 1).Model;
        var answers = Prediction.Of(model, s_bars.Test).ToList();

        var page = Page([model], s_bars);

        var matrix = page.Table("The number of images of the row's class");
        foreach (var (truth, i) in s_bars.ClassNames.Select((name, i) => (name, i)))
        {
            Assert.Equal(truth, matrix[i + 1][0]);
            foreach (var (answer, j) in s_bars.ClassNames.Select((name, j) => (name, j)))
            {
                var count = answers.Count(a => a.TruthName == truth && a.ClassName == answer);
                Assert.Equal(Text($"{count}"), matrix[i + 1][j + 1]);
            }
            var right = answers.Count(a => a.TruthName == truth && a.IsCorrect == true);
            var recall = (double)right / answers.Count(a => a.TruthName == truth);
            Assert.Equal(Text($"{100 * recall:F2} %"), page.Table("Precision, recall and F1 of each class")[i + 1][4]);
        }
    }

    [Fact]
    public void The_mistakes_are_the_wrong_answers_that_the_model_was_most_sure_of()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape, "untrained");
        var wrong = Prediction
            .Of(model, s_bars.Test)
            .Where(answer => answer.IsCorrect == false)
            .OrderByDescending(answer => answer.Probability)
            .Take(7)
            .ToList();

        var page = Page([model], s_bars, new ModelReportOptions { MistakeCount = 7 });

        var rows = page.Table("7 of its").Skip(1).ToList();
        Assert.Equal(wrong.Select(answer => Text($"{answer.Source}")), rows.Select(row => row[0]));
        Assert.Equal(wrong.Select(answer => answer.TruthName), rows.Select(row => row[1]));
        Assert.Equal(wrong.Select(answer => answer.ClassName), rows.Select(row => row[2]));
        Assert.Equal(wrong.Select(answer => Text($"{100 * answer.Probability:F1} %")), rows.Select(row => row[3]));
        Assert.Equal(7 * 2, page.Section("mistakes").Descendants(ReportReader.Svg + "use").Count());
    }

    [Fact]
    public void Several_models_are_compared_once_and_then_shown_one_by_one()
    {
        Model[] models = [new(Networks.SmallDense, s_bars.Shape, "a"), Train("a", 3).Model, Train("b", 2).Model];
        var entries = models.Select(
            (model, i) =>
                new ComparisonEntry(
                    i == 1 ? "a (2)" : model.Name,
                    model.ParameterCount,
                    Evaluator.Measure(model, s_bars.Test)
                )
        );
        var expected = ModelComparison.Compare(entries);

        var page = Page(models, s_bars);

        page.RequireSound();
        Assert.Equal(expected.Select(row => row.Name), page.Table("Measured on").Skip(1).Select(row => row[0]));
        Assert.Contains(expected[0].Summary, page.All("header").Single().Value, StringComparison.Ordinal);
        Assert.Equal(
            ["a", "a (2)", "b"],
            page.All("h2")
                .Where(h => h.Attribute("id")!.Value.StartsWith("model-", StringComparison.Ordinal))
                .Select(h => h.Value)
        );
        Assert.Contains("has not been trained", page.Section("model-1-training").Value, StringComparison.Ordinal);
        // One picture of curves, for both that were trained.
        Assert.Single(page.Section("training").Descendants(ReportReader.Svg + "svg"));
    }

    [Fact]
    public void A_model_that_comes_twice_or_with_its_runs_is_one_model_with_all_its_trainings()
    {
        var first = Train("net", epochs: 1);
        var second = new Trainer(
            first.Model,
            s_bars,
            new TrainingOptions
            {
                Epochs = 2,
                BatchSize = 30,
                Seed = 7,
            }
        ).Run();

        var report = ModelReport.Create([(first.Model, [second]), (first.Model, []), (first.Model, [first])], s_bars);

        var page = new ReportReader(report);
        page.RequireSound();
        var settings = page.Table("How net was trained, 2 times");
        Assert.Equal(["Setting", "Training 1", "Training 2"], settings[0]);
        Assert.Equal(["Seed", "1", "7"], settings.Single(row => row[0] == "Seed"));
        Assert.Equal(2, page.Section("training").Descendants(ReportReader.Xhtml + "details").Count());
    }

    [Fact]
    public void Without_data_or_without_test_images_it_says_what_is_missing_and_how_to_get_it()
    {
        var run = Train("net", epochs: 1);
        var empty = new ImageSet("Test", [], [], s_bars.Shape);
        var untested = new Dataset("Bars", s_bars.Train, empty, s_bars.ClassNames, "made by the tests");

        var without = Page([run.Model], null);
        var half = Page([run.Model], untested);

        without.RequireSound();
        half.RequireSound();
        Assert.All(
            new[] { "result", "data", "confusion", "mistakes" },
            id => Assert.Contains("-Data", without.Section(id).Value, StringComparison.Ordinal)
        );
        Assert.Contains("240 training images", without.Section("data").Value, StringComparison.Ordinal);
        Assert.Contains("no test images", half.Section("result").Value, StringComparison.Ordinal);
        Assert.Contains("240 for training, 0 for testing", half.Section("data").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_mistake_and_one_stopped_before_an_epoch_have_their_sentences()
    {
        var run = Train("good", epochs: 40);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var never = new Trainer(
            new Model(Networks.SmallDense, s_bars.Shape, "never"),
            s_bars,
            new TrainingOptions()
        ).Run(stopped.Token);

        var page = Page([run.Model], s_bars);
        var second = Page([never.Model], null);

        page.RequireSound();
        second.RequireSound();
        Assert.Equal(0, Evaluator.Measure(run.Model, s_bars.Test).Errors);
        Assert.Contains("There are none on 90 test images.", page.Section("mistakes").Value, StringComparison.Ordinal);
        Assert.Contains("There are no confusions.", page.Section("confusion").Value, StringComparison.Ordinal);
        Assert.Contains("before the end of its first epoch", second.Section("result").Value, StringComparison.Ordinal);
        Assert.Contains(
            "stopped by hand before the end of the first epoch",
            second.Section("training").Value,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Title_note_and_date_are_the_users()
    {
        var options = new ModelReportOptions
        {
            Title = "Bars & <bars>",
            Note = "First.\nStill first.\r\n\r\nSecond <b>paragraph</b>.",
            WrittenAt = new DateTimeOffset(2026, 11, 24, 9, 5, 0, TimeSpan.FromHours(1)),
        };

        var page = Page([new Model(Networks.SmallDense, s_bars.Shape, "net")], null, options);

        page.RequireSound();
        Assert.Equal("Bars & <bars>", page.All("title").Single().Value);
        Assert.Equal("Bars & <bars>", page.All("h1").Single().Value);
        var note = page.All("div").Single(div => div.Attribute("class")?.Value == "note");
        Assert.Equal(["First.\nStill first.", "Second <b>paragraph</b>."], note.Elements().Select(p => p.Value));
        Assert.Equal("2026-11-24T09:05:00+01:00", page.All("time").Single().Attribute("datetime")!.Value);
    }

    [Fact]
    public void Equal_inputs_give_equal_pages_whatever_the_language_of_the_machine()
    {
        var run = Train("net", epochs: 1);
        var options = new ModelReportOptions { WrittenAt = DateTimeOffset.UnixEpoch };
        var culture = CultureInfo.CurrentCulture;
        var here = ModelReport.Create([(run.Model, [])], s_bars, options).ToHtml();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal(here, ModelReport.Create([(run.Model, [])], s_bars, options).ToHtml());
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(here, ModelReport.Create([(run.Model, [])], s_bars, options).ToHtml());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(201)]
    public void More_mistakes_than_anybody_looks_at_are_refused(int count)
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);

        var e = Assert.Throws<ConvNetException>(() =>
            Page([model], null, new ModelReportOptions { MistakeCount = count })
        );

        Assert.Equal("ReportOptionInvalid", e.ErrorId);
    }

    [Fact]
    public void No_models_data_that_do_not_fit_and_who_stops_it_are_told_so()
    {
        var model = new Model([new FlattenLayer(), new DenseLayer(2)], s_bars.Shape);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Equal("ReportEmpty", Assert.Throws<ConvNetException>(() => Page([], s_bars)).ErrorId);
        Assert.Equal("ClassCountMismatch", Assert.Throws<ConvNetException>(() => Page([model], s_bars)).ErrorId);
        Assert.Throws<OperationCanceledException>(() => ModelReport.Create([(model, [])], cancellation: stopped.Token));
    }

    [Fact]
    public void Twenty_models_make_a_page_of_a_few_megabytes()
    {
        var models = Enumerable.Range(1, 20).Select(i => Train($"net {i}", epochs: 1, seed: i).Model).ToArray();

        var page = Page(models, s_bars);

        page.RequireSound();
        Assert.InRange(page.Text.Length, 100_000, 5_000_000);
    }

    internal static TrainingRun Train(string name, double epochs, long seed = 1) =>
        new Trainer(
            new Model(Networks.SmallDense, s_bars.Shape, name, seed),
            s_bars,
            new TrainingOptions
            {
                Epochs = epochs,
                BatchSize = 30,
                Optimizer = new AdamOptimizer { LearningRate = 0.01 },
            }
        ).Run();

    internal static ReportReader Page(IEnumerable<Model> models, Dataset? data, ModelReportOptions? options = null) =>
        new(ModelReport.Create(models.Select(model => (model, (IReadOnlyList<TrainingRun>)[])), data, options));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
