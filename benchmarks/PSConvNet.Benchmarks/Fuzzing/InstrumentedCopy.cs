using SharpFuzz;

namespace PSConvNet.Benchmarks.Fuzzing;

/// <summary>A copy of this program whose engine and notebook assemblies count the edges they go through, made by SharpFuzz in a folder of its own.</summary>
internal sealed class InstrumentedCopy : IDisposable
{
    private static readonly string[] s_instrumented = ["PSConvNet.Engine.dll", "PSConvNet.Notebook.dll"];

    // What computes reads no files, and counting would slow it down. The rows of a JPEG are computed beside the thread that reads its
    // blocks: counted together, two threads would give ways that neither went.
    private static readonly string[] s_computing =
    [
        "PSConvNet.Runtime.",
        "PSConvNet.Data.ImageFile",
        "PSConvNet.Data.ImageRows",
        "PSConvNet.Data.ImageResampler",
        "PSConvNet.Data.TriangleFilter",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("psconvnet-fuzz-").FullName;

    /// <summary>Makes the copy.</summary>
    public InstrumentedCopy()
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        // Half a gigabyte of natives, which stay as they are.
        var dependencies = Path.GetFileName(DependencyFolder);
        Directory.CreateSymbolicLink(Path.Combine(_folder, dependencies), DependencyFolder);
        foreach (var name in s_instrumented)
            Fuzzer.Instrument(
                Path.Combine(_folder, name),
                type => !Array.Exists(s_computing, name => type.StartsWith(name, StringComparison.Ordinal)),
                Options.Value
            );
    }

    /// <summary>Its program.</summary>
    public string Program => Path.Combine(_folder, Path.GetFileName(Environment.ProcessPath!));

    private static string DependencyFolder => PSConvNet.Runtime.DependencyContext.Folder;

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
