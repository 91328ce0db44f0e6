namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>
/// A worker process as it works on a study, in virtual time: it takes its turns from the real queue and has the real turn record its epochs;
/// what is left out is the training.
/// </summary>
internal sealed class SimulatedWorker
{
    private readonly SimulatedStudy _all;
    private readonly SimulatedProcess _process;
    private readonly WorkQueue _queue;
    private readonly Study _study;

    /// <summary>Starts it.</summary>
    public SimulatedWorker(SimulatedStudy all, SimulatedProcess process)
    {
        (_all, _process) = (all, process);
        _study = all.Open(process.Host);
        _queue = new WorkQueue(_study, random: new Random(process.Number));
        // What a client with a memory remembers is as old as its worker: all that begin at once see a folder without claims.
        if (all.HasMemory)
            process.Disk.List(_study.Place.Claims);
        process.Died = () => all.Died(this);
        process.After(TimeSpan.Zero, Look);
    }

    public SimulatedProcess Process => _process;

    /// <summary>The trial it has now, or had when it died.</summary>
    public TrialId? Trial { get; private set; }

    /// <summary>Whether nothing is left for it to do.</summary>
    public bool IsDone { get; private set; }

    private void Look()
    {
        Trial = null;
        switch (_all.Time(() => (_queue.Take(out var work), work)))
        {
            case (WorkState.Taken, { } work):
                Trial = work.Trial.Id;
                _all.Taken(work.Trial);
                var turn = new TrialTurn(_study, work, told: null, CancellationToken.None);
                Next(turn, work, work.Trial.Epochs + 1);
                break;
            case (WorkState.Wait, _):
                _all.FoundNothing();
                _process.After(_queue.Pause, Look);
                break;
            default:
                IsDone = true;
                break;
        }
    }

    private void Next(TrialTurn turn, TrialWork work, int epoch) =>
        _process.After(
            _all.EpochOf(work.Trial),
            () =>
            {
                try
                {
                    if (!Epoch(turn, work, epoch))
                    {
                        Next(turn, work, epoch + 1);
                        return;
                    }
                }
                catch (ClaimLostException)
                {
                    _all.Dropped();
                }
                turn.Dispose();
                Look();
            }
        );

    /// <summary>Whether the turn is over with it.</summary>
    private bool Epoch(TrialTurn turn, TrialWork work, int epoch)
    {
        work.Claim.Progress(epoch / work.Trial.PlannedEpochs, epoch);
        turn.OnEpoch(SimulatedStudy.Epoch(work.Trial.Number, epoch));
        if (!turn.Stopping.IsCancellationRequested && epoch < work.Trial.PlannedEpochs)
            return false;
        if (turn.End(_all.Run(work.Trial, epoch)).State == TrialState.Completed)
            _all.Completed(work.Trial.Id);
        return true;
    }
}
