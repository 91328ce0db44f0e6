namespace PSConvNet.Sweeps;

/// <summary>Where what lies in a study's folder.</summary>
/// <param name="Path">The folder's full path.</param>
internal sealed record StudyFolder(string Path)
{
    /// <summary>The name of the file that makes a folder a study.</summary>
    public const string DocumentName = "study.json";

    /// <summary>Who looks into it.</summary>
    public WorkerHost Host { get; init; } = WorkerHost.This;

    /// <summary>What the study is about.</summary>
    public string Document => In(DocumentName);

    /// <summary>The images, as IDX files.</summary>
    public string Data => In("data");

    /// <summary>A record a trial.</summary>
    public string Trials => In("trials");

    /// <summary>Who has, or had, which trial.</summary>
    public string Claims => In("claims");

    /// <summary>The models that are kept.</summary>
    public string Models => In("models");

    /// <summary>What trials that are under way need to be continued.</summary>
    public string Checkpoints => In("checkpoints");

    /// <summary>The folders that workers write into.</summary>
    public string[] Folders => [Trials, Claims, Models, Checkpoints];

    /// <summary>A trial's record.</summary>
    public string RecordOf(TrialId id) => System.IO.Path.Combine(Trials, id.FileName + ".json");

    /// <summary>A trial's model.</summary>
    public string ModelOf(TrialId id) => System.IO.Path.Combine(Models, id.FileName + ModelFile.Extension);

    /// <summary>A trial's checkpoints.</summary>
    public string CheckpointsOf(TrialId id) => System.IO.Path.Combine(Checkpoints, id.FileName);

    /// <summary>A file's or folder's path within this one, as it is written on every system.</summary>
    public string Within(string path) => System.IO.Path.GetRelativePath(Path, path).Replace('\\', '/');

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
