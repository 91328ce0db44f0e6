namespace PSConvNet.Module.Tests;

/// <summary>A folder that is a session's current one until it goes; its name needs escaping, as people's folders do.</summary>
internal sealed class CurrentFolder : IDisposable
{
    private readonly PowerShellSession _session;

    public CurrentFolder(PowerShellSession session)
    {
        _session = session;
        Go(Path);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("psconvnet [1] ").FullName;

    public void Dispose()
    {
        Go(System.IO.Path.GetTempPath());
        Directory.Delete(Path, recursive: true);
    }

    private void Go(string folder) =>
        _session.Run($"$ExecutionContext.SessionState.Path.SetLocation([WildcardPattern]::Escape('{folder}'))");
}
