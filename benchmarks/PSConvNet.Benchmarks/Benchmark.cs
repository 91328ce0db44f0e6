namespace PSConvNet.Benchmarks;

/// <summary>
/// Measures all by turns, several rounds, and prints medians and their ratios: the machine's clock drifts by more than what is to
/// be seen, and it drifts for all alike.
/// </summary>
internal sealed class Benchmark(bool quick)
{
    private readonly Effort _effort = new(quick);
    private readonly Dictionary<Quantity, List<double>> _values = [];
    private readonly Dictionary<Quantity, string> _missing = [];
    private readonly Dictionary<Quantity, string> _failures = [];
    private readonly Dictionary<Measurement, string> _notes = [];

    /// <summary>Runs it all.</summary>
    /// <returns>0 where every row that was measured holds, else 1.</returns>
    public int Run()
    {
        PrintMachine();
        var timed = Table.Measurements.Where(measurement => measurement.IsTimed).ToList();
        var rounds = timed.Max(measurement => measurement.Rounds(quick));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var measurement in timed.Where(m => round < m.Rounds(quick)))
            {
                Tell($"round {round + 1} of {rounds}: {measurement.Name}");
                Record(measurement, Measure(measurement));
            }
        }
        // Those that count bytes don't disturb each other.
        Tell("memory");
        var others = Table.Measurements.Except(timed).Select(m => (m, Task.Run(() => Measure(m)))).ToList();
        foreach (var (measurement, task) in others)
            Record(measurement, task.GetAwaiter().GetResult());
        Tell("");
        PrintQuantities();
        Console.WriteLine();
        return PrintRows();
    }

    /// <summary>Says on a terminal what is going on: there is nothing else to see for minutes.</summary>
    private static void Tell(string text)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r{text, -79}\r");
    }

    private static void PrintMachine()
    {
        var environment = ConvNetEnvironment.Inspect(load: false);
        Console.WriteLine($"{environment.Cpu}");
        Console.WriteLine(
            $"{environment.Cores} cores, {environment.Threads} threads, {environment.Precision} by default, {environment.OperatingSystem}"
        );
        Console.WriteLine(
            $"PSConvNet {environment.Version}, TorchSharp {environment.TorchSharpVersion} (libtorch {environment.LibTorchVersion}), .NET {Environment.Version}, {Digits.Load().Source}"
        );
        if (OperatingSystem.IsLinux())
        {
            // Two workers that wait for each other lose more to company than a peer of one piece does.
            var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
            Console.WriteLine($"load average before: {load}; ratios are to be trusted where it is near zero");
        }
        Console.WriteLine();
    }

    private Outcome Measure(Measurement measurement)
    {
        try
        {
            return Child.Measure(measurement, _effort);
        }
        catch (InvalidOperationException e)
        {
            return new Outcome([], Failure: e.Message);
        }
    }

    private void Record(Measurement measurement, Outcome outcome)
    {
        if (outcome.Note is { } note)
            _notes[measurement] = note;
        for (var i = 0; i < measurement.Quantities.Count; i++)
        {
            var quantity = measurement.Quantities[i];
            if (outcome.Missing is { } missing)
                _missing[quantity] = missing;
            else if (outcome.Failure is { } failure)
                _failures[quantity] = failure;
            else if (_values.TryGetValue(quantity, out var list))
                list.Add(outcome.Values[i]);
            else
                _values[quantity] = [outcome.Values[i]];
        }
    }

    private void PrintQuantities()
    {
        foreach (var measurement in Table.Measurements)
        {
            foreach (var quantity in measurement.Quantities)
            {
                var text =
                    _missing.TryGetValue(quantity, out var missing) ? $"not measured: {missing}"
                    : _failures.TryGetValue(quantity, out var failure) ? $"failed: {failure}"
                    : Spread(_values[quantity], quantity.Unit);
                Console.WriteLine($"  {quantity.Name, -48} {text}");
            }
            if (_notes.TryGetValue(measurement, out var note))
                Console.WriteLine($"    {note}");
        }
    }

    private int PrintRows()
    {
        var (missed, unmeasured) = (new List<string>(), new List<string>());
        foreach (var row in Table.Rows)
        {
            Quantity[] needed = row.Against is { } against ? [row.Measured, against] : [row.Measured];
            if (needed.Select(_missing.GetValueOrDefault).FirstOrDefault(text => text is not null) is { } missing)
            {
                Console.WriteLine($"  {row.What, -48} not measured: {missing}");
                unmeasured.Add($"{row.What} ({missing})");
                continue;
            }
            if (needed.Select(_failures.GetValueOrDefault).FirstOrDefault(text => text is not null) is { } failure)
            {
                Console.WriteLine($"  {row.What, -48} failed: {failure}");
                missed.Add($"{row.What} (failed)");
                continue;
            }
            var value = Statistics.Median(_values[row.Measured]);
            if (row.Against is not null)
                value /= Statistics.Median(_values[row.Against]);
            Console.WriteLine($"  {row.What, -48} {Number(value)} {row.Unit, -3} {Wanted(row)}{Verdict(row, value)}");
            if (!row.Holds(value))
                missed.Add(row.What);
        }
        Console.WriteLine();
        var rest = unmeasured.Count == 0 ? "" : $"; not measured: {string.Join("; ", unmeasured)}";
        Console.WriteLine(
            missed.Count > 0 ? $"benchmark: missed: {string.Join("; ", missed)}{rest}"
            : unmeasured.Count > 0 ? $"benchmark: all measured ratios hold{rest}"
            : "benchmark: all ratios hold"
        );
        return missed.Count == 0 ? 0 : 1;
    }

    private static string Wanted(Row row)
    {
        if (row.Must is not { } must)
            return "no demand";
        var sign = row.Better == Better.Higher ? ">=" : "<=";
        return FormattableString.Invariant($"must {sign} {must:0.##}")
            + (row.Aim is { } aim ? FormattableString.Invariant($", aim {aim:0.##}") : "");
    }

    private static string Verdict(Row row, double value) => row.Holds(value) ? "" : "   MISSED";

    private static string Spread(List<double> values, string unit) =>
        values.Count == 1
            ? $"{Number(values[0])} {unit}"
            : $"{Number(Statistics.Median(values))} {unit, -9} {Number(values.Min()).Trim()} to {Number(values.Max()).Trim()} in {values.Count}";

    private static string Number(double value) =>
        Math.Abs(value) >= 100 ? $"{value, 10:N0}   " : FormattableString.Invariant($"{value, 10:N2}");
}
