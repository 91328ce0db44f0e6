using System.Diagnostics;

namespace PSConvNet.Benchmarks;

/// <summary>What is measured, by name, each in a process of its own that prints one number.</summary>
internal static class Peers
{
    public const string Plain = "plain TorchSharp loop, fp32";
    public const string OursAuto = "PSConvNet, Auto";
    public const string OursFloat32 = "PSConvNet, Float32";
    public const string EvaluationAuto = "evaluation, Auto";
    public const string Import = "importing cached digits";

    public static int Measure(string name, double seconds)
    {
        var value = name switch
        {
            Plain => PlainLoop.ImagesPerSecond(Digits.Load(), seconds),
            OursAuto => Training(Precision.Auto, seconds),
            OursFloat32 => Training(Precision.Float32, seconds),
            EvaluationAuto => Evaluation(),
            Import => ImportSeconds(),
            _ => throw new ArgumentException($"There is no measurement '{name}'."),
        };
        Console.WriteLine(FormattableString.Invariant($"{value:R}"));
        return 0;
    }

    /// <summary>Training images a second through the engine, over the given time after a warm-up.</summary>
    private static double Training(Precision precision, double seconds)
    {
        using var observer = new Stopper(warmUp: 5, seconds);
        var options = new TrainingOptions { Epochs = int.MaxValue, Precision = precision };
        new Trainer(Digits.TutorialConv(), Digits.Load(), options, observer).Run(observer.Token);
        return observer.ImagesPerSecond;
    }

    /// <summary>Seconds to measure 10,000 test images, sessions and all; the median of five.</summary>
    private static double Evaluation()
    {
        var (model, data) = (Digits.TutorialConv(), Digits.Load());
        return Median(5, () => Evaluator.Measure(model, data.Test, data.ClassNames));
    }

    private static double ImportSeconds() => Median(5, () => Digits.Load());

    private static double Median(int runs, Action action)
    {
        action();
        var times = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.StartNew();
            action();
            times.Add(clock.Elapsed.TotalSeconds);
        }
        times.Sort();
        return times[runs / 2];
    }

    /// <summary>Ends a training after so many seconds, and knows how fast it was.</summary>
    private sealed class Stopper(int warmUp, double seconds) : ITrainingObserver, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Stopwatch _clock = new();
        private int _batches;

        public CancellationToken Token => _stop.Token;

        public double ImagesPerSecond { get; private set; }

        public void OnBatch(in BatchProgress progress)
        {
            if (++_batches == warmUp)
                _clock.Start();
            if (_clock.Elapsed.TotalSeconds < seconds)
                return;
            ImagesPerSecond = (_batches - warmUp) * 128 / _clock.Elapsed.TotalSeconds;
            _stop.Cancel();
        }

        public void Dispose() => _stop.Dispose();

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
