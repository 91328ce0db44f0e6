using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>A study's own document, and its images by it; of what is accepted trials are chosen, and it is written again and read again as the same.</summary>
/// <param name="folder">A folder for the study.</param>
internal sealed class StudyTarget(string folder) : FuzzTarget("study", new JsonMutation(), "StudyInvalid")
{
    private readonly StudyFolder _place = new(Path.Combine(folder, "study"));

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        var settings = new StudySettings
        {
            Space = new(
                [
                    new ChoiceParameter("Optimizer", ["Adam", "SGD"]),
                    new IntegerParameter("Units", 16, 48, 16),
                    new UniformParameter("Momentum", 0, 0.9),
                    new LogUniformParameter("LearningRate", 1e-4, 1e-1),
                ],
                [KeyValuePair.Create("Momentum", new SweepCondition("$_.Optimizer -eq 'SGD'", _ => true))]
            ),
            Script = "New-DenseLayer $_.Units",
            Training = Samples.Options,
        };
        foreach (
            var seed in (StudySettings[])
                [
                    settings,
                    settings with
                    {
                        Sampler = SweepSampler.Tpe,
                        Pruner = new() { Kind = SweepPruner.Asha },
                        MaxFailures = 3,
                        Training = new() { Threads = 1 },
                    },
                ]
        )
        {
            if (Directory.Exists(_place.Path))
                Directory.Delete(_place.Path, recursive: true);
            Study.Create(_place.Path, seed, Samples.Noise, Samples.Noise.Test);
            var bytes = File.ReadAllBytes(_place.Document);
            yield return bytes;
            // The version before had no checksum: changes to it get past that.
            var json = System.Text.Json.Nodes.JsonNode.Parse(bytes)!.AsObject();
            json.Remove(Files.JsonSum.Field);
            json["formatVersion"] = 1;
            yield return Files.FileJson.ToBytes(json);
        }
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        File.WriteAllBytes(_place.Document, input);
        var study = Study.Open(_place.Path, _ => _ => true);
        study.ReadData();
        return study;
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        var study = (Study)read;
        var settings = study.Settings;
        try
        {
            var sampler = SamplerFactory.Create(settings.Sampler, settings.Space, settings.Seed, settings.GridPoints);
            Require($"{sampler.Sample(0, [])}".Length >= 0, "a point can be shown");
        }
        catch (ConvNetException e) when (e.ErrorId == "SweepGridTooLarge")
        {
            // It says why it can't be gone on with.
        }
        var bytes = Written(settings, study.Data, study.Created);
        var again = Again(() => StudyDocument.Read(bytes, _ => _ => true));
        Require(
            bytes.AsSpan().SequenceEqual(Written(again.Settings, again.Data, again.Created)),
            "a study that is written, read and written again gives the same bytes"
        );
        Require(
            StudyDocument.Differences(settings, again.Settings).Count == 0,
            "a study that is written and read continues unchanged"
        );
    }

    private static byte[] Written(StudySettings settings, StudyData data, DateTimeOffset created) =>
        Files.JsonSum.ToBytes(StudyDocument.Write(settings, data, created));
}
