using System.Diagnostics;
using System.Globalization;

namespace PSConvNet.Notebook.Tests.Wire;

public class ParentProcessTests
{
    [SkippableTheory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("handle")]
    public void What_names_no_process_is_not_watched(string? variable) => Assert.Null(ParentProcess.Named(variable));

    [SkippableFact]
    public void A_running_process_is_alive()
    {
        Skip.If(OperatingSystem.IsWindows(), "Jupyter names a handle there, and ends its kernels by a job object");

        var parent = ParentProcess.Named(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

        Assert.True(parent!.IsAlive);
    }

    [SkippableFact]
    public void A_process_that_has_ended_is_not_alive_whether_it_did_before_or_after_the_kernel_began()
    {
        Skip.If(OperatingSystem.IsWindows(), "Jupyter names a handle there, and ends its kernels by a job object");
        using var process = Process.Start("sleep", "60")!;
        var parent = new ParentProcess(process.Id);
        Assert.True(parent.IsAlive);

        process.Kill();
        process.WaitForExit();

        Assert.False(parent.IsAlive);
        Assert.False(new ParentProcess(process.Id).IsAlive);
    }

    [SkippableFact]
    public void A_zombie_is_not_alive()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux tells a zombie's state in a file");
        // sleep takes the shell's place and never collects the shell's child.
        using var shell = Process.Start(
            new ProcessStartInfo("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true }
        )!;
        try
        {
            var id = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            var parent = new ParentProcess(id);
            Assert.True(SpinWait.SpinUntil(() => !parent.IsAlive, TimeSpan.FromSeconds(30)));
            Assert.True(Directory.Exists($"/proc/{id}"));
        }
        finally
        {
            shell.Kill();
        }
    }
}
