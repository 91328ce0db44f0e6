using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>Pictures that can hardly be meant as they are get a warning, one for all of them.</summary>
public sealed class PixelWarningTests : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session;

    public PixelWarningTests(DigitsSession shared)
    {
        _session = shared.Session;
        _session.Run(
            """
            $model = New-Small
            $null = $model | Invoke-Training -Data $data -Epochs 0.1 -Quiet
            $images = 0..4 | ForEach-Object { , $data.Test.GetImage($_).ToArray() }
            """
        );
    }

    [Theory]
    [InlineData(
        "foreach ($i in $images) { , @($i | ForEach-Object { [int]($_ -gt 127) }) }",
        "5 of 5 images have no pixel above 1 on the scale"
    )]
    [InlineData(
        "foreach ($i in $images) { , [byte[]]($i | ForEach-Object { $_ -gt 127 }) }",
        "5 of 5 images have no pixel above 1 on the scale"
    )]
    [InlineData(
        "$images[0], [byte[]]::new(784), [byte[]](@(9) * 784)",
        "2 of 3 images have the same value in all pixels"
    )]
    [InlineData(
        "foreach ($i in $images) { , [byte[]]($i | ForEach-Object { 255 - $_ }) }",
        "5 of 5 images have a mean far brighter than that of the images small learned from"
    )]
    [InlineData(
        "$images[0], [byte[]]($images[1] | ForEach-Object { [int][Math]::Floor($_ / 20) })",
        "1 of 2 images has a mean far darker"
    )]
    public void They_are_counted_in_one_sentence(string images, string warning)
    {
        var result = _session.Run($"Invoke-Prediction $model -Image $({images})");

        Assert.Empty(result.Errors);
        Assert.NotEmpty(result.Output);
        Assert.StartsWith(warning, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoke-Prediction $model -Image $images")]
    [InlineData("Invoke-Prediction $model -Image (,@($images[0] | ForEach-Object { [double]$_ / 255 }))")]
    [InlineData("Invoke-Prediction $model $data")]
    [InlineData("Measure-Model $model $data -Part Train")]
    [InlineData("Show-Image -Image (,$images[0])")]
    public void Pictures_like_those_it_learned_from_get_none(string script) =>
        Assert.Empty(_session.Run(script).Warnings);

    [Theory]
    [InlineData("Show-Image -Image (,$faint)")]
    [InlineData("Show-Activation $model -Image $faint")]
    [InlineData("Measure-Model $model -Data $faintData")]
    [InlineData("$model, (New-Small other) | Measure-Model -Data $faintData")]
    [InlineData("$model, (New-Small other) | Compare-Model -Data $faintData")]
    [InlineData("Show-ConfusionMatrix $model -Data $faintData")]
    [InlineData("New-Small | Invoke-Training -Data $faintData -Epochs 1 -Quiet")]
    public void Whoever_looks_at_pictures_warns(string script)
    {
        _session.Run(
            """
            $faint = [byte[]]($images[0] | ForEach-Object { $_ -gt 127 })
            $faintData = [PSConvNet.Data.ImageSet]::new('Faint', [byte[]]($faint * 20), @($data.Test.Labels.ToArray()[0]) * 20, $data.Shape)
            """
        );

        var result = _session.Run(script);

        Assert.Empty(result.Errors);
        // The training also tells of the classes that these images are not of.
        Assert.Single(result.Warnings, w => w.Contains("no pixel above 1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_PowerShell_makes_of_numbers_is_said_of_those_that_were_typed_and_not_of_files()
    {
        using var folder = new CurrentFolder(_session);
        // A BMP of four pixels, levels 0 and 1.
        var result = _session.Run(
            """
            $header = 66, 77, 70, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0, 2, 0, 2, 0, 1, 0, 24, 0
            [IO.File]::WriteAllBytes("$PWD/faint.bmp", [byte[]]($header + @(0, 0, 0, 1, 1, 1, 0, 0) * 2))
            Invoke-Prediction $model -Path faint.bmp -Raw
            Show-Activation $model -ImagePath faint.bmp -Raw
            Invoke-Prediction $model -Image (, @(@(1) + @(0) * 783))
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Warnings.Count);
        Assert.All(result.Warnings, w => Assert.Contains("no pixel above 1", w, StringComparison.Ordinal));
        Assert.Equal(
            [false, false, true],
            result.Warnings.Select(w => w.Contains("PowerShell", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_model_that_learned_from_such_pictures_takes_them()
    {
        var result = _session.Run(
            """
            $pixels = [byte[]](0..19 | ForEach-Object { $data.Train.GetImage($_).ToArray() } | ForEach-Object { $_ -gt 127 })
            $binary = [PSConvNet.Data.ImageSet]::new('Binary', $pixels, $data.Train.Take(20).Labels.ToArray(), $data.Shape)
            $learned = New-Small
            $null = $learned | Invoke-Training -Data $binary -Epochs 1 -Quiet -WarningAction SilentlyContinue
            Invoke-Prediction $learned -Data $binary
            """
        );

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void What_it_learned_from_comes_back_from_a_file()
    {
        using var folder = new CurrentFolder(_session);
        var result = _session.Run(
            """
            $null = $model | Export-Model m.psconvnet
            (Import-Model m.psconvnet).TrainingPixels -eq $model.TrainingPixels
            $train = Measure-Dataset $data | Where-Object Part -eq Train
            [Math]::Abs($model.TrainingPixels.Mean - $train.Mean) -lt 1e-12
            [Math]::Abs($model.TrainingPixels.StandardDeviation - $train.StandardDeviation) -lt 1e-12
            $model.TrainingPixels.Maximum -eq $train.Maximum
            """
        );

        Assert.Equal([true, true, true, true], result.Output.Select(o => o.BaseObject));
    }
}
