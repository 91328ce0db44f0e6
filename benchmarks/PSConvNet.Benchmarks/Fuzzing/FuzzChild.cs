using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json;
using PSConvNet.Benchmarks.Fuzzing.Loop;
using PSConvNet.Benchmarks.Fuzzing.Targets;
using SharpFuzz.Common;

namespace PSConvNet.Benchmarks.Fuzzing;

/// <summary>
/// A process that fuzzes one target for a while, with instrumented assemblies. It says once a second how far it is, and ends where an input
/// takes too long or too much memory: who started it writes that down and starts another.
/// </summary>
internal static class FuzzChild
{
    /// <summary>The exit code where an input took too long.</summary>
    public const int Hung = 3;

    /// <summary>The exit code where an input took too much memory.</summary>
    public const int Swollen = 4;

    /// <summary>How long reading one input may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The memory that it may take beside what it began with.</summary>
    public const long Memory = 1L << 30;

    private const string Verb = "fuzz-child";

    // The least stack that .NET gives threads on any of our systems, so that nesting that is too deep for one of them shows.
    private const int Stack = 1 << 20;

    /// <summary>The arguments that start it.</summary>
    public static string[] Arguments(string target, string folder, TimeSpan time, int seed) =>
        [Verb, target, folder, time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture), $"{seed}"];

    /// <summary>Whether these are a child's arguments; if so fuzzes.</summary>
    public static unsafe bool TryRun(string[] args)
    {
        if (args is not [Verb, var name, var path, var seconds, var seed])
            return false;
        // Before any instrumented code is run.
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(EdgeMap.Size);
        DependencyContext.Register();
        FindPowerShell();
        var folder = new FuzzFolder(path);
        var edges = new EdgeMap(Trace.SharedMem);
        var corpus = new FuzzCorpus(folder.Corpus);
        var target = FuzzTarget.All(folder.Work).Single(target => target.Name == name);
        var loop = new FuzzLoop(target, edges, corpus, folder.Failures, folder.Input);
        var end = Environment.TickCount64 + (long)(1000 * double.Parse(seconds, CultureInfo.InvariantCulture));
        var random = new Random(int.Parse(seed, CultureInfo.InvariantCulture));
        var work = new Thread(() => loop.Run(random, () => Environment.TickCount64 < end), Stack);
        work.Start();
        var start = 0L;
        while (!work.Join(TimeSpan.FromSeconds(1)))
        {
            Tell();
            if (loop.Begun is > 0 and var begun && Environment.TickCount64 - begun > Patience.TotalMilliseconds)
                Environment.Exit(Hung);
            // Until the inputs it begins with have been read everything is loaded for the first time.
            if (loop.EdgesAtStart == 0 || start == 0)
                start = Environment.WorkingSet;
            else if (Environment.WorkingSet > start + Memory)
                Environment.Exit(Swollen);
        }
        Tell();
        return true;

        void Tell() =>
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new FuzzProgress(loop.Executions, loop.Accepted, loop.EdgesAtStart, edges.Edges, corpus.Count),
                    FuzzJson.Default.FuzzProgress
                )
            );
    }

    /// <summary>The notebook's assembly asks PowerShell what is code in a cell.</summary>
    public static void FindPowerShell() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            PowerShellFolder.Find(name.Name + ".dll") is { } file ? context.LoadFromAssemblyPath(file) : null;
}
