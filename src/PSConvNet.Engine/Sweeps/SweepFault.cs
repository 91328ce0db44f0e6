namespace PSConvNet.Sweeps;

/// <summary>The errors that several parts of a sweep share.</summary>
internal static class SweepFault
{
    /// <summary><c>SweepOptionInvalid</c>.</summary>
    public static ConvNetException Option(string message, object? target) =>
        new(ErrorIds.SweepOptionInvalid, ErrorKind.InvalidArgument, message, target);

    /// <summary><c>StudyInvalid</c>: a file of the study's images is damaged.</summary>
    public static ConvNetException DataDamaged(string path, string problem, Exception? cause = null) =>
        new(
            ErrorIds.StudyInvalid,
            ErrorKind.InvalidData,
            $"The study's data file {path} is damaged: {problem.TrimEnd('.')}. Restore it from another copy of the study; if there is none, start a new study, because results on other images can't be compared.",
            path,
            cause
        );

    /// <summary><c>StudyInvalid</c>: the folder is no study, or a damaged one.</summary>
    public static ConvNetException Invalid(string path, string problem, Exception? cause = null) =>
        new(
            ErrorIds.StudyInvalid,
            ErrorKind.InvalidData,
            $"{path} can't be read as a study: {problem.TrimEnd('.')}. Give the folder in which the study was created (Study.Create); if it is that folder, use another copy.",
            path,
            cause
        );
}
