using System.Diagnostics;
using System.Globalization;
using PSConvNet.Benchmarks.Fuzzing.Targets;

namespace PSConvNet.Benchmarks.Fuzzing;

/// <summary>
/// Reads files and messages that nobody would send, changed by what the readers' own code says of the last ones: coverage-guided fuzzing of
/// all that reads what others wrote. docs/security.md has the last result.
/// </summary>
internal static class FuzzTable
{
    private const double Minutes = 5;

    // So often processes are made anew, so that what one keeps in memory does not decide what is found.
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(60);

    /// <summary>Fuzzes and prints.</summary>
    /// <param name="words">--minutes N in all, --target NAME, --out DIR; --input FILE reads that one and says what comes of it.</param>
    /// <returns>0 where nothing failed, else 1.</returns>
    public static int Print(string[] words)
    {
        var folder = Path.GetFullPath(
            Option(words, "--out")
                ?? Path.Combine(
                    Path.GetTempPath(),
                    $"psconvnet-fuzz-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}"
                )
        );
        var minutes = Option(words, "--minutes") is { } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : Minutes;
        var name = Option(words, "--target");
        FuzzChild.FindPowerShell();
        var targets = FuzzTarget
            .All(Directory.CreateDirectory(Path.Combine(folder, "work")).FullName)
            .Where(target => name is null || target.Name == name)
            .ToArray();
        if (targets.Length == 0)
            throw new ArgumentException($"There is no target '{name}'.");
        if (Option(words, "--input") is not { } input)
            return Run(targets, folder, TimeSpan.FromMinutes(minutes));
        return targets is [var reader] ? Read(reader, input) : throw new ArgumentException("--input needs --target.");
    }

    private static int Run(FuzzTarget[] targets, string folder, TimeSpan time)
    {
        using var copy = new InstrumentedCopy();
        var processes = targets.Select(target => new FuzzProcess(target, Path.Combine(folder, target.Name))).ToArray();
        var each = time / processes.Length;
        var turns = Math.Max(1, (int)Math.Round(each / s_turn));
        for (var turn = 0; turn < turns; turn++)
        {
            foreach (var process in processes)
                process.Run(copy.Program, each / turns, seed: Environment.TickCount);
            Console.WriteLine(
                $"turn {turn + 1} of {turns}: {processes.Sum(p => p.Executions)} executions, {processes.Sum(p => p.Failures)} failures"
            );
        }
        Console.WriteLine();
        Console.WriteLine(
            $"{"reader", -12} {"executions", 10} {"a second", 8} {"accepted", 8} {"edges of seeds", 14} {"edges", 6} {"corpus", 6} {"failures", 8}"
        );
        foreach (var process in processes)
            Console.WriteLine(
                $"{process.Name, -12} {process.Executions, 10} {process.Executions / process.Time.TotalSeconds, 8:F0} {(double)process.Accepted / Math.Max(1, process.Executions), 8:P0} {process.EdgesOfSeeds, 14} {process.Edges, 6} {process.Corpus, 6} {process.Failures, 8}"
            );
        var failures = processes.Sum(process => process.Failures);
        Console.WriteLine();
        Console.WriteLine(
            $"{processes.Sum(process => process.Executions)} executions; {failures} failures, in {folder}"
        );
        return failures == 0 ? 0 : 1;
    }

    /// <summary>Reads one input, as the process does that fuzzes.</summary>
    private static int Read(FuzzTarget target, string file)
    {
        // Some targets have files beside their input.
        _ = target.Seeds().Count();
        var (clock, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            var read = target.Read(File.ReadAllBytes(file), file);
            if (read is not null)
                target.Check(read);
            Console.WriteLine(read is null ? "refused" : $"accepted: {read}");
            return 0;
        }
        catch (Exception e) when (target.IsPromised(e))
        {
            Console.WriteLine($"refused: {e.Message}");
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            return 1;
        }
        finally
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine($"{clock.Elapsed.TotalSeconds:F2} s, {allocated >> 20} MB allocated");
        }
    }

    private static string? Option(string[] words, string name) =>
        Array.IndexOf(words, name) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;
}
