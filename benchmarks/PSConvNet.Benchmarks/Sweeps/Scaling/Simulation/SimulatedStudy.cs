using System.Diagnostics;

namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>What is simulated.</summary>
internal sealed record SimulationPlan
{
    public int Workers { get; init; } = 500;

    public int Trials { get; init; } = 10_000;

    public int Epochs { get; init; } = 3;

    /// <summary>How long a trial takes on average; trials differ by half of it either way.</summary>
    public TimeSpan TrialTime { get; init; } = TimeSpan.FromSeconds(60);

    public SweepSampler Sampler { get; init; } = SweepSampler.Random;

    public PrunerSpec Pruner { get; init; } = PrunerSpec.None;

    /// <summary>How long a client believes what it saw of a folder; on NFS up to a minute.</summary>
    public TimeSpan Staleness { get; init; }

    /// <summary>How many of the workers die or stand still in the time of a trial.</summary>
    public double FaultShare { get; init; }

    /// <summary>
    /// Whether some befall a worker between its last look whether a trial is still its own and the name of the record, where no care helps
    /// wholly: the next operation of the disk.
    /// </summary>
    public bool FaultsBeforeNames { get; init; }

    public int Seed { get; init; } = 1;
}

/// <summary>Any number of workers on one study, in virtual time.</summary>
internal sealed class SimulatedStudy
{
    private static readonly DiskOperation[] s_faulty =
    [
        DiskOperation.List,
        DiskOperation.Exists,
        DiskOperation.ReadClaim,
        DiskOperation.ReadRecord,
        DiskOperation.Create,
        DiskOperation.Beat,
        DiskOperation.Replace,
        DiskOperation.Mark,
    ];

    private readonly SimulationPlan _plan;
    private readonly string _folder;
    private readonly Random _random;
    private readonly Model _model;
    private readonly Dictionary<TrialId, double> _deaths = [];
    private readonly Dictionary<TrialId, int> _completed = [];
    private readonly List<SimulatedWorker> _workers = [];
    private int _started;

    public SimulatedStudy(string folder, SimulationPlan plan)
    {
        (_folder, _plan, _random) = (folder, plan, new Random(plan.Seed));
        var shape = new Shape(2, 2, 1);
        var images = new ImageSet("Train", new byte[4 * shape.Size], [0, 1, 0, 1], shape);
        var data = new Dataset("None", images, images, ["zero", "one"], "made by the simulation");
        _model = new Model([new FlattenLayer(), new DenseLayer(2) { Activation = Activation.Softmax }], shape);
        Study.Create(folder, Settings, data, images);
    }

    /// <summary>Whether clients believe what they saw before.</summary>
    public bool HasMemory => _plan.Staleness > TimeSpan.Zero;

    public VirtualClock Clock { get; } = new();

    public DiskCounts Counts { get; } = new();

    /// <summary>Takes that found something, and those that did not.</summary>
    public int Takes { get; private set; }

    public int VainLooks { get; private set; }

    /// <summary>Real time of the last take.</summary>
    public TimeSpan LastTake { get; private set; }

    /// <summary>What workers ended with that should not have.</summary>
    public List<Exception> Errors { get; } = [];

    public int Deaths { get; private set; }

    public int Pauses { get; private set; }

    /// <summary>Turns that were dropped because others had taken the trial up.</summary>
    public int Drops { get; private set; }

    /// <summary>Seconds from a death to the next turn at its trial.</summary>
    public List<double> TakenUpAfter { get; } = [];

    /// <summary>Trials that were trained to the end more than once.</summary>
    public int Doubled => _completed.Values.Count(times => times > 1);

    public StudySettings Settings =>
        new()
        {
            Space = new SweepSpace([
                new LogUniformParameter("LearningRate", 1e-5, 1e-1),
                new UniformParameter("Dropout", 0, 0.9),
                new IntegerParameter("Units", 16, 512),
                new ChoiceParameter("Width", [8, 16, 32, 64]),
            ]),
            Script = "made by the simulation",
            Training = new TrainingOptions { Epochs = _plan.Epochs, Threads = 1 },
            Trials = _plan.Trials,
            Sampler = _plan.Sampler,
            Pruner = _plan.Pruner,
            // Deaths are many here, and no fault of a trial.
            Retry = 1000,
        };

    /// <summary>An epoch of a trial: the same whoever runs it.</summary>
    public static EpochRecord Epoch(int trial, int epoch)
    {
        var value = new Random((trial * 1000) + epoch).NextDouble();
        return new(epoch, value, value, value, value, 0.001, 1, 1000);
    }

    /// <summary>What there was until a worker first found nothing to take, and when that was.</summary>
    public DiskCounts? WhileBusy { get; private set; }

    public double BusySeconds { get; private set; }

    /// <summary>The turns that were taken until then.</summary>
    public int BusyTakes { get; private set; }

    /// <summary>Runs until all workers have nothing left to do, or something holds.</summary>
    public void Run(Func<bool>? until = null)
    {
        for (var i = 0; i < _plan.Workers && _started < _plan.Workers; i++)
            Start();
        if (_plan.FaultShare > 0 && Clock.Now == 0)
            Clock.After(UntilFault(), Befall);
        Clock.RunUntil(() => until?.Invoke() == true || _workers.All(worker => worker.IsDone || worker.Process.IsDead));
    }

    public Study Open(WorkerHost host) => Study.Open(new StudyFolder(_folder) { Host = host }, _ => _ => true);

    public (WorkState State, TrialWork? Work) Time(Func<(WorkState State, TrialWork? Work)> take)
    {
        var since = Stopwatch.GetTimestamp();
        var taken = take();
        LastTake = Stopwatch.GetElapsedTime(since);
        return taken;
    }

    public void Taken(SweepTrial trial)
    {
        Takes++;
        if (_deaths.Remove(trial.Id, out var died))
            TakenUpAfter.Add(Clock.Seconds - died);
    }

    public void FoundNothing()
    {
        VainLooks++;
        if (WhileBusy is not null)
            return;
        WhileBusy = Counts.Copy();
        (BusySeconds, BusyTakes) = (Clock.Seconds, Takes);
    }

    public void Dropped() => Drops++;

    public void Completed(TrialId id) => _completed[id] = _completed.GetValueOrDefault(id) + 1;

    public void Died(SimulatedWorker worker)
    {
        if (worker.Process.Error is { } error)
            Errors.Add(error);
        Deaths++;
        if (worker.Trial is { } trial)
            _deaths[trial] = Clock.Seconds;
        Clock.After(TimeSpan.FromSeconds(30 + (60 * _random.NextDouble())), Start);
    }

    public TimeSpan EpochOf(SweepTrial trial) =>
        _plan.TrialTime / _plan.Epochs * (0.5 + new Random(trial.Number).NextDouble());

    public TrainingRun Run(SweepTrial trial, int epochs) =>
        new()
        {
            Model = _model,
            DatasetName = "None",
            TrainingImages = 4,
            Options = Settings.Training,
            History = [.. Enumerable.Range(1, epochs).Select(epoch => Epoch(trial.Number, epoch))],
            Status = epochs < trial.PlannedEpochs ? TrainingStatus.Stopped : TrainingStatus.Completed,
            Seconds = 1,
            Precision = Precision.Float32,
            Threads = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
        };

    private void Start()
    {
        var process = new SimulatedProcess(Clock, _started++, Counts, _plan.Staleness);
        _workers.RemoveAll(worker => worker.Process.IsDead);
        _workers.Add(new SimulatedWorker(this, process));
    }

    private DiskOperation Faulty() =>
        _plan.FaultsBeforeNames && _random.Next(s_faulty.Length + 1) == 0
            ? DiskOperation.Rename
            : s_faulty[_random.Next(s_faulty.Length)];

    private TimeSpan UntilFault() =>
        _plan.TrialTime / (_plan.Workers * _plan.FaultShare) * -Math.Log(1 - _random.NextDouble());

    // Every other one dies; the others stand still for one to four times as long as others are patient.
    private void Befall()
    {
        var process = _workers[_random.Next(_workers.Count)].Process;
        var pause = WorkerLife.Patience * (1 + (3 * _random.NextDouble()));
        var dies = _random.Next(2) == 0;
        if (process is { IsDead: false, Fault: null })
        {
            Pauses += dies ? 0 : 1;
            process.Fault = new ProcessFault(Faulty(), dies ? null : pause);
        }
        Clock.After(UntilFault(), Befall);
    }
}
