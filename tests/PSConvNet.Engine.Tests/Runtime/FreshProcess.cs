using System.Diagnostics;
using System.Text.Json;
using PSConvNet.Tests.Training.Checkpoints;

namespace PSConvNet.Tests.Runtime;

/// <summary>
/// Inspects the environment in a process of its own, where nothing has loaded libtorch yet, or trains a network there: the test
/// assembly is its own small program. An engine and a <c>dependencies</c> folder other than the tests' can be put beside a copy of it.
/// </summary>
internal static class FreshProcess
{
    /// <summary>What a fresh process reports.</summary>
    internal sealed record Report(
        bool IsLoaded,
        string? LoadError,
        string? LoadErrorDetail,
        string? TorchSharpVersion,
        string? LibTorchVersion,
        string[] Libraries,
        string[] Mapped
    );

    public static int Main(string[] args)
    {
        if (args is ["train", var precision])
        {
            Console.Out.Write(JsonSerializer.Serialize(PortablePathTests.Train(Enum.Parse<Precision>(precision))));
            return 0;
        }
        if (args is [CrashTests.Verb, var folder])
        {
            Console.Out.Write(CrashTests.Train(folder));
            return 0;
        }
        if (args is ["summary", var file])
            _ = ModelFile.ReadSummary(file).ToTable();
        var environment = ConvNetEnvironment.Inspect(load: args is ["load"]);
        var report = new Report(
            environment.IsLoaded,
            environment.LoadError,
            environment.LoadErrorDetail,
            environment.TorchSharpVersion,
            environment.LibTorchVersion,
            [.. environment.Libraries.Select(library => library.ToString())],
            Mapped()
        );
        Console.Out.Write(JsonSerializer.Serialize(report));
        return 0;
    }

    /// <summary>Runs a copy of this program in that folder, with an empty NuGet cache and an empty home.</summary>
    public static Report Inspect(bool load, string? folder = null) => Run([load ? "load" : "look"], folder);

    /// <summary>The same after a model file's summary was read there.</summary>
    public static Report ReadSummary(string file) => Run(["summary", file]);

    private static Report Run(string[] arguments, string? folder = null)
    {
        using var empty = new TemporaryFolder();
        var program = Path.Combine(folder ?? AppContext.BaseDirectory, "PSConvNet.Engine.Tests.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = empty.Path,
        };
        // Under `dotnet test` this process is dotnet itself; under an IDE's runner it may not be.
        if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.FileName = "dotnet";
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["NUGET_PACKAGES"] = empty.Path;
        start.Environment["HOME"] = empty.Path;
        start.Environment["USERPROFILE"] = empty.Path;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the fresh process did not end within five minutes");
        }
        Assert.True(process.ExitCode == 0, $"the fresh process ended with {process.ExitCode}: {errors.Result}");
        return JsonSerializer.Deserialize<Report>(output.Result)!;
    }

    /// <summary>The shared objects that the kernel has mapped into this process; none where it does not tell.</summary>
    private static string[] Mapped() =>
        File.Exists("/proc/self/maps")
            ?
            [
                .. File.ReadLines("/proc/self/maps")
                    .Where(line => line.Contains('/', StringComparison.Ordinal))
                    .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
                    .Distinct(),
            ]
            : [];
}

/// <summary>A folder that goes with its owner.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("psconvnet-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
