using System.Diagnostics;
using System.Globalization;
using PSConvNet.Runtime;

namespace PSConvNet.Benchmarks;

/// <summary>
/// Runs the peers by turns, several rounds, and prints ratios of medians: the machine's clock drifts by more than what is to be
/// seen, and it drifts for all alike.
/// </summary>
internal static class Comparison
{
    private sealed record Ratio(string What, string Measured, string Against, double Must, double Aim);

    private sealed record Limit(string What, string Measured, double Must, double Aim);

    private static readonly Ratio[] s_ratios =
    [
        new("training images/s against the plain loop", Peers.OursAuto, Peers.Plain, 3.0, 4.0),
        new("the same with -Precision Float32", Peers.OursFloat32, Peers.Plain, 1.5, 2.0),
    ];

    private static readonly Limit[] s_limits =
    [
        new("seconds to evaluate 10,000 images", Peers.EvaluationAuto, 0.5, 0.33),
        new("seconds to import the cached digits", Peers.Import, 0.7, 0.3),
    ];

    public static int Run(bool quick)
    {
        var rounds = quick ? 3 : 7;
        var seconds = quick ? 5.0 : 10.0;
        var names = s_ratios.SelectMany(r => new[] { r.Measured, r.Against }).Concat(s_limits.Select(l => l.Measured));
        var values = names.Distinct().ToDictionary(name => name, _ => new List<double>());
        PrintMachine(rounds);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, list) in values)
                list.Add(MeasureApart(name, seconds));
        }

        var missed = new List<string>();
        foreach (var (name, list) in values)
            Console.WriteLine($"  {name, -32} {Median(list), 10:N2}   ({list.Min():N2} to {list.Max():N2})");
        Console.WriteLine();
        foreach (var ratio in s_ratios)
        {
            var value = Median(values[ratio.Measured]) / Median(values[ratio.Against]);
            Console.WriteLine($"  {ratio.What, -44} {value, 6:N2}x   must {ratio.Must:N1}x, aim {ratio.Aim:N1}x");
            if (value < ratio.Must)
                missed.Add(ratio.What);
        }
        foreach (var limit in s_limits)
        {
            var value = Median(values[limit.Measured]);
            Console.WriteLine($"  {limit.What, -44} {value, 6:N2} s  must {limit.Must:N2} s, aim {limit.Aim:N2} s");
            if (value > limit.Must)
                missed.Add(limit.What);
        }
        Console.WriteLine();
        Console.WriteLine(
            missed.Count == 0 ? "benchmark: all ratios hold" : $"benchmark: missed: {string.Join("; ", missed)}"
        );
        return missed.Count == 0 ? 0 : 1;
    }

    private static void PrintMachine(int rounds)
    {
        var environment = ConvNetEnvironment.Inspect(load: false);
        Console.WriteLine($"{environment.Cpu.Name}, {environment.Cores} cores, {environment.OperatingSystem}");
        Console.WriteLine(
            $"TorchSharp {environment.TorchSharpVersion}, .NET {Environment.Version}; medians of {rounds}"
        );
        Console.WriteLine();
    }

    private static double MeasureApart(string name, double seconds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "measure", name, seconds.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Measuring '{name}' ended with exit code {process.ExitCode}.");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
