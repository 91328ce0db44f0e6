namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>10,000 trials on 500 nodes, simulated.</summary>
internal static class SweepScale
{
    public static bool Print(string root)
    {
        var memory = Directory.Exists("/dev/shm") ? Directory.CreateTempSubdirectory("x").FullName : root;
        memory = Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory("/dev/shm/" + Path.GetFileName(memory)).FullName
            : root;
        var words = Environment.GetEnvironmentVariable("SCALE")!.Split(' ');
        var plan = new SimulationPlan
        {
            Workers = int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture),
            Trials = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
            FaultShare = double.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture),
            Pruner = new PrunerSpec { Kind = Enum.Parse<SweepPruner>(words[3]) },
            Sampler = Enum.Parse<SweepSampler>(words[4]),
            Staleness = TimeSpan.FromSeconds(double.Parse(words[5], System.Globalization.CultureInfo.InvariantCulture)),
            Seed = words.Length > 7 ? Convert.ToInt32(words[7], System.Globalization.CultureInfo.InvariantCulture) : 1,
            FaultsBeforeNames = words.Length > 8,
            TrialTime = TimeSpan.FromSeconds(double.Parse(words[6], System.Globalization.CultureInfo.InvariantCulture)),
        };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var study = new SimulatedStudy(Path.Combine(memory, "s"), plan);
        study.Run();
        var check = SimulationCheck.Of(Path.Combine(memory, "s"), plan);
        Console.WriteLine(
            $"{plan}\n{check} virtual {study.Clock.Seconds:F0} s, real {clock.Elapsed.TotalSeconds:F0} s, doubled {study.Doubled} drops {study.Drops} deaths {study.Deaths} pauses {study.Pauses} takes {study.Takes} vain {study.VainLooks} inTakes {study.InTakes.TotalSeconds:F1}"
        );
        foreach (var op in Enum.GetValues<DiskOperation>())
            Console.WriteLine(
                $"{op, -10} {study.Counts[op], 12:N0} {(double)study.Counts[op] / plan.Trials, 12:F1} a trial {study.Counts[op] / study.Clock.Seconds, 12:F1} /s"
            );
        if (study.TakenUpAfter.Count > 0)
            Console.WriteLine(
                $"taken up {study.TakenUpAfter.Count}: median {Statistics.Median([.. study.TakenUpAfter]):F0} s, max {study.TakenUpAfter.Max():F0} s"
            );
        Console.WriteLine($"errors {study.Errors.Count} {study.Errors.FirstOrDefault()?.Message}");
        Console.WriteLine($"peak memory {System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        Directory.Delete(memory, true);
        return check.Lost == 0;
    }
}
