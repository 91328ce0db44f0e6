using System.Management.Automation;
using System.Xml.Linq;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Evaluation;

public sealed class NewModelReportTests(TrainedSession shared) : IClassFixture<TrainedSession>, IDisposable
{
    private static readonly XNamespace s_xhtml = "http://www.w3.org/1999/xhtml";

    private readonly PowerShellSession _session = shared.Session;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_alone_makes_a_page_and_gives_the_file()
    {
        var result = _session.Run($"New-ModelReport $run -Path '{_folder.Path}/report.html'");

        Assert.Empty(result.Errors);
        var file = Assert.IsType<FileInfo>(Assert.Single(result.Output).BaseObject);
        Assert.Equal(Path.Combine(_folder.Path, "report.html"), file.FullName);
        var page = XDocument.Load(file.FullName).Root!;
        Assert.Equal("good on Synthetic", page.Descendants(s_xhtml + "h1").Single().Value);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.part"));
    }

    [Fact]
    public void Runs_and_models_from_the_pipeline_are_compared_as_Compare_Model_does_and_progress_is_told()
    {
        var result = _session.Run(
            $"$poor, $run | New-ModelReport -Path '{_folder.Path}/two.html' -Data $seen -Title 'T & <b>' -Note 'N' -MistakeCount 3; ($poor, $run | Compare-Model -Data $seen)[0].Summary"
        );

        Assert.Empty(result.Errors);
        var page = XDocument.Load(Path.Combine(_folder.Path, "two.html")).Root!;
        Assert.Equal("T & <b>", page.Descendants(s_xhtml + "h1").Single().Value);
        Assert.Contains(
            result.Output[1].ToString(),
            page.Descendants(s_xhtml + "header").Single().Value,
            StringComparison.Ordinal
        );
        Assert.Contains(result.Progress, record => record.Activity == "Measuring poor");
        Assert.Contains(result.Progress, record => record.RecordType == ProgressRecordType.Completed);
    }

    [Theory]
    [InlineData("$good report.txt", "ReportFormatUnsupported", ErrorCategory.InvalidArgument)]
    [InlineData("$good report", "ReportFormatUnsupported", ErrorCategory.InvalidArgument)]
    [InlineData("$good folder.html", "PathInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("$good there.html", "FileExists", ErrorCategory.InvalidArgument)]
    [InlineData("$good nowhere/report.html", "FileNotWritten", ErrorCategory.NotSpecified)]
    [InlineData("$good Env:/report.html", "PathNotOfFileSystem", ErrorCategory.InvalidArgument)]
    [InlineData("$good new.html -MistakeCount 1000", "ReportOptionInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("(New-Small -Classes 3) new.html -Data $data", "ClassCountMismatch", ErrorCategory.InvalidArgument)]
    [InlineData("'net' new.html", "ReportInputInvalid", ErrorCategory.InvalidArgument)]
    public void What_can_not_be_written_is_an_error_and_leaves_no_file(
        string arguments,
        string errorId,
        ErrorCategory category
    )
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.html"));
        File.WriteAllText(Path.Combine(_folder.Path, "there.html"), "mine");
        _session.Run($"$ExecutionContext.SessionState.Path.SetLocation('{_folder.Path}')");

        var error = _session.RunForError($"New-ModelReport {arguments}");

        _session.Run("$ExecutionContext.SessionState.Path.SetLocation([IO.Path]::GetTempPath())");
        Assert.Equal($"{errorId},PSConvNet.Commands.NewModelReportCommand", error.FullyQualifiedErrorId);
        if (category != ErrorCategory.NotSpecified)
            Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, "there.html")));
        Assert.Equal(["there.html"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void WhatIf_writes_nothing_Force_writes_over_and_what_is_no_model_does_not_keep_others_from_the_page()
    {
        var path = Path.Combine(_folder.Path, "report.html");

        var what = _session.Run($"New-ModelReport $good '{path}' -WhatIf");
        Assert.Empty(what.Output);
        Assert.False(File.Exists(path));

        File.WriteAllText(path, "old");
        var result = _session.Run($"$good, 42 | New-ModelReport -Path '{path}' -Force");
        Assert.Single(result.Output);
        Assert.StartsWith(
            "ReportInputInvalid,",
            Assert.Single(result.Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_while_it_measures_ends_it_without_a_file()
    {
        using var session = new PowerShellSession();
        session.Run(
            "$data = Import-Mnist Synthetic -First 10000 | Expand-Dimension; $model = New-Model -Preset TutorialConv"
        );
        using var shell = PowerShell.Create(session.Runspace);
        shell.AddScript($"New-ModelReport $model '{_folder.Path}/never.html' -Data $data -Precision Float32");
        using var measuring = new ManualResetEventSlim();
        shell.Streams.Progress.DataAdded += (_, _) => measuring.Set();

        var running = shell.BeginInvoke();
        Assert.True(measuring.Wait(TimeSpan.FromSeconds(60)));
        shell.Stop();

        Assert.ThrowsAny<Exception>(() => shell.EndInvoke(running));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
