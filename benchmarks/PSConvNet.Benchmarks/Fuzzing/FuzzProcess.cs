using System.Diagnostics;
using System.Text.Json;
using PSConvNet.Benchmarks.Fuzzing.Targets;

namespace PSConvNet.Benchmarks.Fuzzing;

/// <summary>What all processes that fuzzed a target came to. A process that dies is a failure of its last input, and is followed by another.</summary>
/// <param name="target">The target.</param>
/// <param name="path">The target's folder.</param>
internal sealed class FuzzProcess(FuzzTarget target, string path)
{
    private const int LongestText = 10_000;

    // Far beyond what a child allows itself, for one that can't end itself any more.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private readonly FuzzFolder _folder = new(Directory.CreateDirectory(path).FullName);

    /// <summary>The target's name.</summary>
    public string Name => target.Name;

    /// <summary>Inputs that were read.</summary>
    public long Executions { get; private set; }

    /// <summary>How many of them were accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>The edges that the seeds went through.</summary>
    public int EdgesOfSeeds { get; private set; }

    /// <summary>The edges that any input went through.</summary>
    public int Edges { get; private set; }

    /// <summary>The inputs that are kept.</summary>
    public int Corpus { get; private set; }

    /// <summary>What that took.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>How many different failures there are.</summary>
    public int Failures => _folder.Failures.Count;

    /// <summary>Fuzzes for a while.</summary>
    /// <param name="program">The instrumented program.</param>
    /// <param name="time">How long.</param>
    /// <param name="seed">Where chance comes from.</param>
    public void Run(string program, TimeSpan time, int seed)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
            RunOnce(program, time - clock.Elapsed, seed++);
        Time += clock.Elapsed;
    }

    private void RunOnce(string program, TimeSpan time, int seed)
    {
        var start = new ProcessStartInfo(program, FuzzChild.Arguments(Name, path, time, seed))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Memory that runs away ends in an exception rather than with the machine.
        start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{2 * FuzzChild.Memory:X}";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var last = new FuzzProgress(0, 0, 0, 0, 0);
        var wasSilent = false;
        for (; ; )
        {
            var line = process.StandardOutput.ReadLineAsync();
            if (!line.Wait(s_silence))
            {
                wasSilent = true;
                process.Kill(entireProcessTree: true);
                break;
            }
            if (line.Result is not { } text)
                break;
            if (text.StartsWith('{'))
                last = JsonSerializer.Deserialize(text, FuzzJson.Default.FuzzProgress)!;
        }
        process.WaitForExit();
        Count(last);
        if (process.ExitCode == 0)
            return;
        if (!File.Exists(_folder.Input))
            throw new InvalidOperationException($"{Name} can't be fuzzed: {errors.Result}");
        var what =
            wasSilent ? $"It said nothing for {s_silence.TotalMinutes} minutes."
            : process.ExitCode == FuzzChild.Hung ? $"It took more than {FuzzChild.Patience.TotalSeconds} seconds."
            : process.ExitCode == FuzzChild.Swollen ? $"It took more than {FuzzChild.Memory >> 20} MB."
            : $"The process ended with {process.ExitCode}.\n{Beginning(errors.Result)}";
        _folder.Failures.Add(File.ReadAllBytes(_folder.Input), what);
    }

    private void Count(FuzzProgress last)
    {
        Executions += last.Executions;
        Accepted += last.Accepted;
        if (EdgesOfSeeds == 0)
            EdgesOfSeeds = last.EdgesAtStart;
        Edges = Math.Max(Edges, last.Edges);
        Corpus = Math.Max(Corpus, last.Corpus);
    }

    /// <summary>A stack that overflowed is long, and says the same again and again.</summary>
    private static string Beginning(string text) => text.Length > LongestText ? text[..LongestText] : text;
}
