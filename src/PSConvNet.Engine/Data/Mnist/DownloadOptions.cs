namespace PSConvNet.Data;

/// <summary>How patient a download is.</summary>
/// <param name="ConnectTimeout">How long a connection may take.</param>
/// <param name="StallTimeout">How long a server may send nothing, or less than <see cref="LeastBytes"/>.</param>
/// <param name="RetryDelay">The pause before the second attempt; it doubles with each further one.</param>
/// <param name="FruitlessAttempts">How many attempts in a row may bring nothing before the next mirror is tried.</param>
/// <param name="MaximumBytes">No file is larger.</param>
internal sealed record DownloadOptions(
    TimeSpan ConnectTimeout,
    TimeSpan StallTimeout,
    TimeSpan RetryDelay,
    int FruitlessAttempts,
    long MaximumBytes
)
{
    public static DownloadOptions Default { get; } =
        new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.5), 3, 256L << 20);

    /// <summary>A server that sends fewer bytes in each <see cref="StallTimeout"/> has stalled. The default is 2 KB a second.</summary>
    public int LeastBytes { get; init; } = 60 << 10;

    /// <summary>How long a file may take from one source, all attempts together.</summary>
    public TimeSpan WholeTimeout { get; init; } = TimeSpan.FromHours(1);
}
