namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// Invoke-Training in the shell, with its progress shown, against the engine's Trainer called in the same process: by turns,
/// since it is one part in a hundred that is looked for.
/// </summary>
internal sealed class CmdletPath() : Measurement("cmdlet path")
{
    public static CmdletPath Instance { get; } = new();

    /// <summary>The engine's time as a share of the cmdlet's, for the same work.</summary>
    public Quantity Share { get; } = new("Invoke-Training's speed against Trainer's", "x");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Share];

    /// <inheritdoc />
    public override int Rounds(bool quick) => quick ? 1 : 3;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var (turns, epochs) = effort.Quick ? (5, 5) : (20, 11);
        var seconds = ShellProcess.Run("CmdletPath.ps1", [$"{turns}", $"{epochs}"], terminal: true);
        return new Outcome(
            [seconds[1] / seconds[0]],
            $"medians of {turns * (epochs - 1)} epochs of 1,280 images each; progress {(ShellProcess.HasTerminal ? "painted on a pseudo-terminal" : "reported, but there was no terminal to paint it on")}"
        );
    }
}
