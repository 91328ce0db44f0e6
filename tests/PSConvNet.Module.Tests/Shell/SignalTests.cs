using System.Diagnostics;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>Being asked to stop while a script runs.</summary>
public sealed class SignalTests : IDisposable
{
    private const string NeedsKill = "signals are sent by kill, which is not there";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_stops_the_pipeline_and_ends_the_process_cleanly(string signal, int code)
    {
        Skip.If(OperatingSystem.IsWindows(), NeedsKill);
        var script = _folder.Write(
            "loop.ps1",
            "try { 'started'; while ($true) { $x++ } } finally { [Console]::Out.WriteLine('cleaned up') }; 'not here'"
        );
        using var shell = ShellProcess.Start([script]);
        shell.WaitFor("started");

        Send(signal, shell);

        var result = shell.Wait();
        Assert.Equal(code, result.ExitCode);
        Assert.Contains("cleaned up", result.Out);
        Assert.DoesNotContain("not here", result.Out);
    }

    [SkippableFact]
    public void A_pipeline_that_does_not_stop_is_ended_by_a_second_Ctrl_C_after_five_seconds()
    {
        Skip.If(OperatingSystem.IsWindows(), NeedsKill);
        using var shell = ShellProcess.Start([_folder.Write("stuck.ps1", "'started'; [Threading.Thread]::Sleep(-1)")]);
        shell.WaitFor("started");

        Send("INT", shell);
        Thread.Sleep(1000);
        Send("INT", shell);
        Thread.Sleep(1000);
        Assert.False(shell.Process.HasExited, "the pipeline has five seconds to stop");
        Thread.Sleep(4000);
        Send("INT", shell);

        var result = shell.Wait();
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("did not stop", result.Error);
    }

    private static void Send(string signal, RunningShell shell)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{shell.Process.Id}"]);
        kill.WaitForExit();
    }
}
