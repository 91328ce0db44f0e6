using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>The record of a trial of a sweep, and the claim on one; a damaged one is passed over and never an error.</summary>
/// <param name="folder">A folder for the study.</param>
internal sealed class RecordTarget(string folder) : FuzzTarget("record", new JsonMutation())
{
    private const string Sum = "sha256";
    private static readonly TrialId s_id = new(0);
    private readonly StudyFolder _study = new(Path.Combine(folder, "study"));

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        var trial = new SweepTrial
        {
            Id = s_id,
            State = TrialState.Completed,
            Parameters = new([new("Optimizer", "SGD"), new("Units", 16L), new("Rate", 0.01), new("Bias", true)]),
            Seed = -1,
            Value = 0.9,
            PlannedEpochs = 3,
            Seconds = 4.5,
            ParameterCount = 1000,
            Machine = "here",
            Turn = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
            EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(5),
            History = [new(1, 0.5, 0.6, 0.5, 0.6, 0.001, 1, 100), new(2, 0.1, 0.9, 0.2, 0.9, 0.001, 1, 100)],
        };
        foreach (
            var seed in (SweepTrial[])
                [
                    trial,
                    trial with
                    {
                        State = TrialState.Failed,
                        ErrorId = "ShapeMismatch",
                        Reason = "no",
                        Value = null,
                    },
                ]
        )
        {
            var bytes = TrialDocument.Of(seed, _study).ToBytes();
            yield return bytes;
            // A record without a checksum is read, too, so that changes get past it.
            var json = System.Text.Json.Nodes.JsonNode.Parse(bytes)!.AsObject();
            json.Remove(Sum);
            yield return Files.FileJson.ToBytes(json);
        }
        var claim = new ClaimContent("here", 1, 2, 3, 0.5, 1, false);
        yield return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(claim, Files.FileJson.Lenient);
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        // The same bytes as a claim, which says nothing where it can't be read.
        _ = new WorkerLife().IsAlive(path, out _);
        Directory.CreateDirectory(_study.Trials);
        File.WriteAllBytes(_study.RecordOf(s_id), input);
        var files = new TrialFiles(_study, isPrunedOver: true);
        var trial = files.Read(s_id);
        Require(trial is not null || files.Damaged.Count == 1, "a record that is passed over is named");
        return trial;
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        var trial = (SweepTrial)read;
        Require(!$"{trial}{trial.Parameters}".Any(char.IsControl), "nothing that is shown has control characters");
        var bytes = TrialDocument.Of(trial, _study).ToBytes();
        var again = Again(() => TrialDocument.Read(bytes, s_id, _study));
        Require(
            bytes.AsSpan().SequenceEqual(TrialDocument.Of(again, _study).ToBytes()),
            "a record that is written, read and written again gives the same bytes"
        );
    }
}
