using System.Diagnostics;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>Training images a second through the engine, over some seconds after a warm-up.</summary>
internal sealed class EngineTraining(string name, Func<Model> network, Precision precision) : Measurement(name)
{
    /// <summary>The tutorial's network as anyone gets it.</summary>
    public static EngineTraining Auto { get; } = new("PSConvNet, Auto", Networks.TutorialConv, Precision.Auto);

    /// <summary>The same in fp32.</summary>
    public static EngineTraining Float32 { get; } = new("PSConvNet, Float32", Networks.TutorialConv, Precision.Float32);

    /// <summary>The deeper network.</summary>
    public static EngineTraining Deep { get; } = new("PSConvNet, DeepConv, Auto", Networks.DeepConv, Precision.Auto);

    /// <summary>The same in fp32.</summary>
    public static EngineTraining DeepFloat32 { get; } =
        new("PSConvNet, DeepConv, Float32", Networks.DeepConv, Precision.Float32);

    /// <summary>The tutorial's network as anyone gets it whose processor has AVX2 only.</summary>
    public static EngineTraining Avx2 { get; } =
        new("PSConvNet, AVX2 only, Auto", Networks.TutorialConv, Precision.Auto) { Variables = Avx2Only };

    /// <summary>How fast it trains.</summary>
    public Quantity Rate { get; } = new(name, "images/s");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Rate];

    /// <inheritdoc />
    public override int Rounds(bool quick) => this == Auto && quick ? 2 : base.Rounds(quick);

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        using var observer = new Stopper(effort);
        var options = new TrainingOptions { Epochs = int.MaxValue, Precision = precision };
        new Trainer(network(), Digits.Load(), options, observer).Run(observer.Token);
        return Outcome.Of(observer.BatchesPerSecond * options.BatchSize);
    }

    /// <summary>Ends a training after so many seconds, and knows how fast it was.</summary>
    private sealed class Stopper(Effort effort) : ITrainingObserver, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private int _batches;
        private bool _warm;

        public CancellationToken Token => _stop.Token;

        public double BatchesPerSecond { get; private set; }

        public void OnBatch(in BatchProgress progress)
        {
            _batches++;
            var seconds = _clock.Elapsed.TotalSeconds;
            if (!_warm && seconds >= effort.JitWarmUp)
            {
                _warm = true;
                _batches = 0;
                _clock.Restart();
            }
            else if (_warm && seconds >= effort.Seconds)
            {
                BatchesPerSecond = _batches / seconds;
                _stop.Cancel();
            }
        }

        public void Dispose() => _stop.Dispose();

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
