namespace PSConvNet.Benchmarks.Measurements;

/// <summary>By how much a training's resident memory grows over ten thousand batches, once it has warmed up.</summary>
internal sealed class MemoryGrowth() : Measurement("memory growth")
{
    private const int Batches = 10_000;

    public static MemoryGrowth Instance { get; } = new();

    /// <summary>Growth, in percent of the resident memory after the warm-up.</summary>
    public Quantity Growth { get; } = new("growth over 10,000 batches", "%");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Growth];

    /// <inheritdoc />
    public override bool IsTimed => false;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        using var observer = new Observer(warmUp: effort.Quick ? 6000 : 1500);
        var model = effort.Quick ? Networks.Small() : Networks.TutorialConv();
        var options = new TrainingOptions
        {
            Epochs = int.MaxValue,
            BatchSize = effort.Quick ? 8 : 128,
            Threads = Environment.ProcessorCount,
        };
        // Until the JIT has compiled everything for the last time and an epoch has ended; of small batches that takes more.
        // 469 batches an epoch either way: the end of an epoch takes memory of its own, and belongs to the warm-up.
        var data = Digits.Load().Take(effort.Quick ? 3752 : 60_000);
        new Trainer(model, data, options, observer).Run(observer.Token);
        var (before, after) = (observer.Before, observer.After);
        return new Outcome(
            [100.0 * (after - before) / before],
            FormattableString.Invariant(
                $"from {before / 1e6:N1} to {after / 1e6:N1} MB; {(effort.Quick ? "a small network" : "the tutorial's network")}, batch {options.BatchSize}"
            )
        );
    }

    private sealed class Observer(int warmUp) : ITrainingObserver, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private int _batches;

        public long Before { get; private set; }

        public long After { get; private set; }

        public CancellationToken Token => _stop.Token;

        public void OnBatch(in BatchProgress progress)
        {
            _batches++;
            if (_batches == warmUp)
            {
                Before = Resident();
            }
            else if (_batches == warmUp + Batches)
            {
                After = Resident();
                _stop.Cancel();
            }
        }

        public void Dispose() => _stop.Dispose();

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }

        // Without what is only waiting for its collection, whose amount depends on the moment.
        private static long Resident()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return Environment.WorkingSet;
        }
    }
}
