namespace PSConvNet.Module.Tests;

public class ImportTests
{
    [Fact]
    public void The_module_imports_into_a_bare_runspace()
    {
        using var session = new PowerShellSession();

        var result = session.Run("(Get-Module PSConvNet).Version.ToString()");

        Assert.Equal("0.1.0", result.Output.Single().ToString());
    }

    [Fact]
    public void A_second_copy_of_it_imports_into_a_session_and_so_does_the_same_one_again()
    {
        using var folder = new PSConvNet.Tests.Data.TemporaryFolder();
        var module = Path.GetDirectoryName(Repository.Manifest)!;
        foreach (var part in new[] { "formats", "types" })
            Copy(Path.Combine(module, part), Path.Combine(folder.Path, part));
        File.Copy(Repository.Manifest, Path.Combine(folder.Path, "PSConvNet.psd1"));
        Copy(Path.Combine(module, "bin"), Path.Combine(folder.Path, "bin"));
        using var session = new PowerShellSession();

        var result = session.Run(
            $"""
            Import-Module '{Repository.Manifest}' -Force
            Import-Module '{Path.Combine(folder.Path, "PSConvNet.psd1")}'
            @(Get-Module PSConvNet).Count
            @(Import-Mnist Synthetic -First 10 | Measure-Dataset | Sort-Object Max).Count
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([2, 2], result.Output.Select(count => count.BaseObject));

        // The folder alone: what it depends on is loaded already.
        static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.GetFiles(from))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
