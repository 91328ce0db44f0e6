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
        // Else the checksum would refuse them all.
        record.Remove("sha256");

        var (mutations, passedOver) = (0, 0);
        foreach (var (text, what) in FieldMutation.Of(record.ToJsonString()))
        {
            mutations++;
            File.WriteAllText(path, text);
            try
            {
                var opened = study.Open();
                _ = new SweepWatch(opened).Look(out _);
                Assert.All(opened.ReadTrials(includeReplicates: true), trial => _ = $"{trial} {trial.Parameters}");
                _ = opened.BestTrials();
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
        foreach (var (text, what) in FieldMutation.Of(File.ReadAllText(path)))
        {
            mutations++;
            File.WriteAllText(path, text);
            try
            {
                var opened = study.Open();
                _ = new SweepWatch(opened).Look(out _);
                _ = opened.ReadTrials();
            }
            catch (ConvNetException e) when (e.ErrorId is "StudyInvalid" or "SweepGridTooLarge")
            {
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
}
