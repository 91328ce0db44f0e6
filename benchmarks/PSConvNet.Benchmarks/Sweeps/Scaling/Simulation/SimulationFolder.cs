namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>A folder for a simulated study, in memory where the system has one there: the simulation is not to measure this disk.</summary>
internal sealed class SimulationFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } =
        Directory.Exists(Memory)
            ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"psconvnet-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("psconvnet-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
