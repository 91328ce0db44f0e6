using System.Diagnostics;

namespace PSConvNet.Benchmarks.Sweeps;

/// <summary>
/// A grid of 24 trials by two workers of one thread, against one worker with one thread and one with two, by turns; each from the command's
/// start to its end, starts of processes included, which short trials would hide the gain behind. The tables of equal threads have to be equal to the last bit.
/// </summary>
internal static class SweepThroughput
{
    private const int Rounds = 3;

    /// <summary>Measures; true where what has to be seen was seen.</summary>
    public static bool Print(string root)
    {
        // The last one is there for its numbers, and run once.
        (int Parallel, int Threads)[] ways = [(2, 1), (1, 2), (1, 1)];
        var seconds = ways.Select(_ => new List<double>()).ToArray();
        var tables = new IReadOnlyList<string>[ways.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var way = 0; way < (round == 0 ? ways.Length : 2); way++)
            {
                var study = Path.Combine(root, $"grid-{round}-{way}");
                var clock = Stopwatch.StartNew();
                using var process = SweepShell.Start(study, "Grid", ways[way].Parallel, ways[way].Threads);
                process.WaitForExit();
                seconds[way].Add(clock.Elapsed.TotalSeconds);
                var table = SweepShell.Table(study);
                if (tables[way] is { } before && !before.SequenceEqual(table))
                    Console.WriteLine(
                        $"-Parallel {ways[way].Parallel} -Threads {ways[way].Threads}: not twice the same numbers"
                    );
                tables[way] = table;
                Directory.Delete(study, recursive: true);
            }
        }
        for (var way = 0; way < ways.Length; way++)
        {
            var median = Statistics.Median(seconds[way]);
            Console.WriteLine(
                $"24 trials, -Parallel {ways[way].Parallel} -Threads {ways[way].Threads}: {median:F1} s ({string.Join(", ", seconds[way].Select(s => $"{s:F1}"))})"
            );
        }
        var ratio = Statistics.Median([.. seconds[1].Zip(seconds[0], (one, two) => one / two)]);
        var same = tables[0].SequenceEqual(tables[2]);
        Console.WriteLine(
            $"Two workers of one thread against one of two: {ratio:F2}x; against one of one: {Statistics.Median([.. seconds[2].Zip(seconds[0], (one, two) => one / two)]):F2}x"
        );
        Console.WriteLine($"Numbers of two workers and one, a thread each: {(same ? "identical" : "DIFFERENT")}");
        return ratio >= 1.15 && same && tables[0].Count == 24;
    }
}
