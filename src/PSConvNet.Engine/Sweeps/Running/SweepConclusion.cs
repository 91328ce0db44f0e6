namespace PSConvNet.Sweeps;

/// <summary>What a sweep came to, when no worker has anything left to do.</summary>
internal static class SweepConclusion
{
    /// <summary>Judges how a study stands at its end.</summary>
    /// <param name="study">The study.</param>
    /// <param name="progress">How it stands.</param>
    /// <returns>What to warn of; null when all went well.</returns>
    /// <exception cref="ConvNetException"><c>SweepTooManyFailures</c>, <c>SweepNothingCompleted</c>.</exception>
    public static string? Of(Study study, SweepProgress progress)
    {
        var failed = study.ReadTrials().Where(trial => trial.State == TrialState.Failed).ToArray();
        var first = failed.FirstOrDefault()?.Reason;
        if (progress.TooManyFailures)
        {
            throw Failure(
                ErrorIds.SweepTooManyFailures,
                $"{Counted.Of(failed.Length, "trial"):text} failed, and StudySettings.MaxFailures is {study.Settings.MaxFailures}. The first one: {first}"
            );
        }
        if (progress.Best is null)
        {
            throw Failure(
                ErrorIds.SweepNothingCompleted,
                $"No trial was completed: {failed.Length} of {progress.Total} failed. The first one: {first}"
            );
        }
        return failed.Length == 0
            ? null
            : $"{failed.Length} of {Counted.Of(progress.Total, "trial"):text} failed; SweepTrial.Reason says why. The first one: {first}";

        ConvNetException Failure(string id, string message) => new(id, ErrorKind.InvalidResult, message, study.Folder);
    }
}
