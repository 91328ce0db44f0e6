namespace PSConvNet.Sweeps;

/// <summary>Others have taken this process for dead and taken its trial up: what it does to it no longer counts.</summary>
internal sealed class ClaimLostException() : Exception("Another worker has taken over the trial.");
