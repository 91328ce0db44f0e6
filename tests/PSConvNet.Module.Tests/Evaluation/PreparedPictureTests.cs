using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>Users' picture files, prepared like the images that a model learned from.</summary>
public sealed class PreparedPictureTests : IClassFixture<TrainedSession>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellSession _session;

    public PreparedPictureTests(TrainedSession shared)
    {
        _session = shared.Session;
        _session.Runspace.SessionStateProxy.Path.SetLocation(_folder.Path);
        // Dark on light, a digit of four times its size in a corner; then three of them on one sheet.
        var digits = _session
            .Run("foreach ($i in 0..2) { ,$seen.Train.GetImage($i).ToArray() }")
            .Output.Select(o => (byte[])o.BaseObject)
            .ToArray();
        _folder.Write("one.png", GreyPng.Encode(Sheet(digits[..1], 300, 200), 300, 200));
        _folder.Write("three.png", GreyPng.Encode(Sheet(digits, 420, 200), 420, 200));
        _folder.Write("blank.png", GreyPng.Encode([.. Enumerable.Repeat((byte)230, 900)], 30, 30));
        _session.Run("$pixels = ,$seen.Train.GetImage(0).ToArray(); $wanted = Invoke-Prediction $good -Image $pixels");
    }

    public void Dispose()
    {
        _session.Runspace.SessionStateProxy.Path.SetLocation(Path.GetTempPath());
        _folder.Dispose();
    }

    [Fact]
    public void A_digit_drawn_on_white_is_read_as_it_was_learned()
    {
        var result = _session.Run(
            "$p = Invoke-Prediction $good -Path one.png -Verbose; $p.Label - $wanted.Label; $p.Box.Width -gt 40 -and $p.Box.Width -lt 120"
        );

        Assert.Empty(result.Errors);
        Assert.Equal([0, true], result.Output.Select(o => o.BaseObject));
        Assert.Contains(result.Verbose, text => text.Contains("light strokes on black", StringComparison.Ordinal));
    }

    [Fact]
    public void Raw_only_resizes()
    {
        var result = _session.Run(
            "$p = Invoke-Prediction $good -Path one.png -Raw -Verbose; $null -eq $p.Box; $p.Image.Pixels.ToArray()[27] -gt 200"
        );

        Assert.Equal([true, true], result.Output.Select(o => o.BaseObject));
        Assert.Contains(result.Verbose, text => text.Contains("resized as they are", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-Raw -Split", "ParameterNotApplicable")]
    [InlineData("-Raw -Preparation (New-ImagePreparation)", "ParameterNotApplicable")]
    [InlineData("-Preparation (New-ImagePreparation -Fit 29)", "PreparationSettingInvalid")]
    public void What_makes_no_sense_together_is_refused(string parameters, string id)
    {
        var error = Assert.Single(_session.Run($"Invoke-Prediction $good -Path one.png {parameters}").Errors);

        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_learned_from_differently_prepared_pictures_answer_together_only_where_it_is_said_how()
    {
        foreach (var name in (string[])["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
            File.Copy(Path.Combine(_folder.Path, "one.png"), _folder.Write($"set/{name}", []), overwrite: true);

        var result = _session.Run(
            """
            $pair = foreach ($fit in 18, 20) {
                $set = Import-ImageFolder set -Preparation (New-ImagePreparation -Fit $fit) -TestSplit 0
                $one = New-FlattenLayer | New-DenseLayer 2 -Activation Softmax | New-Model 28,28,1 -Name "fit $fit"
                $null = $one | Invoke-Training -Data $set -Epochs 1 -Quiet
                $one
            }
            @(Invoke-Prediction $pair -Path one.png -Raw).Count
            @(Invoke-Prediction $pair -Path one.png -Preparation (New-ImagePreparation)).Count
            Invoke-Prediction $pair -Path one.png
            """
        );

        Assert.Equal([1, 1], result.Output.Select(o => o.BaseObject));
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("EnsembleMismatch", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("fit 18 and fit 20", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_given_twice_is_shown_twice()
    {
        var result = _session.Run("(Show-Image one.png, three.png, one.png -Model $good).Description");

        Assert.Empty(result.Errors);
        Assert.Contains("3 pictures", (string)result.Output.Single().BaseObject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sheet_is_split_into_answers_that_make_a_number()
    {
        var result = _session.Run(
            """
            $all = @(Invoke-Prediction $good -Path three.png -Split)
            $all.Count
            ($all.ClassName -join '') -eq $all[0].Text
            (@($all.Box.Left) -join ',') -eq (@($all.Box.Left | Sort-Object) -join ',')
            ($all | Out-String -Width 80) -match 'three.png, line 1: \d{3}'
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([3, true, true, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("Invoke-Prediction $good -Path three.png", "there are several objects")]
    [InlineData("Invoke-Prediction $good -Path blank.png", "blank.png: nothing can be seen")]
    [InlineData("Show-Image three.png -Prepared", "there are several objects")]
    public void Odd_pictures_are_named_in_a_warning(string script, string warning) =>
        Assert.Contains(_session.Run(script).Warnings, text => text.Contains(warning, StringComparison.Ordinal));

    [Fact]
    public void A_picture_for_feature_maps_is_prepared_too()
    {
        var result = _session.Run("$null = Show-Activation $good -ImagePath one.png -Verbose");

        Assert.Empty(result.Errors);
        Assert.Contains(result.Verbose, text => text.Contains("light strokes on black", StringComparison.Ordinal));
    }

    [Fact]
    public void Steps_are_shown_on_request()
    {
        var result = _session.Run("[string](Show-Image one.png -Prepared -Steps) -match 'cut out'");

        Assert.Empty(result.Errors);
        Assert.True((bool)result.Output.Single().BaseObject);
        Assert.StartsWith(
            "ParameterNotApplicable",
            Assert.Single(_session.Run("Show-Image one.png -Steps").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_of_prepared_pictures_prepares_those_it_is_asked_about_in_the_same_way()
    {
        foreach (var name in (string[])["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
            File.Copy(Path.Combine(_folder.Path, "one.png"), _folder.Write($"set/{name}", []), overwrite: true);

        var result = _session.Run(
            """
            $preparation = New-ImagePreparation -Fit 18 -Centre Box
            $set = Import-ImageFolder set -Preparation $preparation -TestSplit 0
            $set.Train.Preparation -eq $preparation
            $two = New-FlattenLayer | New-DenseLayer 2 -Activation Softmax | New-Model 28,28,1 -Name two
            $null = $two | Invoke-Training -Data $set -Epochs 1 -Quiet
            $two.Preparation -eq $preparation
            $asked = (Invoke-Prediction $two -Path one.png).Image.Pixels.ToArray()
            -not (Compare-Object $asked $set.Train.GetImage(0).ToArray() -SyncWindow 0)
            New-ModelReport $two -Data $set -Path r.html | Out-Null
            (Get-Content r.html -Raw) -match 'Import-ImageFolder .* -Preparation \(New-ImagePreparation -Fit 18 -Centre Box\)'
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, true, true, true], result.Output.Select(o => o.BaseObject));
    }

    [SkippableFact]
    public void Test_digits_in_pictures_as_people_make_them_are_read_right()
    {
        var pictures = Repository.SharedMnist is { } mnist
            ? Path.GetFullPath(Path.Combine(mnist, "../../cases/f3-pictures"))
            : "";
        Skip.If(!Directory.Exists(pictures), "no folder cases/f3-pictures beside MNIST");

        var result = _session.Run(
            $$"""
            $mnist = Import-Mnist -Path '{{Repository.SharedMnist}}' | Expand-Dimension
            $fast = New-Model -Preset FastConv -Name fast
            $null = $fast | Invoke-Training -Data $mnist -Recipe Fast -Epochs 1 -Quiet
            $answers = Invoke-Prediction $fast -Path '{{pictures}}/*/*.png'
            $answers.Count
            @($answers | Where-Object { [IO.Path]::GetFileName($_.Source)[0] -eq $_.ClassName }).Count
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([28, 28], result.Output.Select(o => o.BaseObject));
    }

    /// <summary>Digits in dark on light, four times as large, side by side.</summary>
    private static byte[] Sheet(byte[][] digits, int width, int height)
    {
        var sheet = new byte[width * height];
        sheet.AsSpan().Fill(240);
        for (var i = 0; i < digits.Length; i++)
        for (var y = 0; y < 112; y++)
        for (var x = 0; x < 112; x++)
            sheet[(y + 60) * width + x + 20 + 130 * i] = (byte)(240 - digits[i][y / 4 * 28 + x / 4] * 200 / 255);
        return sheet;
    }
}
