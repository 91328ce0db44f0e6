using PSConvNet.Tests.Drawing;

namespace PSConvNet.Tests.TensorBoard;

/// <summary>What a sweep writes for TensorBoard, read by the format alone.</summary>
public sealed class StudyLogTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("psconvnet-tensorboard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Each_trial_has_a_folder_with_its_numbers_what_it_was_run_with_and_how_it_ended()
    {
        var log = new StudyLog(_root, "units");

        log.Update([
            Trial(0, epochs: 0),
            Trial(1, epochs: 2),
            Trial(2, epochs: 3, TrialState.Completed),
            Trial(3, 1, TrialState.Failed),
        ]);

        Assert.Equal(
            ["00001", "00002", "00003"],
            Directory.GetDirectories(Path.Combine(_root, "units")).Select(Path.GetFileName).Order()
        );
        var events = Read("00002");
        Assert.Equal(
            [1, 2, 3],
            events.Where(read => read.Values.ContainsKey("loss/training")).Select(read => read.Step)
        );
        // Points plotted by time lie where the work was done, not where it was written.
        Assert.Equal(
            [1, 2, 3],
            events.Where(read => read.Values.ContainsKey("loss/training")).Select(read => read.WallTime)
        );
        Assert.Equal(1f / 3, events.Single(read => read.Step == 3).Scalar("loss/training"));

        var start = Content(events, "_hparams_/session_start_info").Messages(3).Single();
        var parameters = start.Messages(1).ToDictionary(entry => entry.Text(1)!, entry => entry.Messages(2).Single());
        Assert.Equal(0.01, parameters["LearningRate"].Double(2));
        Assert.Equal(64, parameters["Units"].Double(2));
        Assert.Equal("GELU", parameters["Activation"].Text(3));
        Assert.Equal(1, parameters["Wide"].Integer(4));
        Assert.Equal("00002", start.Text(4));
        Assert.Equal(1, Content(events, "_hparams_/session_end_info").Messages(4).Single().Integer(1));
        Assert.Equal(2, Content(Read("00003"), "_hparams_/session_end_info").Messages(4).Single().Integer(1));
        Assert.DoesNotContain(Read("00001"), read => read.Values.ContainsKey("_hparams_/session_end_info"));
    }

    [Fact]
    public void What_is_new_is_added_and_nothing_twice()
    {
        var log = new StudyLog(_root, "units");
        log.Update([Trial(1, 1)]);
        log.Update([Trial(1, 1)]);
        log.Update([Trial(1, 3)]);
        log.Update([Trial(1, 4, TrialState.Pruned)]);
        log.Update([Trial(1, 4, TrialState.Pruned)]);
        // Asha goes on with it.
        log.Update([Trial(1, 5, TrialState.Completed) with { Turn = 2 }]);

        Assert.Single(Directory.GetFiles(Path.Combine(_root, "units", "00001"), "*tfevents*"));
        Assert.Equal([1, 2, 3, 4, 5], Epochs("00001"));
        Assert.Equal(2, Read("00001").Count(read => read.Values.ContainsKey("_hparams_/session_end_info")));
    }

    [Fact]
    public void Who_goes_on_with_a_study_writes_it_anew_and_has_what_was_there_forgotten()
    {
        new StudyLog(_root, "units").Update([Trial(1, 2)]);
        new StudyLog(_root, "units").Update([Trial(1, 3)]);

        Assert.Equal(2, Directory.GetFiles(Path.Combine(_root, "units", "00001"), "*tfevents*").Length);
        Assert.Equal([1, 2, 3], Epochs("00001"));
    }

    [Fact]
    public void Repetitions_are_in_the_group_of_what_they_repeat()
    {
        new StudyLog(_root, "units").Update([Trial(7, 1) with { Id = new TrialId(7, 2) }]);

        Assert.Equal("00007", Content(Read("00007-2"), "_hparams_/session_start_info").Messages(3).Single().Text(4));
    }

    [Fact]
    public void A_disk_that_refuses_is_told_once_and_stops_nothing()
    {
        File.WriteAllText(Path.Combine(_root, "units"), "");
        var told = new List<string>();
        var log = new StudyLog(_root, "units", told.Add);

        log.Update([Trial(1, 1)]);
        log.Update([Trial(1, 2)]);

        Assert.EndsWith("The sweep continues without it.", Assert.Single(told), StringComparison.Ordinal);
    }

    private List<ReadEvent> Read(string trial) => EventReader.ReadRun(Path.Combine(_root, "units", trial));

    private long[] Epochs(string trial) =>
        [.. Read(trial).Where(read => read.Values.ContainsKey("loss/training")).Select(read => read.Step)];

    /// <summary>The content for the page HPARAMS: in a value's metadata, that of its plugin.</summary>
    private static Fields Content(List<ReadEvent> events, string tag)
    {
        var plugin = events
            .Last(read => read.Values.ContainsKey(tag))
            .Values[tag]
            .Messages(9)
            .Single()
            .Messages(1)
            .Single();
        Assert.Equal("hparams", plugin.Text(1));
        return Fields.Of(plugin.Bytes(2));
    }

    private static SweepTrial Trial(int number, int epochs, TrialState state = TrialState.Running) =>
        new()
        {
            Id = new TrialId(number),
            State = state,
            Parameters = new SweepPoint([
                new("LearningRate", 0.01),
                new("Units", 64L),
                new("Activation", "GELU"),
                new("Wide", true),
            ]),
            Seed = 1,
            PlannedEpochs = 5,
            // Its epochs take a second each.
            History = DrawnSamples.Run("run", epochs).History,
            StartedAt = DateTimeOffset.UnixEpoch,
            EndedAt = state == TrialState.Running ? null : DateTimeOffset.UnixEpoch.AddSeconds(epochs),
        };
}
