namespace PSConvNet.Module.Tests.Shell;

/// <summary>Where the shell finds the module.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_module_is_found_beside_the_program_and_missed_aloud()
    {
        Skip.If(OperatingSystem.IsWindows(), "a symbolic link needs a privilege there");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(ShellProcess.Assembly)!))
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        var copy = Path.Combine(_folder.Path, "PSConvNet.Shell.dll");

        using (var alone = ShellProcess.Start(["-c", "1"], copy))
        {
            var result = alone.Wait();
            Assert.Equal((1, ""), (result.ExitCode, result.Out));
            Assert.Contains("module/PSConvNet.psd1", result.Error);
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "module"), Path.Combine(Repository.Root, "module"));
        using var packaged = ShellProcess.Start(["-c", "(Get-Module PSConvNet).ModuleBase"], copy);
        Assert.Equal(Path.Combine(_folder.Path, "module"), packaged.Wait().Lines[0]);
    }
}
