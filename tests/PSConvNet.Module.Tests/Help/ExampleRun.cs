using System.Management.Automation;

namespace PSConvNet.Module.Tests.Help;

/// <summary>
/// Runs a cmdlet's examples in order in one runspace, without the variables of the cmdlets before it and in an empty folder, each within
/// <see cref="Budget"/>. Where the real digits are not on this machine, <c>Import-Mnist</c> gives the synthetic ones unless an example asks
/// for a set by name.
/// </summary>
internal sealed class ExampleRun : IDisposable
{
    /// <summary>An example is read in a minute; it runs in less.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private readonly PowerShellSession _session;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psconvnet-help-");
    private readonly List<string> _unavailable = [];

    public ExampleRun(PowerShellSession session)
    {
        _session = session;
        session.Runspace.ResetRunspaceState();
        session.Runspace.SessionStateProxy.Path.SetLocation(_folder.FullName);
        session.Run("$ProgressPreference = 'SilentlyContinue'");
        if (Repository.SharedMnist is null)
            session.Run("$PSDefaultParameterValues = @{ 'Import-Mnist:Name' = 'Synthetic' }");
    }

    /// <summary>The examples whose data set is neither on this machine nor to be had.</summary>
    public IReadOnlyList<string> Unavailable => _unavailable;

    /// <summary>Runs one example; tells what went wrong, or null.</summary>
    public string? Try(HelpExample example)
    {
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript(example.Code);
        var errors = new List<ErrorRecord>();
        try
        {
            var running = shell.BeginInvoke();
            if (!running.AsyncWaitHandle.WaitOne(Budget))
            {
                shell.Stop();
                return Report(example, $"took longer than {Budget.TotalSeconds:0} s");
            }
            shell.EndInvoke(running);
        }
        catch (RuntimeException e)
        {
            errors.Add(e.ErrorRecord);
        }
        errors.AddRange(shell.Streams.Error);
        if (errors.Find(IsMissingData) is { } missing)
        {
            _unavailable.Add($"example {example.Number} needs data that is not here ({missing.Exception.Message})");
            return null;
        }
        return errors.Count == 0 ? null : Report(example, string.Join("\n", errors.Select(Describe)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsMissingData(ErrorRecord error) =>
        error.CategoryInfo
            is {
                Activity: "Import-Mnist",
                Category: ErrorCategory.ObjectNotFound or ErrorCategory.ResourceUnavailable
            };

    private static string Describe(ErrorRecord error) => $"{error.FullyQualifiedErrorId}: {error.Exception.Message}";

    private static string Report(HelpExample example, string what) =>
        $"example {example.Number}: {what}\n{example.Code}";
}
