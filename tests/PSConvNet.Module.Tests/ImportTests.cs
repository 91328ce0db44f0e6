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
}
