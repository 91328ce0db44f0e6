using System.Management.Automation;
using System.Xml.Linq;
using PSConvNet.Module.Tests.Evaluation;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Drawing;

public sealed class ShowImageTests(TrainedSession shared) : IClassFixture<TrainedSession>, IDisposable
{
    private readonly PowerShellSession _session = shared.Session;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_data_set_is_shown_from_its_beginning_with_the_classes_names()
    {
        var picture = Picture("Show-Image $data -Count 3");

        Assert.EndsWith(
            $". From left to right, row by row: {string.Join("; ", Truths([0, 1, 2]))}.",
            Description(picture),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Index_class_and_skip_choose_and_a_seed_names_an_order()
    {
        Assert.Equal(
            Description(Picture("Show-Image $data -Index 4,2")).Split(": ")[^1],
            string.Join("; ", Truths([4, 2])) + "."
        );
        Assert.Equal("7; 7.", Description(Picture("Show-Image $data -Class 7 -Count 2")).Split(": ")[^1]);
        Assert.Equal(Text("Show-Image $data -Skip 2 -Count 1 -Title t"), Text("Show-Image $data -Index 2 -Title t"));
        Assert.Equal(Text("Show-Image $data -Shuffle -Seed 3"), Text("Show-Image $data -Shuffle -Seed 3"));
        Assert.NotEqual(Text("Show-Image $data -Shuffle -Seed 3"), Text("Show-Image $data -Shuffle -Seed 4"));
    }

    [Fact]
    public void What_is_wrong_is_wrong_and_comes_by_confidence()
    {
        var expected = _session
            .Run("Invoke-Prediction $poor $data | Where-Object { -not $_.IsCorrect }")
            .Output.Select(wrong =>
                (
                    Probability: (double)wrong.Properties["Probability"].Value,
                    Guess: wrong.Properties["ClassName"].Value,
                    Truth: wrong.Properties["TruthName"].Value
                )
            )
            .OrderByDescending(wrong => wrong.Probability)
            .Take(5)
            .ToArray();

        var shown = Description(Picture("Show-Image $data -Model $poor -Wrong -Count 5"));

        Assert.StartsWith("poor: ", shown, StringComparison.Ordinal);
        var captions = shown[(shown.LastIndexOf(": ✗", StringComparison.Ordinal) + 2)..].TrimEnd('.').Split("; ");
        foreach (var (caption, pair) in captions.Zip(expected))
        {
            Assert.StartsWith($"✗ {pair.Guess}, ", caption, StringComparison.Ordinal);
            Assert.EndsWith($"truth: {pair.Truth}", caption, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Answers_come_through_the_pipeline_and_make_one_picture()
    {
        var result = _session.Run("Invoke-Prediction $good $data | Where-Object IsCorrect | Show-Image -Count 4");

        Assert.Equal(4, Description(result.Output.Single()).Split('✓').Length - 1);
    }

    [Fact]
    public void Augmented_images_differ_from_each_other_and_are_those_of_the_method()
    {
        Assert.NotEqual(
            Text("Show-Image $data -Index 0 -Title t"),
            Text("Show-Image $data -Index 0 -Title t -Augmentation (New-Augmentation -Shift 6)")
        );
        Assert.Equal(
            Text("Show-Image $data -Index 0,0,0 -Title t -Seed 5 -Augmentation (New-Augmentation)"),
            Text(
                """
                $set = [PSConvNet.Data.Dataset]::new('x', $data.Train, $data.Train, $data.ClassNames, 'test')
                $three = [PSConvNet.Data.ImageSet]::new('Train', [byte[]]($data.Train.GetImage(0).ToArray() * 3), [int[]](@(0) * 3), $data.Shape)
                $changed = (New-Augmentation).Apply($three, 5)
                $names = foreach ($i in 0..2) { (Invoke-Prediction $good $data -Part Train | ForEach-Object TruthName)[0] }
                Show-Image ([PSConvNet.Data.Dataset]::new('y', $changed, $changed, [string[]]$names, 'test')) -Title t
                """
            )
        );
    }

    [Fact]
    public void Files_and_arrays_are_shown_too()
    {
        var path = Path.Combine(_folder.Path, "dot.png");
        byte[] pixels = [.. Enumerable.Repeat((byte)0, 30), .. Enumerable.Repeat((byte)255, 30)];
        File.WriteAllBytes(path, GreyPng.Encode(pixels, 10, 6));

        foreach (
            var script in new[]
            {
                $"Show-Image '{path}' -Title t",
                $"[IO.FileInfo]::new('{path}') | Show-Image -Title t",
            }
        )
        {
            var text = Text(script);
            // The upper half dark, the lower bright, in its own proportions: three lines of ten.
            Assert.Equal(1, text.Split('\n').Count(line => line.TrimEnd() == new string('@', 10)));
            Assert.Contains("dot.png", text, StringComparison.Ordinal);
        }
        var array = Text("Show-Image -Image ([byte[]](@(0) * 30 + @(255) * 30)) -Shape 6,10 -Title t");
        Assert.Equal(1, array.Split('\n').Count(line => line.TrimEnd() == new string('@', 10)));
    }

    [Fact]
    public void A_folder_has_the_models_answers_and_what_its_folders_names_make_wrong_of_them()
    {
        // Training images as files, the last of them in the folder of another class.
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => Save(i, Truths([i]).Single(), $"{i}.png"))];
        var misplaced = Save(4, Truths([4]).Single() == "0" ? "1" : "0", "misplaced.png");
        Save(5, null, "loose.png");
        var expected = _session
            .Run(
                $"Invoke-Prediction $good -LiteralPath {string.Join(',', paths.Append(misplaced).Select(path => $"'{path}'"))}"
            )
            .Output.ToDictionary(
                answer => (string)answer.Properties["Source"].Value,
                answer => (string)answer.Properties["ClassName"].Value
            );

        var shown = Description(Picture($"Show-Image '{_folder.Path}' -Prediction $good"));

        var wrong = expected.Count(pair => pair.Value != Path.GetFileName(Path.GetDirectoryName(pair.Key)));
        Assert.InRange(wrong, 1, 4);
        Assert.StartsWith($"good: {wrong} of 5 wrong.", shown, StringComparison.Ordinal);
        Assert.Equal(5 - wrong, shown.Split('✓').Length - 1);
        Assert.Equal(wrong, shown.Split('✗').Length - 1);
        Assert.Contains(
            $"truth: {Path.GetFileName(Path.GetDirectoryName(misplaced))}",
            shown,
            StringComparison.Ordinal
        );
        // The loose one comes first, and nothing says what it is.
        Assert.DoesNotMatch("^[✓✗]", shown.Split("row by row: ")[1]);
        var mistakes = Description(Picture($"Get-Item '{_folder.Path}' | Show-Image -Model $good -Wrong"));
        Assert.Equal(wrong, mistakes.Split('✗').Length - 1);
        Assert.DoesNotContain("✓", mistakes, StringComparison.Ordinal);

        string Save(int index, string? name, string file)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, name ?? "")).FullName;
            var path = Path.Combine(folder, file);
            var pixels = (byte[])_session.Run($",$data.Train.GetImage({index}).ToArray()").Output.Single().BaseObject;
            File.WriteAllBytes(path, GreyPng.Encode(pixels, 28, 28));
            return path;
        }
    }

    [Fact]
    public void Without_a_model_a_folder_has_its_folders_names_and_a_bad_file_is_told()
    {
        Write("cat/a.png", GreyPng.Encode([1, 2], 2, 1));
        Write("dog/b.png", GreyPng.Encode([1, 2], 2, 1));
        Write("dog/bad.png", [1, 2, 3]);
        Write("dog/.hidden.png", [1, 2, 3]);
        Write("dog/note.txt", [1]);

        var result = _session.Run($"Show-Image '{_folder.Path}'");

        Assert.EndsWith(": cat; dog.", Description(result.Output.Single()), StringComparison.Ordinal);
        Assert.StartsWith("ImageFileInvalid,", result.Errors.Single().FullyQualifiedErrorId, StringComparison.Ordinal);

        void Write(string file, byte[] content)
        {
            var path = Path.Combine(_folder.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("svg")]
    [InlineData("html")]
    [InlineData("txt")]
    public void A_file_is_written_and_given(string ending)
    {
        var path = Path.Combine(_folder.Path, $"digits.{ending}");

        var file = _session.Run($"Show-Image $data -Count 4 -Path '{path}'").Output.Single();

        Assert.Equal(path, Assert.IsType<FileInfo>(file.BaseObject).FullName);
        Assert.InRange(new FileInfo(path).Length, 100, 1_000_000);
        if (ending == "svg")
            Assert.Equal("svg", XDocument.Load(path).Root!.Name.LocalName);
        Assert.Equal(
            "FileExists,PSConvNet.Commands.ShowImageCommand",
            Error($"Show-Image $data -Path '{path}'").FullyQualifiedErrorId
        );
        Assert.Empty(_session.Run($"Show-Image $data -Count 2 -Path '{path}' -Force").Errors);
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        var path = Path.Combine(_folder.Path, "no.png");

        Assert.Empty(_session.Run($"Show-Image $data -Path '{path}' -WhatIf").Output);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("Show-Image $data -Class nothing", "ClassUnknown")]
    [InlineData("Show-Image $data -Index 999999", "IndexOutOfRange")]
    [InlineData("Show-Image $data -Index -1", "IndexOutOfRange")]
    [InlineData("Show-Image $data -Wrong", "ShowInputInvalid")]
    [InlineData(
        "Show-Image (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) (New-Guid)))",
        "PictureEmpty"
    )]
    [InlineData("$data | Show-Image -Model $good -Invert", "ParameterNotApplicable")]
    [InlineData(
        "Invoke-Prediction $good $data | Select-Object -First 2 | Show-Image -Model $good",
        "ParameterNotApplicable"
    )]
    [InlineData("Show-Image 42", "ShowInputInvalid")]
    [InlineData("Show-Image nowhere.png", "PathNotFound")]
    [InlineData("Show-Image $data -Skip 100000", "PictureEmpty")]
    [InlineData("Show-Image -Image 1,2,3", "ImageArrayInvalid")]
    [InlineData("Show-Image -Image 1,2,300,4", "ImageArrayInvalid")]
    [InlineData("Show-Image $data -Path x.jpg", "PictureFormatUnknown")]
    [InlineData("Show-Image $data -Path x.mmd", "PictureFormatUnsupported")]
    public void What_cannot_be_shown_says_why(string script, string id) =>
        Assert.StartsWith(id + ",", Error(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Answers_from_a_file_are_refused_once_with_what_to_do()
    {
        var error = Error(
            "[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Invoke-Prediction $good $data)[0..14], 1)) | Show-Image"
        );

        Assert.StartsWith("ShowInputInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(
            "Predictions from a file or another session don't contain their pictures. Run Invoke-Prediction again, or give Show-Image the picture files themselves.",
            error.Exception.Message
        );
    }

    [Fact]
    public void Many_of_a_kind_that_can_t_be_shown_are_one_error_and_the_others_are_shown()
    {
        var result = _session.Run("1, 2, $data.Test, 3, [datetime]'2026-01-01' | Show-Image -Count 1");

        Assert.Single(result.Output);
        Assert.Equal(2, result.Errors.Count);
    }

    [Theory]
    [InlineData("Show-Image $data -Prediction (Invoke-Prediction $good $data)")]
    [InlineData("Show-Image $data -Prediction (Invoke-Prediction $good $data)[0]")]
    public void Answers_in_a_model_s_place_are_told_where_they_go(string script) =>
        Assert.Contains(
            "give the model that is to answer, or pipe the answers that you have: $answers | Show-Image.",
            _session.RunForError(script).Exception.Message,
            StringComparison.Ordinal
        );

    private ErrorRecord Error(string script) => _session.Run(script).Errors.Single();

    private PSObject Picture(string script) => _session.Run(script).Output.Single();

    private string Text(string script) => Picture(script).ToString();

    private static string Description(PSObject picture) => (string)picture.Properties["Description"].Value;

    /// <summary>Classes of training images, as predictions know them: PowerShell can't index a span.</summary>
    private IEnumerable<string> Truths(int[] indices)
    {
        var all = _session.Run("Invoke-Prediction $good $data -Part Train | ForEach-Object TruthName").Output;
        return indices.Select(i => all[i].ToString());
    }
}
