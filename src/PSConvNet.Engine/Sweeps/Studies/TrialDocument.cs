using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Sweeps;

/// <summary>A trial's record as it is in its file.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Replicate">0, or which repetition it is.</param>
/// <param name="State">How it stood when this was written.</param>
/// <param name="Parameters">What it is run with.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="PlannedEpochs">The epochs it is meant to have.</param>
/// <param name="Value">What it has come to.</param>
/// <param name="Seconds">What that took.</param>
/// <param name="ParameterCount">The parameters of its network.</param>
/// <param name="Machine">Where it was run.</param>
/// <param name="Turn">How often it was started.</param>
/// <param name="StartedAt">When it was begun.</param>
/// <param name="EndedAt">When it came to an end.</param>
/// <param name="ErrorId">The error it failed with.</param>
/// <param name="Reason">Why it failed or was stopped early.</param>
/// <param name="Model">Its model's file in the study's folder, where one was kept.</param>
/// <param name="History">Its epochs.</param>
internal sealed record TrialDocument(
    int Number,
    int Replicate,
    TrialState State,
    SweepPoint Parameters,
    [property: Signed] long Seed,
    double PlannedEpochs,
    double? Value,
    double Seconds,
    long? ParameterCount,
    string? Machine,
    int Turn,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? ErrorId,
    string? Reason,
    string? Model,
    IReadOnlyList<EpochRecord> History
) : IReadFromFile
{
    /// <summary>The record of a trial.</summary>
    public static TrialDocument Of(SweepTrial trial, StudyFolder folder) =>
        new(
            trial.Number,
            trial.Replicate,
            trial.State,
            trial.Parameters,
            trial.Seed,
            trial.PlannedEpochs,
            trial.Value,
            trial.Seconds,
            trial.ParameterCount,
            trial.Machine,
            trial.Turn,
            trial.StartedAt,
            trial.EndedAt,
            trial.ErrorId,
            trial.Reason,
            trial.GetModelPath() is { } model ? folder.Within(model) : null,
            trial.History
        );

    /// <summary>Its bytes, a checksum among them.</summary>
    public byte[] ToBytes() => JsonSum.ToBytes(FileJson.ToNode(this)!.AsObject());

    /// <summary>Reads a record, and holds it to what the study's trials can come to.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="id">The trial that the file is named after.</param>
    /// <param name="folder">The study's folder.</param>
    /// <param name="settings">What the study is about; null where nothing is known of that.</param>
    /// <exception cref="JsonException">It isn't that trial's record, or not as it was written.</exception>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>: its parameters are of another space.</exception>
    public static SweepTrial Read(byte[] bytes, TrialId id, StudyFolder folder, StudySettings? settings = null)
    {
        // A parameter may be called as what elsewhere says an object's kind, and the sum is that of the fields in their order.
        JsonObject json = FileJson.ParseAsWritten(bytes);
        JsonSum.Require(json);
        var read = FileJson.Read<TrialDocument>(json, "the record", FileJson.Lenient);
        if (new TrialId(read.Number, read.Replicate) is var inside && inside != id)
            throw new JsonException($"it is the record of trial {inside}");
        if (settings is not null)
        {
            settings.Space.Require(read.Parameters);
            read.RequireResult(settings);
        }
        return new SweepTrial
        {
            Id = id,
            State = read.State,
            Parameters = read.Parameters,
            Seed = read.Seed,
            PlannedEpochs = read.PlannedEpochs,
            Value = read.Value,
            Seconds = read.Seconds,
            ParameterCount = read.ParameterCount,
            Machine = read.Machine,
            Turn = read.Turn,
            StartedAt = read.StartedAt,
            EndedAt = read.EndedAt,
            ErrorId = read.ErrorId,
            Reason = read.Reason,
            Study = folder.Path,
            // Named by the trial, not by what the file says: a record must not lead out of the folder.
            ModelPath = read.Model is null ? null : folder.ModelOf(id),
            // An array, for PowerShell can index it.
            History = read.History.ToArray(),
        };
    }

    void IReadFromFile.Require()
    {
        if (Turn < 1)
            throw new JsonException("turns are counted from 1");
        if (PlannedEpochs is not (> 0 and <= int.MaxValue) || History.Count > Math.Ceiling(PlannedEpochs))
            throw new JsonException("the planned epochs are out of range, or fewer than its history has");
        if (!RunClock.IsDuration(Seconds))
            throw new JsonException(FormattableString.Invariant($"it can't have taken {Seconds} seconds"));
        EpochRecord.RequireOrder(History);
        if (State == TrialState.Completed && (Value is null || History.Count == 0))
            throw new JsonException("it is completed, and has no value or no epochs");
    }

    /// <summary>A value is that of one of its epochs: the last one, or the best.</summary>
    private void RequireResult(StudySettings settings)
    {
        if (History.Any(epoch => settings.ValueOf(epoch) is null))
            throw new JsonException("an epoch has no result on the validation images");
        if (Value is { } value && !History.Any(epoch => settings.ValueOf(epoch) == value))
            throw new JsonException(FormattableString.Invariant($"none of its epochs came to its value, {value}"));
    }
}
