namespace PSConvNet.Runtime.Planning;

/// <summary>What a network is run for, and on what: the rules of a plan choose by it.</summary>
/// <param name="Precision">The arithmetic; never Auto.</param>
/// <param name="Workers">The workers that a batch is divided among.</param>
/// <param name="Training">Whether backward passes follow.</param>
/// <param name="ToLogits">
/// Whether the outputs may be scores before the softmax, which the loss or the reader of the outputs applies.
/// </param>
internal sealed record PlanRequest(Precision Precision, int Workers, bool Training, bool ToLogits)
{
    /// <summary>The processor.</summary>
    public CpuFeatures Processor { get; init; } = CpuFeatures.Current;
}
