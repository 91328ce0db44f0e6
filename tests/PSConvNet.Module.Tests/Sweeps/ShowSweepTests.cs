namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>Pictures of a study, shown and written.</summary>
public sealed class ShowSweepTests(SweepSession shared) : IClassFixture<SweepSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData("History", "SweepHistory")]
    [InlineData("ParallelCoordinates", "ParallelCoordinates")]
    [InlineData("Importance", "ParameterImportance")]
    [InlineData("Rungs", "SweepRungs")]
    public void Each_view_is_a_picture_that_is_shown_or_written(string view, string type)
    {
        var picture = _session.Run($"Show-Sweep grid {view}").Output.Single();
        Assert.Equal($"PSConvNet.Drawing.{type}", picture.TypeNames[0]);
        foreach (var (end, start) in new[] { ("png", "\x89PNG"), ("svg", "<svg"), ("html", "<"), ("txt", "") })
        {
            var file = _session.Run($"Show-Sweep -Study grid -View {view} -Path {view}.{end} -Force").Output.Single();
            var path = Assert.IsType<FileInfo>(file.BaseObject).FullName;
            Assert.StartsWith(start, File.ReadAllText(path, System.Text.Encoding.Latin1), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_trials_of_one_study_are_one_picture() =>
        Assert.Single(_session.Run("Get-SweepTrial grid | Show-Sweep").Output);

    [Theory]
    [InlineData("Show-Sweep nowhere", "StudyNotFound")]
    [InlineData("Show-Sweep grid -Path x.gif", "PictureFormatUnknown")]
    [InlineData("Show-Sweep grid -Path grid/study.json", "PictureFormatUnknown")]
    public void What_cannot_be_is_refused_by_id(string script, string id) =>
        Assert.Equal(id, _session.RunForError(script).FullyQualifiedErrorId.Split(',')[0]);

    [Fact]
    public void A_file_that_is_there_is_kept_without_Force()
    {
        _session.Run("Show-Sweep grid -Path twice.svg");
        Assert.Equal(
            "FileExists",
            _session.RunForError("Show-Sweep grid -Path twice.svg").FullyQualifiedErrorId.Split(',')[0]
        );
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        Assert.Empty(_session.Run("Show-Sweep grid -Path no.svg -WhatIf").Output);
        Assert.False(File.Exists(Path.Combine(shared.Folder, "no.svg")));
    }
}
