namespace PSConvNet.Module.Tests.Shell;

/// <summary>The engine's types by their names: they live in a load context that PowerShell itself doesn't search.</summary>
public sealed class TypeNameTests
{
    [Fact]
    public void Every_public_type_of_the_engine_is_found_by_its_name()
    {
        using var session = new PowerShellSession();

        var result = session.Run(
            """
            $types = (New-FlattenLayer).GetType().Assembly.GetExportedTypes()
            $types.Count -gt 100
            $types | Where-Object { $_.FullName -as [type] -ne $_ } | ForEach-Object FullName
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true], result.Output.Select(one => one.BaseObject));
    }

    [Fact]
    public void A_type_can_be_written_with_a_using_statement_in_a_parameter_and_as_an_array()
    {
        using var session = new PowerShellSession();

        var result = session.Run(
            """
            using namespace PSConvNet
            function Get-Size([Shape] $Shape) { $Shape.Size }
            Get-Size ([psconvnet.shape]::new(2, 3, 4))
            [PSConvNet.Shape[]]::new(5).Count
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([24, 5], result.Output.Select(one => one.BaseObject));
    }

    [Fact]
    public void Tab_completes_a_types_name()
    {
        using var session = new PowerShellSession();

        var result = session.Run(
            "[System.Management.Automation.CommandCompletion]::CompleteInput('[PSConvNet.Data.Datas', 21, $null).CompletionMatches.CompletionText"
        );

        Assert.Contains("PSConvNet.Data.Dataset", result.Output.Select(one => one.ToString()));
    }
}
