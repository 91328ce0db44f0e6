namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// A person's first seconds: Import-Module in a fresh pwsh, then digits, network and the first batch.
/// </summary>
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
    public override Outcome Run(Effort effort) =>
        new(ShellProcess.Run("ShellStart.ps1", [ShellProcess.Manifest], program: ShellProcess.Pwsh));
}
