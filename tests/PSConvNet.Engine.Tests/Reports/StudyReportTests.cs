using System.Globalization;
using PSConvNet.Tests.Data;
using PSConvNet.Tests.Sweeps;
using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Reports;

/// <summary>What a report says of a study, while it runs and when it is done.</summary>
public sealed class StudyReportTests
{
    [Fact]
    public void A_study_that_is_done_has_all_parts_with_the_numbers_of_its_trials_and_of_measuring()
    {
        using var small = new SmallStudy(settings => settings with { Replicate = 2, Best = 2 });
        small.Work();
        var best = small.Open().BestTrials();

        var page = Page(small.Study);

        page.RequireSound();
        Assert.Equal(
            [
                "result",
                "test",
                "trials",
                "space",
                "epochs",
                "settings",
                "data",
                "best-model",
                "environment",
                "reproduce",
            ],
            page.All("h2").Select(heading => heading.Attribute("id")!.Value)
        );
        var header = page.All("header").Single().Value;
        Assert.Contains(
            $"Trial {best[0].Id} is the best of 6: {Percent(best[0].Value)} of",
            header,
            StringComparison.Ordinal
        );
        Assert.Contains(
            best[0].MeanMargin is { } margin
                ? Text($"with 2 other seeds, it reaches {100 * best[0].Mean:F2} ± {100 * margin:F2} %")
                : Text($"with 2 other seeds, it reaches {100 * best[0].Mean:F2} % each time; that is too few to know"),
            header,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "6 completed. They took 12 epochs, and repetitions 8 epochs more.",
            page.Section("result").Value,
            StringComparison.Ordinal
        );
        var trials = page.Table("6 trials, the best first");
        Assert.Equal(
            small.Study.BestTrials(6).Select(trial => $"{trial.Id} {Percent(trial.Value)}"),
            trials.Skip(1).Select(row => $"{row[0]} {row[1]}")
        );
        // The best are compared on the test images as anybody would compare their models.
        var compared = ModelComparison.Compare(
            best.Select(trial =>
            {
                var model = trial.LoadModel();
                var data = small.Study.ReadData().Data;
                return new ComparisonEntry(model.Name, 0, Evaluator.Measure(model, data.Test));
            })
        );
        Assert.Contains(compared[0].Summary, header, StringComparison.Ordinal);
        Assert.Equal(compared.Select(row => row.Name), page.Table("Measured on").Skip(1).Select(row => row[0]));
        Assert.Equal($"The network of trial {best[0].Id}", page.Section("best-model").Elements().First().Value);
        Assert.Equal(
            [
                $"training 180 {small.Study.Data.Train.Sha256}",
                $"validation 60 {small.Study.Data.Validation.Sha256}",
                $"test 90 {small.Study.Data.Test.Sha256}",
            ],
            page.Table("The images, with").Skip(1).Select(row => $"{row[0]} {row[1]} {row[3]}")
        );
    }

    [Fact]
    public void A_study_before_its_first_trial_and_one_before_its_first_completed_one_say_so()
    {
        using var small = new SmallStudy();

        var before = Page(small.Study);
        small.Study.Files.Write(Trial(small.Study, 0, TrialState.Running, epochs: 0));
        small.Study.Files.Write(Trial(small.Study, 1, TrialState.Pruned, epochs: 1) with { Reason = "It waits." });
        var begun = Page(small.Open());

        before.RequireSound();
        begun.RequireSound();
        Assert.Contains(
            "No trial of this sweep has been started yet; 6 trials are asked for.",
            before.All("header").Single().Value,
            StringComparison.Ordinal
        );
        Assert.Contains("No trial is completed yet.", begun.All("header").Single().Value, StringComparison.Ordinal);
        var result = begun.Section("result").Value;
        Assert.Contains("Of 2 trials: 1 pruned, 1 waiting.", result, StringComparison.Ordinal);
        Assert.Contains("4 of 6 trials haven't been started.", result, StringComparison.Ordinal);
        // Nobody has the one that says it is running.
        Assert.Contains("1 trial was started but not finished", result, StringComparison.Ordinal);
        Assert.DoesNotContain(begun.All("h2"), heading => heading.Attribute("id")!.Value is "test" or "best-model");
    }

    [Fact]
    public void Models_that_are_not_kept_and_images_that_are_gone_are_said_to_be_missing_and_the_rest_is_there()
    {
        using var small = new SmallStudy();
        small.Work();
        var best = small.Open().BestTrials();
        File.Delete(best[0].ModelPath!);
        File.WriteAllText(best[1].ModelPath!, "no model");

        var fewer = Page(small.Study);
        Directory.Delete(Path.Combine(small.Folder, "data"), recursive: true);
        var none = Page(small.Open());

        fewer.RequireSound();
        none.RequireSound();
        Assert.Equal(
            [
                $"The model of trial {best[0].Id} is not kept, so it could not be measured on the test images.",
                $"The model of trial {best[1].Id} can't be read (ModelFileInvalid), so it could not be measured on the test images.",
            ],
            fewer.Section("result").Descendants(ReportReader.Xhtml + "li").Select(item => item.Value)
        );
        Assert.Equal($"trial {best[2].Id}", fewer.Table("Measured on")[1][0]);
        Assert.Equal($"The network of trial {best[2].Id}", fewer.Section("best-model").Elements().First().Value);
        Assert.Contains("The study's images are missing", none.Section("result").Value, StringComparison.Ordinal);
        Assert.DoesNotContain(none.All("h2"), heading => heading.Attribute("id")!.Value is "test" or "data");
        // Where the study lies is nobody's business.
        Assert.DoesNotContain(Path.GetDirectoryName(small.Folder)!, none.Text, StringComparison.Ordinal);
        Assert.Contains("Invoke-Sweep", none.Section("reproduce").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_trials_stand_last_with_their_reasons_and_pruned_ones_by_how_far_they_came()
    {
        using var small = new SmallStudy(settings =>
            settings with
            {
                Pruner = new PrunerSpec { Kind = SweepPruner.Median },
            }
        );
        small.Study.Files.Write(
            Trial(small.Study, 0, TrialState.Failed, epochs: 0) with
            {
                ErrorId = "ShapeMismatch",
                Reason = "It is too small.",
            }
        );
        small.Study.Files.Write(Trial(small.Study, 1, TrialState.Pruned, epochs: 1, value: 0.9));
        small.Study.Files.Write(Trial(small.Study, 2, TrialState.Pruned, epochs: 2, value: 0.5));
        small.Study.Files.Write(Trial(small.Study, 3, TrialState.Completed, epochs: 2, value: 0.7));
        small.Study.Files.Write(Trial(small.Study, 4, TrialState.Completed, epochs: 2, value: 0.8));

        var page = Page(small.Open());

        page.RequireSound();
        Assert.Equal(
            ["4 completed 80.00 %", "3 completed 70.00 %", "2 pruned 50.00 %", "1 pruned 90.00 %", "0 failed "],
            page.Table("5 trials, completed ones first").Skip(1).Select(row => $"{row[0]} {row[1]} {row[2]}")
        );
        Assert.Equal(["0", "ShapeMismatch", "It is too small."], page.Table("1 trial that")[1][..3]);
        Assert.Contains(
            "They took 7 epochs of the 10 that all of them would take.",
            page.Section("result").Value,
            StringComparison.Ordinal
        );
        Assert.Contains("Median (GraceEpochs 1)", page.Section("epochs").Value, StringComparison.Ordinal);
        Assert.Contains("only with -Parallel 1", page.Section("reproduce").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_hundreds_of_trials_the_best_are_shown_and_how_many_are_left_out_is_said()
    {
        using var small = new SmallStudy(
            settings => settings with { Trials = 800, Sampler = SweepSampler.Random },
            Mixed
        );
        foreach (var i in Enumerable.Range(0, 800))
            small.Study.Files.Write(
                Trial(
                    small.Study,
                    i,
                    i % 4 == 0 ? TrialState.Failed : TrialState.Completed,
                    epochs: 2,
                    value: i / 800.0
                )
            );

        var page = Page(small.Open());

        page.RequireSound();
        Assert.Equal("799", page.Table("The first 25 of 800")[1][0]);
        Assert.Equal(476, page.Table("Those from 26 to 500 of 800").Length);
        Assert.Contains("300 trials more are left out here", page.Section("trials").Value, StringComparison.Ordinal);
        Assert.Contains("150 trials more are left out here", page.Section("failed").Value, StringComparison.Ordinal);
        Assert.InRange(page.Text.Length, 100_000, 3_000_000);
    }

    [Fact]
    public void What_is_varied_is_not_told_as_if_all_trials_shared_it()
    {
        using var small = new SmallStudy(
            settings => settings with { Objective = SweepObjective.Loss, Sampler = SweepSampler.Random },
            new SweepSpace([
                new ChoiceParameter("BatchSize", [16, 32]),
                new LogUniformParameter("learningrate", 1e-4, 0.1),
            ])
        );
        small.Study.Files.Write(Trial(small.Study, 0, TrialState.Completed, epochs: 2, value: 0.25));

        var page = Page(small.Open());

        var settings = page.Table("How trials were chosen").ToDictionary(row => row[0], row => row[1]);
        Assert.Equal("varied", settings["Batch size"]);
        Assert.EndsWith("; LearningRate varied", settings["Optimizer"], StringComparison.Ordinal);
        Assert.Equal("validation loss", settings["Made good"]);
        Assert.Equal("2", settings["Epochs asked for"]);
        Assert.Contains(
            "a loss of 0.25 on 60 held-out images",
            page.All("header").Single().Value,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Equal_studies_give_equal_pages_whatever_the_language_of_the_machine()
    {
        using var small = new SmallStudy(space: Mixed);
        small.Study.Files.Write(Trial(small.Study, 0, TrialState.Completed, epochs: 2, value: 0.75));
        var options = new ModelReportOptions { WrittenAt = DateTimeOffset.UnixEpoch };
        var culture = CultureInfo.CurrentCulture;
        var here = ModelReport.Create(small.Open(), options).ToHtml();
        try
        {
            foreach (var name in new[] { "ar-SA", "de-DE" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(name);
                Assert.Equal(here, ModelReport.Create(small.Open(), options).ToHtml());
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Who_stops_it_gets_no_page()
    {
        using var small = new SmallStudy();
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Throws<OperationCanceledException>(() => ModelReport.Create(small.Study, cancellation: stopped.Token));
    }

    internal static ReportReader Page(Study study, ModelReportOptions? options = null) =>
        new(ModelReport.Create(study, options));

    /// <summary>A trial as a worker would leave it.</summary>
    private static SweepTrial Trial(Study study, int number, TrialState state, int epochs, double? value = null) =>
        Studies.Trial(
            number,
            new RandomSampler(study.Settings.Space, 1).Sample(number, []),
            state,
            state == TrialState.Failed || epochs == 0 ? null : value ?? 0.5,
            epochs,
            planned: 2
        );

    private static string Percent(double? share) => Text($"{100 * share:F2} %");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
