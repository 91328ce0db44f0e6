using System.Diagnostics;

namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>10,000 trials on 500 nodes, simulated: what a file server has to do, and what becomes of the trials. docs/scaling.md has the results.</summary>
internal static class SweepScale
{
    private static readonly SimulationPlan s_plan = new();

    /// <summary>Runs it; true where nothing was lost and nothing done twice.</summary>
    public static bool Print(string root)
    {
        Begin();
        var held = Work();
        foreach (var pruner in (SweepPruner[])[SweepPruner.Median, SweepPruner.Asha])
            Prune(pruner);
        Choose();
        held &= Fail(TimeSpan.FromSeconds(60));
        held &= Fail(TimeSpan.FromSeconds(600));
        // Where no care helps wholly; to be told, not to be passed.
        Fail(TimeSpan.FromSeconds(60), beforeNames: true);
        return held;
    }

    /// <summary>All begin at once and see a folder without claims.</summary>
    private static void Begin()
    {
        using var folder = new SimulationFolder();
        var study = new SimulatedStudy(folder.Path, s_plan with { Staleness = TimeSpan.FromMinutes(1) });
        study.Run(() => study.Takes == s_plan.Workers);
        Console.WriteLine(
            $"{s_plan.Workers} begin at once: {1.0 + ((double)study.Counts[DiskOperation.Collision] / s_plan.Workers):F1} tries a take, {(double)study.Counts[DiskOperation.List] / s_plan.Workers - 1:F1} looks"
        );
    }

    private static bool Work()
    {
        using var folder = new SimulationFolder();
        var study = new SimulatedStudy(folder.Path, s_plan);
        var slow = new List<double>();
        var known = 0;
        study.Run(() => study.Takes > s_plan.Trials * 0.9);
        Follow(study);
        study.Run(() =>
        {
            if (study.Takes > known)
                slow.Add(study.LastTake.TotalMilliseconds);
            known = study.Takes;
            return false;
        });
        var busy = study.WhileBusy!;
        Console.WriteLine(
            $"{s_plan.Trials:N0} trials on {s_plan.Workers} nodes, {s_plan.TrialTime.TotalSeconds:F0} s and {s_plan.Epochs} epochs each: {study.Clock.Seconds:F0} s, of which all were busy {study.BusySeconds:F0} s; a take of the last tenth took {Statistics.Median([.. slow]):F1} ms here"
        );
        PrintCounts("while all are busy, a trial", busy, s_plan.Trials);
        var tail = study.Counts.Since(busy);
        PrintCounts("at the end, a second", tail, study.Clock.Seconds - study.BusySeconds);
        PrintLoad(busy, study.BusySeconds);
        var check = SimulationCheck.Of(folder.Path, s_plan);
        Console.WriteLine($"{check.Lost} lost, {check.Wrong} wrong, {study.Doubled} done twice");
        Console.WriteLine($"the study without images: {Size(folder.Path)}");
        return check is { Lost: 0, Wrong: 0 } && study is { Doubled: 0, Errors.Count: 0 };
    }

    /// <summary>What the sweep that follows a study does, when it is nearly done and all work.</summary>
    private static void Follow(SimulatedStudy study)
    {
        var counts = new DiskCounts();
        var process = new SimulatedProcess(study.Clock, -1, counts, TimeSpan.Zero);
        var watch = new SweepWatch(study.Open(process.Host));
        watch.Look(out _);
        PrintCounts("the follower's first look", counts, 1);
        var (before, since) = (counts.Copy(), Stopwatch.GetTimestamp());
        const int looks = 60;
        for (var i = 0; i < looks; i++)
        {
            study.Clock.Pass(TimeSpan.FromSeconds(0.5));
            watch.Look(out _);
        }
        PrintCounts("each of those that follow, half a second apart", counts.Since(before), looks);
    }

    private static void Prune(SweepPruner kind)
    {
        using var folder = new SimulationFolder();
        var plan = s_plan with
        {
            Trials = 2000,
            Epochs = 9,
            Pruner = new PrunerSpec { Kind = kind },
        };
        var study = new SimulatedStudy(folder.Path, plan);
        study.Run();
        PrintCounts(
            $"{kind}, {plan.Trials:N0} trials of up to {plan.Epochs} epochs, while all are busy, a turn",
            study.WhileBusy!,
            study.BusyTakes
        );
        Console.WriteLine($"    {study.Takes} turns, {SimulationCheck.Of(folder.Path, plan)}");
    }

    /// <summary>What Tpe takes to choose.</summary>
    private static void Choose()
    {
        using var folder = new SimulationFolder();
        var settings = new SimulatedStudy(folder.Path, s_plan).Settings;
        var random = new RandomSampler(settings.Space, 1);
        var tpe = new TpeSampler(settings.Space, 1);
        foreach (var count in (int[])[100, 1000, s_plan.Trials])
        {
            var history = Enumerable
                .Range(0, count)
                .Select(i => new Observation(random.Sample(i, []), SimulatedStudy.Epoch(i, 1).Loss))
                .ToList();
            tpe.Sample(count, history);
            var since = Stopwatch.GetTimestamp();
            for (var i = 0; i < 5; i++)
                tpe.Sample(count + i, history);
            Console.WriteLine(
                $"Tpe chooses among {count:N0} trials of four parameters in {Stopwatch.GetElapsedTime(since).TotalMilliseconds / 5:F0} ms"
            );
        }
    }

    /// <summary>Workers die and stand still before any operation on the disk.</summary>
    private static bool Fail(TimeSpan trialTime, bool beforeNames = false)
    {
        var (lost, doubled, deaths, pauses, drops, errors) = (0, 0, 0, 0, 0, 0);
        var takenUp = new List<double>();
        const int runs = 20;
        for (var seed = 1; seed <= runs; seed++)
        {
            using var folder = new SimulationFolder();
            var plan = s_plan with
            {
                Workers = 100,
                Trials = 1000,
                TrialTime = trialTime,
                Seed = seed,
                FaultShare = 0.1,
                FaultsBeforeNames = beforeNames,
                // Every other one with clients that believe for a minute what they saw.
                Staleness = TimeSpan.FromMinutes(seed % 2),
            };
            var study = new SimulatedStudy(folder.Path, plan);
            study.Run();
            var check = SimulationCheck.Of(folder.Path, plan);
            lost += check.Lost + check.Wrong;
            doubled += study.Doubled;
            (deaths, pauses, drops) = (deaths + study.Deaths, pauses + study.Pauses, drops + study.Drops);
            errors += study.Errors.Count;
            takenUp.AddRange(study.TakenUpAfter);
        }
        takenUp.Sort();
        Console.WriteLine(
            $"{runs} x 1,000 trials of {trialTime.TotalSeconds:F0} s on 100 nodes{(beforeNames ? ", faults before names too" : "")}: {deaths} deaths, {pauses} stood still for 90 to 360 s, {drops} trials dropped by those; {lost} lost or wrong, {doubled} done twice, {errors} errors; trials of dead workers taken up after {Statistics.Median([.. takenUp]):F0} s (95 %: {takenUp[(int)(takenUp.Count * 0.95)]:F0} s, all: {takenUp[^1]:F0} s)"
        );
        return lost == 0 && doubled == 0 && errors == 0;
    }

    private static void PrintCounts(string what, DiskCounts counts, double by) =>
        Console.WriteLine(
            $"  {what}: "
                + string.Join(
                    ", ",
                    Enum.GetValues<DiskOperation>()
                        .Where(operation => counts[operation] > 0)
                        .Select(operation => FormattableString.Invariant($"{operation} {counts[operation] / by:G4}"))
                )
                + FormattableString.Invariant($"; requests of NFS {ServerModel.Requests(counts) / by:G4}")
        );

    /// <summary>Requests a second at the server for trials of other lengths: beats go by time, all else by trials.</summary>
    private static void PrintLoad(DiskCounts busy, double seconds)
    {
        // A beat in five is written through.
        var beats = busy[DiskOperation.Beat] / seconds;
        var perTrial = (ServerModel.Requests(busy) - (2 * busy[DiskOperation.Beat] / 5.0)) / s_plan.Trials;
        foreach (var length in (int[])[10, 30, 60, 300, 600, 3600])
        {
            var load = (perTrial * s_plan.Workers / length) + (2 * beats / 5);
            Console.WriteLine($"  trials of {length} s: {load:N0} requests of NFS a second");
        }
    }

    private static string Size(string folder)
    {
        var files = new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories);
        return FormattableString.Invariant(
            $"{files.Length:N0} files, {files.Sum(file => file.Length) / 1e6:F1} MB, {files.Sum(file => (file.Length + 4095) / 4096 * 4096) / 1e6:F0} MB in blocks of 4 KiB"
        );
    }
}
