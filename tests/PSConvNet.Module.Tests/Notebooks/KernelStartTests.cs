using System.Management.Automation;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>How the kernel's script refuses what it can't start on.</summary>
public sealed class KernelStartTests : IDisposable
{
    private readonly PowerShellSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null, "ConnectionFileNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("", "ConnectionFileInvalid", ErrorCategory.InvalidData)]
    [InlineData("null", "ConnectionFileInvalid", ErrorCategory.InvalidData)]
    [InlineData("{ \"shell_port\": \"1\" }", "ConnectionFileInvalid", ErrorCategory.InvalidData)]
    [InlineData(
        "{ \"shell_port\": 1, \"iopub_port\": 2, \"stdin_port\": 3, \"control_port\": 4, \"hb_port\": 5, \"signature_scheme\": \"md5\" }",
        "SignatureSchemeUnknown",
        ErrorCategory.InvalidData
    )]
    public void An_error_is_ours_with_its_id_and_its_category(string? text, string id, ErrorCategory category)
    {
        var path = Path.Combine(_folder.Path, "connection [1].json");
        if (text is not null)
            File.WriteAllText(path, text);
        var script = Path.Combine(Path.GetDirectoryName(Repository.Manifest)!, "kernel", "Start-NotebookKernel.ps1");

        var error = _session.RunForError($"& '{script}' '{path}'");

        Assert.Equal($"{id},PSConvNet.Commands.NotebookKernelCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal("ConvNetException", error.Exception.GetType().Name);
    }
}
