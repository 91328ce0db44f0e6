namespace PSConvNet.Tests.Sweeps;

/// <summary>A disk that keeps a process waiting while others go on.</summary>
internal sealed class StalledDisk : StudyDisk
{
    /// <summary>What others do while a record is written that has no name yet.</summary>
    public Action? WhileWriting { get; set; }

    /// <summary>What they do when nothing is missing but the name.</summary>
    public Action? BeforeName { get; set; }

    /// <summary>What listings show instead of what is there.</summary>
    public Func<string, string[]?>? Listing { get; set; }

    /// <summary>Whether names that are not there are believed not to be there for ever.</summary>
    public bool IsForgetful { get; set; }

    public override string[] List(string folder) => Listing?.Invoke(folder) ?? base.List(folder);

    public override bool Exists(string path) => !IsForgetful && base.Exists(path);

    public override void Replace(string path, byte[] bytes, Action last)
    {
        WhileWriting?.Invoke();
        base.Replace(
            path,
            bytes,
            () =>
            {
                last();
                BeforeName?.Invoke();
            }
        );
    }
}
