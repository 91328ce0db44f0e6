namespace PSConvNet.Tests.Sweeps;

/// <summary>Workers that a disk holds up for minutes, or shows the past: what a shared file system does to them.</summary>
public sealed class StalledWorkerTests : IDisposable
{
    private static readonly TrialId s_first = new(0);

    private readonly SmallStudy _study = new();
    private readonly StalledDisk _disk = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Who_stood_still_while_a_record_was_written_writes_none()
    {
        var slow = Take(_disk);
        _disk.WhileWriting = OthersCompleteIt;
        Assert.Throws<ClaimLostException>(() => Write(slow));
        Assert.Equal((TrialState.Completed, 2), StateAndTurn);
        Assert.True(File.Exists(ClaimFile.DonePathOf(Place, s_first)));
    }

    [Fact]
    public void Who_stood_still_at_the_very_end_and_wrote_over_a_result_has_the_trial_done_again()
    {
        var slow = Take(_disk);
        _disk.BeforeName = OthersCompleteIt;
        Assert.Throws<ClaimLostException>(() => Write(slow));
        Assert.False(File.Exists(ClaimFile.DonePathOf(Place, s_first)));

        slow.Claim.Dispose();
        Assert.Equal(WorkerEnd.Done, _study.Work());
        Assert.All(_study.Study.ReadTrials(), trial => Assert.Equal(TrialState.Completed, trial.State));
        Assert.Equal((TrialState.Completed, 3), StateAndTurn);
    }

    [Fact]
    public void Who_takes_a_turn_goes_by_the_record_that_is_there_whatever_it_remembers()
    {
        var slow = Take(_disk);
        OthersCompleteIt();
        var worker = _study.Open();
        Assert.Equal(TrialState.Completed, worker.Files.Read(s_first)!.State);
        // As above, but for what this worker has read before.
        new TrialFiles(Place, isPrunedOver: true).Write(slow.Trial with { Turn = 2 });
        File.Delete(ClaimFile.DonePathOf(Place, s_first));

        var queue = new WorkQueue(worker);
        Assert.Equal(WorkState.Taken, queue.Take(out var work));
        using var claim = work!.Claim;
        Assert.Equal((s_first, 3, TrialState.Running), (work.Trial.Id, work.Trial.Turn, work.Trial.State));
    }

    [Fact]
    public void Who_is_shown_what_was_before_does_not_try_for_ever()
    {
        _disk.Listing = _ => [];
        foreach (var number in Enumerable.Range(0, 6))
            TrialClaim.TryTake(Place, new TrialId(number), 1)!.Dispose();
        Assert.Equal(WorkState.Wait, new WorkQueue(Open(_disk)).Take(out _));
    }

    [Fact]
    public void A_turn_that_others_have_is_none_even_where_their_file_is_not_seen()
    {
        _disk.IsForgetful = true;
        using var claim = TrialClaim.TryTake(Place, s_first, 1);
        Assert.Null(TrialClaim.TryTake(Open(_disk).Place, s_first, 1));
    }

    private StudyFolder Place => _study.Study.Place;

    private (TrialState State, int Turn) StateAndTurn
    {
        get
        {
            var trial = _study.Open().Files.Read(s_first)!;
            return (trial.State, trial.Turn);
        }
    }

    private Study Open(StudyDisk disk) =>
        Study.Open(Place with { Host = WorkerHost.This with { Disk = disk } }, _ => _ => true);

    private TrialWork Take(StudyDisk disk)
    {
        Assert.Equal(WorkState.Taken, new WorkQueue(Open(disk)).Take(out var work));
        Assert.Equal(s_first, work!.Trial.Id);
        return work;
    }

    private void Write(TrialWork work)
    {
        using (work.Claim)
            Open(_disk).Files.Write(work.Trial);
    }

    private void OthersCompleteIt()
    {
        (_disk.WhileWriting, _disk.BeforeName) = (null, null);
        var study = _study.Open();
        using var claim = TrialClaim.TryTake(Place, s_first, 2)!;
        var trial = study.Files.Read(s_first)!;
        study.Files.Write(
            trial with
            {
                State = TrialState.Completed,
                Turn = 2,
                Value = 0.5,
                History = [new EpochRecord(1, 1, 0.5, 1, 0.5, 0.001, 1, 1)],
            }
        );
        ClaimFile.MarkDone(Place, s_first);
        claim.Leave();
    }
}
