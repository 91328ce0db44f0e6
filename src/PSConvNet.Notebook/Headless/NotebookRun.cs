namespace PSConvNet;

/// <summary>A completed run of a notebook.</summary>
/// <param name="Path">The notebook.</param>
/// <param name="OutputPath">Where it was saved with its outputs; null where it was not.</param>
/// <param name="Cells">How many code cells were run.</param>
/// <param name="Seconds">How long they took.</param>
/// <param name="Output">The objects its last code cell gave: the notebook's result.</param>
public sealed record NotebookRun(
    string Path,
    string? OutputPath,
    int Cells,
    double Seconds,
    IReadOnlyList<object?> Output
)
{
    /// <summary>The notebook's path, as a terminal may be given it.</summary>
    public string Path { get; init; } = PrintableText.Of(Path);

    /// <summary>The path it was saved to with its outputs, as a terminal may be given it; null if it wasn't saved.</summary>
    public string? OutputPath { get; init; } = OutputPath is null ? null : PrintableText.Of(OutputPath);
}
