using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSConvNet.Tests.Files;

namespace PSConvNet.Tests.Sweeps;

/// <summary>
/// Every field of a study's documents, as null, of another type, huge, negative, no number, empty, missing: the study is refused with the one
/// typed error, a record is passed over, or what was read of it can be looked at, listed and gone on with.
/// </summary>
public sealed class StudyFieldTests
{
    [Fact]
    public void Every_field_of_a_trial_s_record()
    {
        using var study = new SmallStudy(settings =>
            settings with
            {
                Pruner = new PrunerSpec { Kind = SweepPruner.Asha },
            }
        );
        study.Work(mostTrials: 2);
        var path = study.Study.Place.RecordOf(new TrialId(0));
        var record = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        record.Remove("sha256");

        var (mutations, passedOver) = (0, 0);
        foreach (var (text, what) in FieldMutation.Of(record.ToJsonString()))
        {
            mutations++;
            File.WriteAllBytes(path, Summed(text));
            try
            {
                var opened = study.Open();
                _ = new SweepWatch(opened).Look(out _);
                Assert.All(opened.ReadTrials(includeReplicates: true), trial => _ = $"{trial} {trial.Parameters}");
                _ = opened.BestTrials();
                Assert.All(
                    opened.Damaged.Concat(
                        opened.ReadTrials().Select(trial => $"{trial} {trial.Parameters} {trial.Reason}")
                    ),
                    shown =>
                    {
                        Assert.DoesNotContain(shown, letter => char.IsControl(letter) && letter != '\n');
                        Assert.DoesNotContain("System.", shown, StringComparison.Ordinal);
                    }
                );
                passedOver += opened.Damaged.Count;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{what}: {e.GetType().Name}: {e.Message}", e);
            }
        }

        Assert.InRange(mutations, 500, 5000);
        Assert.InRange(passedOver, mutations / 2, mutations - 1);
    }

    [Fact]
    public void Every_field_of_a_study_s_document()
    {
        using var study = new SmallStudy();
        var path = study.Study.Place.Document;

        var (mutations, refused) = (0, 0);
        var document = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        document.Remove("sha256");
        foreach (var (text, what) in FieldMutation.Of(document.ToJsonString()))
        {
            mutations++;
            File.WriteAllBytes(path, Summed(text));
            try
            {
                var opened = study.Open();
                _ = new SweepWatch(opened).Look(out _);
                _ = opened.ReadTrials();
            }
            catch (ConvNetException e) when (e.ErrorId is "StudyInvalid" or "SweepGridTooLarge")
            {
                Assert.DoesNotContain("System.", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("PSConvNet.", e.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{what}: {e.GetType().Name}: {e.Message}", e);
            }
        }

        Assert.InRange(mutations, 1000, 10_000);
        Assert.InRange(refused, mutations / 2, mutations - 1);
    }

    [Theory]
    [InlineData("\"Units\": 5", "Units can't be 5: it is one of 4, 8")]
    [InlineData("\"Units\": \"4\"", "Units can't be 4 as a text: it is one of 4, 8, none of which is that")]
    [InlineData("\"Units\": \"\\u001b]0;owned\\u0007\"", "Units can't be \u241b]0;owned\u2407")]
    [InlineData("\"Units\": 4, \"\\u001b[2J\": 1", "There is no parameter \u241b[2J")]
    [InlineData("", "It has no Units")]
    public void A_point_that_the_space_has_not_is_passed_over_and_shown_without_control_characters(
        string units,
        string problem
    )
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 1);
        var path = study.Study.Place.RecordOf(new TrialId(0));
        var record = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        record.Remove("sha256");
        var rate = record["parameters"]!["LearningRate"]!.ToJsonString();
        var parameters = $"{{\"LearningRate\": {rate}{(units == "" ? "" : ", " + units)}}}";
        record["parameters"] = JsonNode.Parse(parameters);
        File.WriteAllBytes(path, Summed(record.ToJsonString()));

        var opened = study.Open();

        Assert.Empty(opened.ReadTrials());
        Assert.Contains(problem, Assert.Single(opened.Damaged), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("value", "2", "none of its epochs came to its value, 2")]
    [InlineData("value", "-5", "none of its epochs came to its value, -5")]
    [InlineData("value", "0.12345", "none of its epochs came to its value, 0.12345")]
    [InlineData("value", "null", "it is completed, and has no value or no epochs")]
    [InlineData("value", "", "it is completed, and has no value or no epochs")]
    [InlineData("history", "[]", "it is completed, and has no value or no epochs")]
    [InlineData("seconds", "-1", "it can't have taken -1 seconds")]
    [InlineData("seconds", "1e300", "it can't have taken 1E+300 seconds")]
    [InlineData("turn", "-1", "a count can't be below 0")]
    [InlineData("turn", "0", "turns are counted from 1")]
    [InlineData("parameterCount", "-1", "a count can't be below 0")]
    [InlineData("plannedEpochs", "-2", "the planned epochs are out of range")]
    [InlineData("history.1.epoch", "-2", "a count can't be below 0")]
    [InlineData("history.1.epoch", "1", "epoch 1 stands in the place of epoch 2")]
    [InlineData("history.1.epoch", "3", "epoch 3 stands in the place of epoch 2")]
    [InlineData("history.1.accuracy", "2", "2 can't be the accuracy of epoch 2")]
    [InlineData("history.1.validationAccuracy", "-5", "-5 can't be the accuracy on the validation images of epoch 2")]
    [InlineData("history.1.validationAccuracy", "", "an epoch has no result on the validation images")]
    [InlineData("history.1.loss", "-1", "-1 can't be the loss of epoch 2")]
    [InlineData("history.1.loss", "\"NaN\"", "history[1].loss")]
    [InlineData("history.1.validationLoss", "-1", "-1 can't be the loss on the validation images of epoch 2")]
    [InlineData("history.1.seconds", "-1", "-1 can't be the time in seconds of epoch 2")]
    [InlineData("history.1.learningRate", "-1", "-1 can't be the learning rate of epoch 2")]
    [InlineData("history.1.imagesPerSecond", "-1", "-1 can't be the speed of epoch 2")]
    public void A_record_of_what_no_trial_comes_to_is_passed_over_and_its_trial_is_done_again(
        string field,
        string value,
        string reason
    )
    {
        using var study = new SmallStudy(settings => settings with { Trials = 2 });
        study.Work();
        var before = study.Table();
        var path = study.Study.Place.RecordOf(new TrialId(0));
        var record = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        record.Remove("sha256");
        Set(record, field.Split('.'), value);
        File.WriteAllBytes(path, Summed(record.ToJsonString()));

        var opened = study.Open();
        Assert.Single(opened.ReadTrials());
        Assert.Contains(reason, Assert.Single(opened.Damaged), StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(opened.Repair()), StringComparison.Ordinal);
        study.Work();

        Assert.Equal(before, study.Table());
    }

    private static void Set(JsonNode node, string[] path, string value)
    {
        foreach (var step in path[..^1])
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        if (value == "")
            node.AsObject().Remove(path[^1]);
        else
            node[path[^1]] = JsonNode.Parse(value);
    }

    /// <summary>A record with the sum of what it is now: else that would refuse them all.</summary>
    private static byte[] Summed(string text)
    {
        try
        {
            var json = FileJson.Parse(Encoding.UTF8.GetBytes(text));
            json["sha256"] = Convert.ToHexString(SHA256.HashData(FileJson.ToBytes(json)));
            return FileJson.ToBytes(json);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetBytes(text);
        }
    }
}
