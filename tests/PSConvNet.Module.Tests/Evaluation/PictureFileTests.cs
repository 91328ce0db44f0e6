using System.Management.Automation;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>Invoke-Prediction on picture files.</summary>
public sealed class PictureFileTests : IClassFixture<TrainedSession>, IDisposable
{
    /// <summary>28 x 28 grey, row y of brightness 9 y; encoded by Skia at quality 60.</summary>
    private const string Jpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//"
        + "wAALCAAcABwBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAZEAADAAMAAAAAAAAAAAAAAAAAFWIDE1H/2gAIAQEAAD8AhF8hfIXyF8lYvkL5C+QvkrF8"
        + "hfIXyF8lNox8GjHwaMfBox8P/9k=";

    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellSession _session;
    private readonly byte[][] _images;

    public PictureFileTests(TrainedSession shared)
    {
        _session = shared.Session;
        _session.Runspace.SessionStateProxy.Path.SetLocation(_folder.Path);
        _images =
        [
            .. _session
                .Run("foreach ($i in 0..2) { ,$data.Test.GetImage($i).ToArray() }")
                .Output.Select(o => (byte[])o.BaseObject),
        ];
        for (var i = 0; i < _images.Length; i++)
            _folder.Write($"digit{i}.png", GreyPng.Encode(_images[i], 28, 28));
        _session.Run("$wanted = @(Invoke-Prediction $good $data)[0..2]");
    }

    public void Dispose()
    {
        _session.Runspace.SessionStateProxy.Path.SetLocation(Path.GetTempPath());
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Invoke-Prediction $good -Path digit0.png, ./digit1.png, digit2.png -Raw")]
    [InlineData("Invoke-Prediction $good -Path *.png -Raw")]
    [InlineData("Invoke-Prediction $good -Path 'digit[0-2].png' -Raw")]
    [InlineData("Invoke-Prediction $good -LiteralPath digit0.png, digit1.png, digit2.png -Raw")]
    [InlineData(
        "[IO.Directory]::GetFiles($PWD.Path) | ForEach-Object { [IO.FileInfo] $_ } | Where-Object Extension -eq .png | Invoke-Prediction $good -Raw"
    )]
    [InlineData(
        "0..2 | ForEach-Object { [pscustomobject]@{ PSPath = \"Microsoft.PowerShell.Core\\FileSystem::$($PWD.Path)/digit$_.png\" } } | Invoke-Prediction $good -Raw"
    )]
    public void Files_by_path_wildcard_or_pipeline_give_what_their_pixels_give(string script)
    {
        var result = _session.Run(
            $$"""
            $answers = @({{script}})
            $answers.Count
            foreach ($answer in $answers) {
                $i = [int]::Parse([IO.Path]::GetFileNameWithoutExtension($answer.Source).Substring(5))
                $answer.Label -eq $wanted[$i].Label -and [Math]::Abs($answer.Probability - $wanted[$i].Probability) -lt 1e-6
            }
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([3, true, true, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void An_answers_source_is_the_files_full_path_and_its_truth_is_unknown()
    {
        var answer = _session.Run("Invoke-Prediction $good -Path digit1.png").Output.Single();

        Assert.Equal(Path.Combine(_folder.Path, "digit1.png"), answer.Properties["Source"].Value);
        Assert.Null(answer.Properties["Truth"].Value);
        Assert.Null(answer.Properties["TruthName"].Value);
    }

    [Theory]
    [InlineData("-Path paper.png")]
    [InlineData("-LiteralPath paper.png")]
    public void Invert_turns_ink_on_paper_into_light_on_dark(string path)
    {
        _folder.Write("paper.png", GreyPng.Encode([.. _images[2].Select(pixel => (byte)(255 - pixel))], 28, 28));

        var result = _session.Run(
            $$"""
            [Math]::Abs((Invoke-Prediction $good {{path}} -Raw -Invert).Probability - $wanted[2].Probability) -lt 1e-6
            (Invoke-Prediction $good {{path}} -Raw).Probability -eq $wanted[2].Probability
            """
        );

        Assert.Equal([true, false], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_larger_picture_is_made_to_fit()
    {
        var twice = new byte[56 * 56];
        for (var i = 0; i < twice.Length; i++)
            twice[i] = _images[0][i / 56 / 2 * 28 + i % 56 / 2];
        _folder.Write("large.png", GreyPng.Encode(twice, 56, 56));

        var result = _session.Run("(Invoke-Prediction $good -Path large.png -Raw).Label - $wanted[0].Label");

        Assert.Equal(0, result.Output.Single().BaseObject);
    }

    [Fact]
    public void A_jpeg_is_read_nearly_as_it_was_drawn()
    {
        _folder.Write("ramp.jpg", Convert.FromBase64String(Jpeg));

        var result = _session.Run(
            """
            $ramp = [byte[]](0..783 | ForEach-Object { 9 * [Math]::Floor($_ / 28) })
            $drawn = Invoke-Prediction $good -Image (,$ramp)
            $read = Invoke-Prediction $good -Path *.jpg -Raw
            $read.Label - $drawn.Label
            [Math]::Abs($read.Probability - $drawn.Probability) -lt 0.1
            """
        );

        Assert.Equal([0, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("-LiteralPath digit0.png, missing.png, digit1.png")]
    [InlineData("-Path digit0.png, missing.png, digit1.png")]
    [InlineData("-Path digit0.png, missing*.png, digit1.png")]
    [InlineData("-LiteralPath digit0.png, no-such-folder/missing.png, digit1.png")]
    [InlineData("-LiteralPath digit0.png, 'missing[0-2].png', digit1.png")]
    [InlineData("-Path digit0.png, nodrive:missing.png, digit1.png")]
    [InlineData("-LiteralPath digit0.png, nodrive:missing.png, digit1.png")]
    public void A_missing_file_is_reported_and_the_others_go_on(string parameters)
    {
        var result = _session.Run($"Invoke-Prediction $good {parameters} | ForEach-Object Label");

        Assert.Equal(2, result.Output.Count);
        var error = Assert.Single(result.Errors);
        Assert.Equal("FileNotFound,PSConvNet.Commands.InvokePredictionCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains("missing", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_picture_is_reported_and_the_others_go_on()
    {
        _folder.Write("digit1.png", "seven"u8.ToArray());

        var result = _session.Run("Invoke-Prediction $good -Path *.png | ForEach-Object Label");

        Assert.Equal(2, result.Output.Count);
        var error = Assert.Single(result.Errors);
        Assert.Equal("ImageFileInvalid,PSConvNet.Commands.InvokePredictionCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal(Path.Combine(_folder.Path, "digit1.png"), error.TargetObject);
    }

    [Fact]
    public void A_model_of_vectors_has_no_use_for_pictures()
    {
        var error = _session.RunForError("Invoke-Prediction (New-DenseLayer 10 | New-Model 784) -Path digit0.png");

        Assert.Equal("ImageShapeUnsupported,PSConvNet.Commands.InvokePredictionCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }
}
