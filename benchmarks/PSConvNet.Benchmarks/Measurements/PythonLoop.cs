using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>The same loop in PyTorch, as Debian packages it, with as many threads: Scripts/plain_loop.py.</summary>
internal sealed class PythonLoop() : Measurement("PyTorch loop, fp32")
{
    // Debian's own first: another python3 may stand before it on the path.
    private static readonly string[] s_interpreters = ["/usr/bin/python3", "python3"];

    public static PythonLoop Instance { get; } = new();

    /// <summary>How fast it trains.</summary>
    public Quantity Rate { get; } = new("PyTorch loop, fp32", "images/s");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Rate];

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        if (s_interpreters.FirstOrDefault(HasTorch) is not { } python)
            return Outcome.NotMeasured("install python3-torch");
        var folder = Directory.CreateTempSubdirectory("psconvnet-");
        try
        {
            var data = Digits.Load().Train.Take(20_000);
            var pixels = Path.Combine(folder.FullName, "pixels");
            var labels = Path.Combine(folder.FullName, "labels");
            File.WriteAllBytes(pixels, data.Pixels.Span);
            File.WriteAllBytes(labels, MemoryMarshal.AsBytes(data.Labels.Span));
            var script = Path.Combine(AppContext.BaseDirectory, "Scripts", "plain_loop.py");
            var (code, output) = Start(
                python,
                [
                    script,
                    pixels,
                    labels,
                    $"{Environment.ProcessorCount}",
                    FormattableString.Invariant($"{effort.WarmUp}"),
                    FormattableString.Invariant($"{effort.Seconds}"),
                ]
            );
            if (code != 0)
                throw new InvalidOperationException($"{script} ended with {code}.");
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return new Outcome([double.Parse(lines[0], CultureInfo.InvariantCulture)], lines[1]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool HasTorch(string python)
    {
        try
        {
            return Start(
                    python,
                    ["-c", "import importlib.util, sys; sys.exit(not importlib.util.find_spec('torch'))"]
                ).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output) Start(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
