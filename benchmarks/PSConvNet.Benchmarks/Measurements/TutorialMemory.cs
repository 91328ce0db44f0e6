namespace PSConvNet.Benchmarks.Measurements;

/// <summary>The most memory that examples/mnist-tutorial.ps1 takes: shell, digits, both networks, training and comparison.</summary>
internal sealed class TutorialMemory() : Measurement("tutorial memory")
{
    public static TutorialMemory Instance { get; } = new();

    /// <summary>The largest resident size of its process.</summary>
    public Quantity Peak { get; } = new("peak memory of the tutorial", "MB");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Peak];

    /// <inheritdoc />
    public override bool IsTimed => false;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        // Memory does not depend on the number of epochs; docs/performance.md tells what was seen.
        var epochs = effort.Quick ? 0.2 : 12;
        var peak = ShellProcess.Run(
            "TutorialMemory.ps1",
            [ShellProcess.Tutorial, FormattableString.Invariant($"{epochs}")]
        )[0];
        return new Outcome([peak / (1 << 20)], FormattableString.Invariant($"all 60,000 digits, {epochs} epochs"));
    }
}
