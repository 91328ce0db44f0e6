using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PSConvNet.Benchmarks.Crashes;

/// <summary>
/// Trains networks in processes of their own, kills them without warning at random moments, resumes them, and compares what comes of it
/// with trainings nobody disturbed. The tests do the same with a small network; docs/reliability.md has the last result.
/// </summary>
internal static class CrashRun
{
    private const string Verb = "crash-child";
    private const int Trainings = 5;
    private const int KillsEach = 20;

    /// <summary>Whether these are a child's arguments; if so trains, and prints the hash of what it came to.</summary>
    public static bool TryRun(string[] args)
    {
        if (args is not [Verb, var training, var folder])
            return false;
        Console.WriteLine(Train(int.Parse(training, CultureInfo.InvariantCulture), folder));
        return true;
    }

    /// <summary>Runs it all.</summary>
    /// <returns>0 where nothing was lost and every hash is as it should be, else 1.</returns>
    public static int Print()
    {
        var root = Directory.CreateTempSubdirectory("psconvnet-crashes-").FullName;
        var (kills, lost, different, writing) = (0, 0, 0, 0);
        var clock = Stopwatch.StartNew();
        for (var training = 0; training < Trainings; training++)
        {
            var expected = Finish(training, Path.Combine(root, $"{training}-undisturbed"));
            var seconds = expected.Seconds;
            var folder = Path.Combine(root, $"{training}-killed");
            var random = new Random(training);
            var killed = 0;
            // From before libtorch is loaded to the third part of a whole run later, so that it comes forward between the kills.
            for (var kill = 0; kill < KillsEach; kill++)
            {
                using var process = Start(training, folder);
                if (process.WaitForExit(random.Next(200, (int)(1000 * seconds / 3))))
                    continue;
                process.Kill();
                process.WaitForExit();
                killed++;
                if (Directory.Exists(folder) && Directory.GetFiles(folder, "*.part").Length > 0)
                    writing++;
            }
            var found = Finish(training, folder);
            kills += killed;
            lost += found.Hash is null ? 1 : 0;
            different += found.Hash is not null && found.Hash != expected.Hash ? 1 : 0;
            Console.WriteLine(
                $"training {training + 1}: {seconds:F1} s undisturbed, killed {killed} times, then {found.Hash?[..16] ?? "lost"}; wanted {expected.Hash?[..16]}"
            );
        }
        Directory.Delete(root, recursive: true);
        Console.WriteLine();
        Console.WriteLine(
            $"{kills} kills ({writing} of them while a file was being written) in {clock.Elapsed.TotalMinutes:F1} minutes; lost runs: {lost}; differing hashes: {different}"
        );
        return lost + different == 0 ? 0 : 1;
    }

    /// <summary>Begins a training or goes on with it; weights and history as a hash.</summary>
    private static string Train(int training, string folder)
    {
        var data = Digits.Load().Take(6000);
        var options = Options(training);
        var checkpoints = new CheckpointOptions(folder)
        {
            // As often as a disk can bear: half of the time a kill meets a file that is being written.
            Every = CheckpointInterval.OfTime(TimeSpan.FromSeconds(0.2)),
        };
        var trainer =
            Directory.Exists(folder) && Directory.GetFiles(folder, "step-*.psconvnet").Length > 0
                ? new Trainer(Checkpoint.Newest(folder), data, null) { Checkpoints = checkpoints }
                : new Trainer(Network(training), data, options) { Checkpoints = checkpoints };
        var run = trainer.Run();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in run.Model.ParameterNames)
            hash.AppendData(MemoryMarshal.AsBytes(run.Model.GetParameter(name).AsSpan()));
        foreach (var epoch in run.History)
        {
            double[] numbers = [epoch.Loss, epoch.Accuracy, epoch.ValidationLoss ?? 0, epoch.LearningRate];
            hash.AppendData(MemoryMarshal.AsBytes(numbers.AsSpan()));
        }
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    private static Model Network(int training) => training % 2 == 0 ? Networks.TutorialConv() : Networks.DeepConv();

    private static TrainingOptions Options(int training) =>
        training switch
        {
            0 => new() { Epochs = 6 },
            1 => new()
            {
                Epochs = 3,
                Optimizer = new SgdOptimizer { LearningRate = 0.02, Momentum = 0.9 },
                Schedule = new OneCycleSchedule(),
            },
            2 => new()
            {
                Epochs = 6.5,
                AverageDecay = 0.99,
                LabelSmoothing = 0.1,
            },
            3 => new()
            {
                Epochs = 3,
                ValidationSplit = 0.1,
                RestoreBest = true,
                Schedule = new ReduceOnPlateauSchedule { Patience = 0 },
            },
            _ => new()
            {
                Epochs = 4,
                Precision = Precision.Float32,
                Optimizer = new AdamWOptimizer(),
            },
        };

    private static (string? Hash, double Seconds) Finish(int training, string folder)
    {
        var clock = Stopwatch.StartNew();
        using var process = Start(training, folder);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0 ? output.Trim() : null, clock.Elapsed.TotalSeconds);
    }

    private static Process Start(int training, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb, $"{training}", folder])
        {
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
