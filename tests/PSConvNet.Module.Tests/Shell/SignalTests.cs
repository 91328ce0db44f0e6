using System.Diagnostics;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>Being asked to stop while a script runs.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_stops_the_pipeline_and_ends_the_process_cleanly(string signal, int code)
    {
        Skip.If(OperatingSystem.IsWindows(), "uses kill");
        var script = _folder.Write(
            "loop.ps1",
            "try { 'started'; while ($true) { $x++ } } finally { [Console]::Out.WriteLine('cleaned up') }; 'not here'"
        );
        using var shell = ShellProcess.Start([script]);
        shell.WaitFor("started");

        using (var kill = Process.Start("kill", [$"-{signal}", $"{shell.Process.Id}"]))
            kill.WaitForExit();

        var result = shell.Wait();
        Assert.Equal(code, result.ExitCode);
        Assert.Contains("cleaned up", result.Out);
        Assert.DoesNotContain("not here", result.Out);
    }
}
