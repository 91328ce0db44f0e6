using System.Management.Automation;
using System.Xml.Linq;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Models;

public sealed class ShowModelTests(SharedSession shared) : IClassFixture<SharedSession>, IDisposable
{
    private const string Small =
        "(New-FlattenLayer | New-DenseLayer 3 -Activation Softmax | New-Model 4,4 -Name small)";

    private readonly PowerShellSession _session = shared.Session;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Text_comes_unless_something_else_is_asked_for()
    {
        var result = _session.Run($"{Small} | Show-Model; Show-Model {Small} -Format Text");

        Assert.Equal(
            """
            small: 4 x 4 -> 3, 2 layers, 51 parameters

             ○  Input                      4 x 4
             ●  Flatten                       16
             ●  Dense    3 units, Softmax      3  51
            """.ReplaceLineEndings("\n"),
            result.Output[0].ToString()
        );
        Assert.IsNotType<string>(result.Output[0].BaseObject);
        Assert.Equal(result.Output[0].ToString(), result.Output[1].BaseObject);
    }

    [Theory]
    [InlineData("DeepConv")]
    [InlineData("TutorialConv")]
    public void At_the_prompt_it_fits_a_terminal(string preset)
    {
        var lines = Screen.Show($"New-Model -Preset {preset} | Show-Model");

        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(preset == "DeepConv", lines.Any(line => line.Contains("⊕─╯", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("-Format Svg", "<svg ")]
    [InlineData("-Format svg", "<svg ")]
    [InlineData("-Format Mermaid", "---\ntitle: \"small")]
    public void The_other_formats_are_strings_too(string parameters, string start)
    {
        var text = Assert.IsType<string>(_session.Run($"Show-Model {Small} {parameters}").Output.Single().BaseObject);

        Assert.StartsWith(start, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.svg", "", "<svg ")]
    [InlineData("net.SVG", "", "<svg ")]
    [InlineData("net.mmd", "", "---\ntitle")]
    [InlineData("net.mermaid", "", "---\ntitle")]
    [InlineData("net.txt", "", "small: ")]
    [InlineData("net.md", "-Format Mermaid", "---\ntitle")]
    [InlineData("net.txt", "-Format Svg", "<svg ")]
    [InlineData("net", "-Format Text", "small: ")]
    public void A_file_is_written_in_the_format_of_its_ending_unless_told(string name, string parameters, string start)
    {
        var path = Path.Combine(_folder.Path, name);

        var file = _session.Run($"Show-Model {Small} '{path}' {parameters}").Output.Single();

        Assert.Equal(path, Assert.IsType<FileInfo>(file.BaseObject).FullName);
        var bytes = File.ReadAllBytes(path);
        Assert.Equal(start, System.Text.Encoding.UTF8.GetString(bytes)[..start.Length]);
        // One line end at the end, as text files have, and no byte order mark.
        Assert.Equal((byte)'\n', bytes[^1]);
        Assert.NotEqual((byte)'\n', bytes[^2]);
    }

    [Fact]
    public void A_picture_in_a_file_is_whole()
    {
        var path = Path.Combine(_folder.Path, "deep.svg");

        _session.Run($"New-Model -Preset DeepConv -Name 'deep & <wide>' | Show-Model -Path '{path}'");

        var root = XDocument.Load(path).Root!;
        Assert.StartsWith("deep & <wide>: ", root.Elements().First().Value, StringComparison.Ordinal);
        Assert.Equal(
            21,
            root.Descendants().Count(e => e.Attribute("data-layer") is not null && e.Elements().Count() > 1)
        );
    }

    [Fact]
    public void A_path_is_meant_from_where_the_session_stands()
    {
        var place = _session.Runspace.SessionStateProxy.Path;
        var before = place.CurrentLocation.Path;
        place.SetLocation(_folder.Path);
        var result = _session.Run($"(Show-Model {Small} here.txt).FullName");
        place.SetLocation(before);

        Assert.Equal(Path.Combine(_folder.Path, "here.txt"), result.Output.Single().BaseObject);
    }

    [Fact]
    public void Each_of_several_gets_a_file_of_its_own()
    {
        var result = _session.Run(
            $$"""
            'a', 'b' | ForEach-Object { New-FlattenLayer | New-Model 4,4 -Name $_ } |
                Show-Model -Path { '{{_folder.Path}}/' + $_.Name + '.txt' } | ForEach-Object Name
            """
        );

        Assert.Equal(["a.txt", "b.txt"], result.Output.Select(o => o.BaseObject));
        Assert.StartsWith("b: ", File.ReadAllText(Path.Combine(_folder.Path, "b.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_of_two_models_does_not_take_the_firsts_file()
    {
        var path = Path.Combine(_folder.Path, "one.txt");

        var result = _session.Run(
            $"'a', 'b' | ForEach-Object {{ New-FlattenLayer | New-Model 4,4 -Name $_ }} | Show-Model -Path '{path}' -Force"
        );

        Assert.Single(result.Output);
        AssertError(
            Assert.Single(result.Errors),
            "FileExists",
            ErrorCategory.InvalidArgument,
            "give each its own file"
        );
        Assert.StartsWith("a: ", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_exists_is_left_alone_without_Force()
    {
        var path = _folder.Write("old.txt", new string('x', 9999));

        AssertError(
            _session.RunForError($"Show-Model {Small} '{path}'"),
            "FileExists",
            ErrorCategory.InvalidArgument,
            "give -Force to replace it"
        );
        Assert.Equal(9999, new FileInfo(path).Length);

        _session.Run($"Show-Model {Small} '{path}' -Force");
        Assert.EndsWith("  51\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_nothing_and_says_what_is_wrong_all_the_same()
    {
        var path = Path.Combine(_folder.Path, "new.svg");

        Assert.Empty(_session.Run($"Show-Model {Small} '{path}' -WhatIf").Output);
        Assert.False(File.Exists(path));
        // Nothing is written without a path, so there is nothing to ask about.
        Assert.Single(_session.Run($"Show-Model {Small} -WhatIf").Output);
    }

    [Theory]
    [InlineData(
        "{0}/net.gif",
        "PictureFormatUnknown",
        ErrorCategory.InvalidArgument,
        "use .png, .svg, .html, .txt or .mmd"
    )]
    [InlineData("{0}/net", "PictureFormatUnknown", ErrorCategory.InvalidArgument, "doesn't say how to draw")]
    [InlineData("{0}/missing/net.svg", "FileNotWritten", ErrorCategory.ResourceUnavailable, "could not be written")]
    [InlineData("{0}/folder.svg", "PathInvalid", ErrorCategory.InvalidArgument, "is a folder")]
    [InlineData("env:net.svg", "PathNotOfFileSystem", ErrorCategory.InvalidArgument, "file system")]
    [InlineData("nodrive:net.svg", "PathNotFound", ErrorCategory.ObjectNotFound, "check the path")]
    [InlineData("{0}/a\0b.svg", "PathNotFound", ErrorCategory.ObjectNotFound, "check the path")]
    public void A_path_that_cannot_be_written_is_refused_by_id(
        string path,
        string errorId,
        ErrorCategory category,
        string message
    )
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.svg"));
        _session.Runspace.SessionStateProxy.SetVariable("path", string.Format(null, path, _folder.Path));

        AssertError(_session.RunForError($"Show-Model {Small} $path"), errorId, category, message);
    }

    [Theory]
    [InlineData("Show-Model", "MissingMandatoryParameter")]
    [InlineData("Show-Model 'conv'", "ParameterArgumentTransformationError")]
    [InlineData("Show-Model " + Small + " -Format Png", "PictureFormatUnsupported")]
    [InlineData("Show-Model " + Small + " -Format Gif", "ParameterArgumentTransformationError")]
    [InlineData("Show-Model " + Small + " -Path ''", "ParameterArgumentValidationError")]
    public void The_rest_is_refused_too(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private static void AssertError(ErrorRecord error, string errorId, ErrorCategory category, string message)
    {
        Assert.Equal($"{errorId},PSConvNet.Commands.ShowModelCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }
}
