namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// A person's first seconds: Import-Module in a shell that has not seen the module, then digits, network and the first batch.
/// </summary>
/// <remarks>
/// psconvnet imports the module before any script runs, so a copy of it is given an empty module of the same name in its place.
/// </remarks>
internal sealed class ShellStart() : Measurement("shell start")
{
    public static ShellStart Instance { get; } = new();

    /// <summary>Import-Module.</summary>
    public Quantity Import { get; } = new("Import-Module", "s");

    /// <summary>From its end to the end of the first batch.</summary>
    public Quantity FirstBatch { get; } = new("from there to the first trained batch", "s");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Import, FirstBatch];

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var folder = Directory.CreateTempSubdirectory("psconvnet-");
        try
        {
            var shell = folder.CreateSubdirectory("shell").FullName;
            foreach (var file in Directory.GetFiles(ShellProcess.Folder))
                File.Copy(file, Path.Combine(shell, Path.GetFileName(file)));
            var module = folder.CreateSubdirectory("module").FullName;
            File.WriteAllText(Path.Combine(module, "PSConvNet.psd1"), "@{ ModuleVersion = '0.0.0' }");
            return new Outcome(ShellProcess.Run("ShellStart.ps1", [ShellProcess.Manifest], folder: shell));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
