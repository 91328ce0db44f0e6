using System.Diagnostics;

namespace PSConvNet.Benchmarks.Sweeps;

/// <summary>A sweep of 100 trials whose workers are killed at ten random moments, and which is itself killed twice and gone on with.</summary>
internal static class SweepCrashes
{
    private const int Kills = 10;

    /// <summary>Runs it; true where nothing was lost, nothing doubled, and the table is that of an undisturbed sweep.</summary>
    public static bool Print(string root)
    {
        var quiet = Path.Combine(root, "undisturbed");
        var clock = Stopwatch.StartNew();
        using (var process = SweepShell.Start(quiet, "Random", 2, 1))
            process.WaitForExit();
        var undisturbed = clock.Elapsed.TotalSeconds;
        var study = Path.Combine(root, "killed");
        var random = new Random(1);
        var (killed, sweeps) = (0, 0);
        var sweep = SweepShell.Start(study, "Random", 2, 1);
        while (killed < Kills)
        {
            Thread.Sleep(random.Next(500, (int)(1000 * undisturbed / Kills * 1.6)));
            if (sweep.HasExited)
                break;
            var workers = SweepShell.Workers(study);
            if (workers.Count == 0)
                continue;
            workers[random.Next(workers.Count)].Kill();
            killed++;
            if (killed is 4 or 8)
            {
                sweep.Kill();
                sweep.WaitForExit();
                sweep.Dispose();
                sweeps++;
                var since = Stopwatch.StartNew();
                while (SweepShell.Workers(study).Count > 0 && since.Elapsed.TotalSeconds < 30)
                    Thread.Sleep(50);
                Console.WriteLine(
                    $"the sweep killed: its workers were gone after {since.Elapsed.TotalSeconds:F1} s, {SweepShell.Workers(study).Count} left behind"
                );
                sweep = SweepShell.Start(study, "Random", 2, 1);
            }
        }
        sweep.WaitForExit();
        sweep.Dispose();
        var (expected, found) = (SweepShell.Table(quiet), SweepShell.Table(study));
        var trials = Study.Open(study).ReadTrials();
        var lost = 100 - trials.Count(trial => trial.State == TrialState.Completed);
        // A turn that came to its end says so in its claim; a killed one can't.
        var place = Study.Open(study).Place;
        var doubled = trials.Count(trial =>
            Enumerable
                .Range(1, trial.Turn)
                .Count(turn => ClaimFile.Read(ClaimFile.PathOf(place, trial.Id, turn)) is { Left: true, Completed: 1 })
            > 1
        );
        var again = trials.Count(trial => trial.Turn > 1);
        Console.WriteLine(
            $"100 trials, {undisturbed:F0} s undisturbed: {killed} workers killed, the sweep killed {sweeps} times; {again} trials taken up again, {lost} lost, {doubled} doubled, {SweepShell.Workers(study).Count} processes left; the table is {(expected.SequenceEqual(found) ? "the same" : "ANOTHER")}"
        );
        return killed == Kills && sweeps == 2 && lost == 0 && doubled == 0 && expected.SequenceEqual(found);
    }
}
