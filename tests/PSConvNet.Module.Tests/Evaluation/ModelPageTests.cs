using System.Management.Automation;
using System.Xml.Linq;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Evaluation;

public sealed class ModelPageTests(TrainedSession shared) : IClassFixture<TrainedSession>, IDisposable
{
    private static readonly XNamespace s_xhtml = "http://www.w3.org/1999/xhtml";

    private readonly PowerShellSession _session = shared.Session;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_and_runs_make_a_page_with_their_mistakes_and_give_the_file()
    {
        var result = _session.Run(
            $"$poor, $run | New-ModelPage -Path '{_folder.Path}/draw.html' -Data $seen -Title 'T & <b>' -MistakeCount 3; $poor, $good | ForEach-Object {{ (Measure-Model $_ -Data $seen).Errors }}"
        );

        Assert.Empty(result.Errors);
        var file = Assert.IsType<FileInfo>(result.Output[0].BaseObject);
        Assert.Equal(Path.Combine(_folder.Path, "draw.html"), file.FullName);
        var page = XDocument.Load(file.FullName).Root!;
        Assert.Equal("T & <b>", page.Descendants(s_xhtml + "h1").Single().Value);
        Assert.Equal(["poor", "good"], Panels(page));
        var wrong = result.Output.Skip(1).Sum(errors => Math.Min(3, (int)errors.BaseObject));
        Assert.InRange(wrong, 3, 6);
        Assert.Equal(wrong, page.Descendants(s_xhtml + "button").Count(b => b.Attribute("class")?.Value == "mistake"));
        Assert.Contains(result.Progress, record => record.Activity == "Measuring poor");
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.part"));
    }

    [Theory]
    [InlineData("$good draw.txt", "PageFormatUnsupported", ErrorCategory.InvalidArgument)]
    [InlineData("$good folder.html", "PathInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("$good there.html", "FileExists", ErrorCategory.InvalidArgument)]
    [InlineData("$good nowhere/draw.html", "FileNotWritten", ErrorCategory.NotSpecified)]
    [InlineData("$good Env:/draw.html", "PathNotOfFileSystem", ErrorCategory.InvalidArgument)]
    [InlineData("$good new.html -Data $data -MistakeCount 1000", "PageOptionInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("$good new.html -MistakeCount 3", "ParameterNotApplicable", ErrorCategory.InvalidArgument)]
    [InlineData("(New-Small -Classes 3) new.html -Data $data", "ClassCountMismatch", ErrorCategory.InvalidArgument)]
    [InlineData("(New-DenseLayer 2 | New-Model 784) new.html", "PageModelUnsupported", ErrorCategory.InvalidArgument)]
    [InlineData("'net' new.html", "PageInputInvalid", ErrorCategory.InvalidArgument)]
    public void What_can_not_be_written_is_an_error_and_leaves_no_file(
        string arguments,
        string errorId,
        ErrorCategory category
    )
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.html"));
        File.WriteAllText(Path.Combine(_folder.Path, "there.html"), "mine");
        _session.Run($"$ExecutionContext.SessionState.Path.SetLocation('{_folder.Path}')");

        var error = _session.RunForError($"New-ModelPage {arguments}");

        _session.Run("$ExecutionContext.SessionState.Path.SetLocation([IO.Path]::GetTempPath())");
        Assert.Equal($"{errorId},PSConvNet.Commands.NewModelPageCommand", error.FullyQualifiedErrorId);
        if (category != ErrorCategory.NotSpecified)
            Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, "there.html")));
        Assert.Equal(["there.html"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_Force_writes_over()
    {
        var file = Path.Combine(_folder.Path, "draw.html");

        Assert.Empty(_session.Run($"New-ModelPage $good '{file}' -WhatIf").Output);
        Assert.False(File.Exists(file));
        File.WriteAllText(file, "old");
        var result = _session.Run($"'net', $good | New-ModelPage -Path '{file}' -Force -ErrorAction SilentlyContinue");

        Assert.Single(result.Output);
        Assert.Equal(["good"], Panels(XDocument.Load(file).Root!));
    }

    [Fact]
    public void Showing_a_page_with_WhatIf_gives_none()
    {
        var result = _session.Run("Show-ModelPage $good -Open -WhatIf");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void At_a_prompt_the_page_is_shown_as_a_file_and_says_where()
    {
        var result = _session.Run("Show-ModelPage $good -Verbose");

        var file = Assert.IsType<FileInfo>(Assert.Single(result.Output).BaseObject);
        try
        {
            Assert.Equal(["good"], Panels(XDocument.Load(file.FullName).Root!));
            Assert.StartsWith(Path.GetTempPath(), file.FullName, StringComparison.Ordinal);
            Assert.Contains(result.Verbose, record => record.Contains(file.FullName, StringComparison.Ordinal));
        }
        finally
        {
            file.Directory!.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Panels(XElement page) =>
        page.Descendants(s_xhtml + "section")
            .Where(section => section.Attribute("class")?.Value == "panel")
            .Select(section => section.Element(s_xhtml + "h3")!.Value);
}
