using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Notebooks;

public class NotebookImportTests
{
    [Fact]
    public void To_import_the_module_loads_neither_the_wire_s_library_nor_Polyglot_s()
    {
        var result = ShellProcess.Run(
            "-c",
            "Get-Command Invoke-Notebook | ForEach-Object Name; [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name }"
        );

        Assert.Contains("Invoke-Notebook", result.Lines);
        Assert.Contains("PSConvNet.Notebook", result.Lines);
        foreach (
            var name in (string[])
                ["NetMQ", "AsyncIO", "NaCl", "PSConvNet.Polyglot", "Microsoft.DotNet.Interactive.Formatting"]
        )
            Assert.DoesNotContain(name, result.Lines);
    }

    [Fact]
    public void The_runner_s_own_commands_are_not_the_module_s()
    {
        using var session = new PowerShellSession();

        Assert.Empty(session.Run("Get-Command Out-Notebook* -ErrorAction Ignore").Output);
    }
}
