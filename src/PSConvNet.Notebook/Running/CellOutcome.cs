namespace PSConvNet.Notebook;

/// <summary>How a cell ended.</summary>
/// <param name="Error">What ended it before its end; null where it came there.</param>
/// <param name="IsStopped">Whether it was interrupted.</param>
/// <param name="ExitCode">The code given to <c>exit</c>, where the cell said so.</param>
internal sealed record CellOutcome(CellError? Error, bool IsStopped = false, int? ExitCode = null);
