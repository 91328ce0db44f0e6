using System.Diagnostics;
using System.Text.Json;

namespace PSConvNet.Benchmarks;

/// <summary>One measurement in a process of its own: both ends of the pipe.</summary>
internal static class Child
{
    private const string Verb = "measure";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    /// <summary>Whether these are a child's arguments; if so measures and prints the outcome on the last line of its output.</summary>
    public static bool TryRun(string[] args)
    {
        if (args is not [Verb, var name, .. var rest])
            return false;
        var measurement =
            Table.Measurements.FirstOrDefault(measurement => measurement.Name == name)
            ?? throw new ArgumentException($"There is no measurement '{name}'.");
        var outcome = measurement.Run(new Effort(rest.Contains("--quick")));
        Console.WriteLine();
        Console.WriteLine(JsonSerializer.Serialize(outcome, OutcomeJson.Default.Outcome));
        return true;
    }

    /// <summary>Starts a child and waits for what it has to say.</summary>
    /// <exception cref="InvalidOperationException">It failed; what it wrote to standard error has been shown.</exception>
    public static Outcome Measure(Measurement measurement, Effort effort)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (
            var argument in (string[])[Verb, measurement.Name, .. effort.Quick ? ["--quick"] : Array.Empty<string>()]
        )
            start.ArgumentList.Add(argument);
        foreach (var (variable, value) in measurement.Variables)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"it did not end within {s_patience.TotalMinutes} minutes");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"its process ended with exit code {process.ExitCode}");
        var last = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonSerializer.Deserialize(last, OutcomeJson.Default.Outcome)!;
    }
}
