using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Files;

/// <summary>A training as JSON: how it was done, what each epoch came to, how it ended.</summary>
internal static class RunDocument
{
    /// <summary>What there is of a run beside its model.</summary>
    private sealed record Fields(
        string DatasetName,
        int TrainingImages,
        TrainingOptions Options,
        int? ValidationImages,
        TrainingStatus Status,
        double Seconds,
        Precision Precision,
        int Threads,
        DateTimeOffset StartedAt,
        IReadOnlyList<EpochRecord> History
    ) : IReadFromFile
    {
        void IReadFromFile.Require()
        {
            if (!RunClock.IsDuration(Seconds))
                throw new JsonException("a run's time is impossible");
            EpochRecord.RequireOrder(History);
        }
    }

    public static JsonNode? Write(TrainingRun run) =>
        FileJson.ToNode(
            new Fields(
                run.DatasetName,
                run.TrainingImages,
                run.Options,
                run.Options.ValidationData?.Count,
                run.Status,
                run.Seconds,
                run.Precision,
                run.Threads,
                run.StartedAt,
                run.History
            )
        );

    /// <exception cref="JsonException">A field is missing or can't be.</exception>
    public static IReadOnlyList<TrainingRun> Read(JsonArray runs, Model model) =>
        runs.Select(node => Read(node, model)).ToArray();

    private static TrainingRun Read(JsonNode? node, Model model)
    {
        var fields = FileJson.Read<Fields>(node ?? throw new JsonException("A run is null."), "run", FileJson.Lenient);
        return new TrainingRun
        {
            Model = model,
            DatasetName = PrintableText.Of(fields.DatasetName),
            TrainingImages = fields.TrainingImages,
            Options = fields.Options,
            Status = fields.Status,
            Seconds = fields.Seconds,
            Precision = fields.Precision,
            Threads = fields.Threads,
            StartedAt = fields.StartedAt,
            History = fields.History,
        };
    }
}
