using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Progress of what goes through images once, for the cmdlets that do.</summary>
internal static class MeasuringProgress
{
    private const int ActivityId = 2;

    /// <summary>Options that paint the progress of <paramref name="activity"/> over <paramref name="count"/> images.</summary>
    public static PredictionOptions MeasuringOptions(
        this Cmdlet cmdlet,
        string activity,
        int count,
        Precision precision
    )
    {
        var clock = new ProgressClock();
        return new PredictionOptions(
            precision,
            Progress: done =>
            {
                var completed = done >= count;
                if (!completed && !clock.IsDue())
                    return;
                cmdlet.WriteProgress(
                    new ProgressRecord(
                        ActivityId,
                        activity,
                        FormattableString.Invariant($"{done:N0} of {count:N0} images")
                    )
                    {
                        PercentComplete = count == 0 ? 100 : (int)(100.0 * done / count),
                        RecordType = completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
                    }
                );
            }
        );
    }
}
