using PSConvNet;

[assembly: SweepEngine(typeof(LocalEngine))]

namespace PSConvNet.Sweeps;

/// <summary>Workers as processes on this machine.</summary>
public sealed record LocalEngine : SweepEngine
{
    /// <summary>How many workers there are, from 1 to 1024; null for as many as have a core for each of their threads.</summary>
    public int? Parallel { get; init; }

    /// <inheritdoc />
    public override void Validate() => Require(Parallel is null or (>= 1 and <= 1024), Parallel, "1 to 1024");

    /// <inheritdoc />
    public override EngineStart Start(Study study, Func<WorkerCommand> worker) =>
        new LocalPool(worker(), Parallel ?? Math.Max(1, Environment.ProcessorCount / study.Settings.Training.Threads));
}
