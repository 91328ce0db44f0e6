namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// Invoke-Training in the shell, with its progress shown, against the engine's Trainer called in the same process: by turns, a
/// moment each, since it is one part in a hundred that is looked for.
/// </summary>
internal sealed class CmdletPath() : Measurement("cmdlet path")
{
    public static CmdletPath Instance { get; } = new();

    /// <summary>The engine's time as a share of the cmdlet's.</summary>
    public Quantity Share { get; } = new("Invoke-Training's speed against Trainer's", "x");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Share];

    /// <inheritdoc />
    public override int Rounds(bool quick) => quick ? 1 : 3;

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var (images, pairs) = effort.Quick ? (2560, 10) : (6400, 20);
        var ratios = ShellProcess.Run("CmdletPath.ps1", [$"{images}", $"{pairs}"], terminal: true);
        return new Outcome(
            [Statistics.Median(ratios)],
            $"median of {pairs} pairs of {images} images; progress {(ShellProcess.HasTerminal ? "painted on a pseudo-terminal" : "reported, but there was no terminal to paint it on")}"
        );
    }
}
