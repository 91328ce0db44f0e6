using System.Management.Automation;

namespace PSConvNet.Module.Tests.Diagnosis;

public class GetConvNetEnvironmentTests
{
    [Fact]
    public void It_writes_one_object_with_the_versions_and_the_processor()
    {
        using var session = new PowerShellSession();

        var environment = session.Run("Get-ConvNetEnvironment").Output.Single();

        Assert.Equal("PSConvNet.Runtime.ConvNetEnvironment", environment.BaseObject.GetType().FullName);
        Assert.Equal(
            session.Run("(Get-Module PSConvNet).Version.ToString()").Output.Single().ToString(),
            Property(environment, "Version")
        );
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string)Property(environment, "TorchSharpVersion")!);
        Assert.Equal(Environment.ProcessorCount, Property(environment, "Cores"));
        Assert.Contains(Property(environment, "Precision")!.ToString(), (string[])["BFloat16", "Float32"]);
        Assert.Equal(
            Path.Combine(Repository.Root, "module", "bin", "dependencies"),
            Property(environment, "DependencyFolder")
        );
    }

    [Fact]
    public void With_load_it_tells_where_each_library_came_from()
    {
        using var session = new PowerShellSession();

        var environment = session.Run("Get-ConvNetEnvironment -Load").Output.Single();

        Assert.Null(Property(environment, "LoadError"));
        Assert.Equal(true, Property(environment, "IsLoaded"));
        var folders = session.Run("(Get-ConvNetEnvironment).Libraries | ForEach-Object Folder").Output;
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.StartsWith(Repository.Root, folder.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Its_output_type_is_declared()
    {
        using var session = new PowerShellSession();

        var type = session.Run("(Get-Command Get-ConvNetEnvironment).OutputType.Name").Output.Single();

        Assert.Equal("PSConvNet.Runtime.ConvNetEnvironment", type.ToString());
    }

    private static object? Property(PSObject o, string name) => o.Properties[name].Value;
}
