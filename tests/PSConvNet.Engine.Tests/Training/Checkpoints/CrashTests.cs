using System.Diagnostics;
using System.Globalization;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training.Checkpoints;

/// <summary>
/// A training in a process of its own that is killed without warning, again and again, also while it writes. The benchmark
/// <c>crashes</c> does the same at full size.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 5;
    private const int Epochs = 8;
    private const int BatchSize = 20;
    private const int Images = 1000;
    private const double ValidationSplit = 0.2;

    /// <summary>The batches of the whole training.</summary>
    private const int Steps = (int)(Epochs * Images * (1 - ValidationSplit) / BatchSize);

    private readonly TemporaryFolder _folder = new();

    /// <summary>The program's verb.</summary>
    public const string Verb = "crash";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_killed_at_five_random_moments_comes_to_the_same_bits()
    {
        var expected = Train(_folder.File("undisturbed"));
        var folder = _folder.File("killed");
        var random = new Random(20261124);
        var ends = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start(folder);
            // It writes after each batch, so most kills come while it writes. The step it has come to says when, not a clock, for machines
            // differ. The first kill comes before it has come anywhere.
            var early = kill == 0;
            var until = early ? -1 : Steps * (kill + 1) / (Kills + 1);
            while (!process.HasExited && StepIn(folder) < until)
                Thread.Sleep(2);
            if (process.WaitForExit(random.Next(early ? 300 : 5)))
                ends++;
            process.Kill();
            process.WaitForExit();
            _ = process.StandardOutput.ReadToEnd();
        }

        using var last = Start(folder);
        var output = last.StandardOutput.ReadToEnd();
        last.WaitForExit();

        Assert.True(last.ExitCode == 0, output);
        Assert.True(ends < Kills / 2, $"{ends} of {Kills} trainings ended before they were killed");
        Assert.Equal(expected, output.Trim());
    }

    /// <summary>Begins, or goes on; gives the hash of weights and history.</summary>
    public static string Train(string folder)
    {
        var options = new TrainingOptions
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            Schedule = new CosineSchedule(),
            ValidationSplit = ValidationSplit,
            RestoreBest = true,
        };
        var data = Networks.Bars(train: Images);
        var checkpoints = new CheckpointOptions(folder) { Every = CheckpointInterval.OfTime(TimeSpan.FromTicks(1)) };
        var trainer =
            Directory.Exists(folder) && Directory.GetFiles(folder, "step-*.psconvnet").Length > 0
                ? new Trainer(Checkpoint.Newest(folder), data, null) { Checkpoints = checkpoints }
                : new Trainer(new Model(Networks.SmallOfEverything, new Shape(8, 8, 1)), data, options)
                {
                    Checkpoints = checkpoints,
                };
        var run = trainer.Run();
        var hash = new HashCode64();
        foreach (var value in run.Model.Store.Values)
            hash.Add(BitConverter.SingleToInt32Bits(value));
        foreach (var epoch in run.History)
        {
            hash.Add(BitConverter.DoubleToInt64Bits(epoch.Loss));
            hash.Add(BitConverter.DoubleToInt64Bits(epoch.ValidationLoss!.Value));
            hash.Add(BitConverter.DoubleToInt64Bits(epoch.LearningRate));
        }
        return $"{run.History.Count} epochs, {hash}";
    }

    /// <summary>How far a training has come; -1 where it has written nothing yet.</summary>
    private static int StepIn(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .GetFiles(folder, "step-*.psconvnet")
                .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)[5..], CultureInfo.InvariantCulture))
                .Append(-1)
                .Max()
            : -1;

    private static Process Start(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", typeof(CrashTests).Assembly.Location, Verb, folder])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>FNV-1a: the same in every process, as <see cref="HashCode"/> is not.</summary>
    private sealed class HashCode64
    {
        private ulong _value = 0xcbf29ce484222325;

        public void Add(long value)
        {
            for (var i = 0; i < 64; i += 8)
                _value = (_value ^ (byte)(value >> i)) * 0x100000001b3;
        }

        public override string ToString() => $"{_value:x16}";
    }
}
