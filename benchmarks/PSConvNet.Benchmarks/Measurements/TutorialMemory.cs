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
    public override int Rounds(bool quick) => 1;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        // Memory does not depend on the number of epochs; docs/performance.md tells what was seen.
        var epochs = effort.Quick ? 1 : 12;
        var peak = ShellProcess.Run("TutorialMemory.ps1", [ShellProcess.Tutorial, $"{epochs}"])[0];
        return new Outcome([peak / (1 << 20)], $"all 60,000 digits, {(epochs == 1 ? "1 epoch" : $"{epochs} epochs")}");
    }
}
