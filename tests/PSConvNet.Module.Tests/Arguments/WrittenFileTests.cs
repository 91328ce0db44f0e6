using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>Files that commands have written come down the pipeline as Get-Item gives them.</summary>
public sealed class WrittenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellSession _session = new();

    public WrittenFileTests() =>
        _session.Run(
            $"""
            Set-Location -LiteralPath '{_folder.Path}'
            $data = Import-Mnist Synthetic -First 40 | Expand-Dimension
            $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
            """
        );

    public static TheoryData<string> Commands =>
        [
            "Show-Image $data -Count 2 -Path 'digits.png'",
            "$model | Export-Model 'model[1].psconvnet'",
            "$model | New-ModelPage -Path 'page.html' -Data $data",
            "$model | New-ModelReport -Data $data -Path 'report.html'",
            "$model | Show-ModelPage -Data $data",
        ];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_written_file_has_all_that_Get_Item_tells_of_it(string command)
    {
        var result = _session.Run(
            $$"""
            $file = {{command}}
            $item = Get-Item -LiteralPath $file.FullName
            $item.PSObject.Properties.Where({ $_.Name -notin 'PSDrive', 'LastAccessTime', 'LastAccessTimeUtc' }) | ForEach-Object {
                if ("$($file.($_.Name))" -ne "$($_.Value)") { "$($_.Name): '$($file.($_.Name))', not '$($_.Value)'" }
            }
            @($file).Count
            Remove-Item -LiteralPath $file.PSPath
            Test-Path -LiteralPath $item.FullName
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([1, false], result.Output.Select(one => one.BaseObject));
    }

    [Fact]
    public void So_it_does_where_the_current_location_is_no_folder()
    {
        var result = _session.Run(
            $"""
            Set-Location Variable:
            (Show-Image $data -Count 2 -Path '{Path.Combine(_folder.Path, "digits.png")}').PSPath
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            $@"Microsoft.PowerShell.Core\FileSystem::{Path.Combine(_folder.Path, "digits.png")}",
            result.Output.Single().ToString()
        );
    }
}
