namespace PSConvNet.Module.Tests.Shell;

/// <summary>What a signal does to a script in psconvnet. PowerShell's own console would end with 0 at SIGINT, and without <c>finally</c> at SIGTERM.</summary>
public sealed class SignalTests : IDisposable
{
    private const string NeedsKill = "signals are sent by kill, which is not there";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_stops_the_script_runs_finally_and_gives_its_number_as_the_exit_code(string signal, int code)
    {
        Skip.If(OperatingSystem.IsWindows(), NeedsKill);
        var script = _folder.Write(
            "loop.ps1",
            "try { 'started'; while ($true) { $x++ } } finally { Start-Sleep -Milliseconds 1; Write-Host 'cleaned up' }; 'not here'"
        );
        // The script after other options, and after one with a value of its own.
        using var shell = ShellProcess.Start(["-NoLogo", "-wd", _folder.Path, script]);
        shell.WaitFor("started");

        shell.Signal(signal);

        var result = shell.Wait();
        Assert.Equal(code, result.ExitCode);
        Assert.Contains("cleaned up", result.Out);
        Assert.DoesNotContain("not here", result.Out);
    }
}
