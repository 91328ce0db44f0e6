using System.Management.Automation;
using PSConvNet.Module.Tests.Evaluation;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Drawing;

/// <summary>Curves, confusion matrices, filters and feature maps at a prompt.</summary>
public sealed class ShowEvaluationTests(TrainedSession shared) : IClassFixture<TrainedSession>, IDisposable
{
    private readonly PowerShellSession _session = shared.Session;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_curve_tells_of_its_first_and_last_epoch()
    {
        var picture = _session.Run("Show-TrainingCurve $run").Output.Single();

        var expected = _session
            .Run("'{0:F4} to {1:F4}' -f $run.History[0].Loss, $run.History[19].Loss")
            .Output.Single();
        Assert.Contains($"20 epochs the loss goes from {expected}", Description(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_and_models_from_the_pipeline_make_one_picture_and_no_run_comes_twice()
    {
        var result = _session.Run(
            "$run, $good, ($poor | Invoke-Training -Data $data -Epochs 2 -Quiet) | Show-TrainingCurve"
        );

        Assert.StartsWith(
            "2 trainings",
            result.Output.Single().Properties["Title"].Value.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_matrix_in_text_has_the_measurements_counts()
    {
        var rows = _session
            .Run("(Measure-Model $good $data | Show-ConfusionMatrix).ToString()")
            .Output.Single()
            .ToString()!
            .Split('\n')[4..];
        var counts = _session
            .Run("(Measure-Model $good $data).ConfusionMatrix | ForEach-Object { $_ }")
            .Output.Select(count => (int)count.BaseObject)
            .ToArray();

        Assert.Equal(10, rows.Length);
        for (var i = 0; i < 10; i++)
        {
            var cells = rows[i].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            Assert.Equal(
                Enumerable.Range(0, 10).Select(j => counts[i * 10 + j]),
                cells.Select(c => c == "·" ? 0 : int.Parse(c, null))
            );
        }
    }

    [Theory]
    [InlineData("Show-TrainingCurve $run")]
    [InlineData(
        "$good | Find-LearningRate -Data $data -Steps 12 -Quiet -WarningAction Ignore | Show-TrainingCurve -Logarithmic"
    )]
    [InlineData("Show-ConfusionMatrix $run -Data $data")]
    [InlineData("Show-ConfusionMatrix $good $data -Part Train")]
    [InlineData("Show-Filter $conv")]
    [InlineData("$conv | Show-Filter -Layer conv2d_2 -Count 8")]
    [InlineData("Show-Activation $conv $data")]
    [InlineData("Show-Activation $conv $data 3 -Part Train -Layer conv2d_1 -Count 2")]
    [InlineData("Show-Activation $conv -Image (,(@(7) * 784))")]
    public void Each_gives_a_picture_and_writes_one(string script)
    {
        _session.Run("$conv = New-Model -Preset FastConv -Name conv");
        Assert.EndsWith(
            "Picture",
            Base(_session.Run(script).Output.Single().BaseObject.GetType()).Name,
            StringComparison.Ordinal
        );

        var path = Path.Combine(_folder.Path, "it.png");
        _session.Run($"{script} -Path '{path}'");
        Assert.Equal([0x89, .. "PNG"u8], File.ReadAllBytes(path)[..4]);

        static Type Base(Type type) => type.BaseType == typeof(object) ? type : Base(type.BaseType!);
    }

    [Theory]
    [InlineData("Show-TrainingCurve $poor2", "CurveInputInvalid")]
    [InlineData("Show-TrainingCurve 3", "CurveInputInvalid")]
    [InlineData(
        "$run, ($good | Find-LearningRate -Data $data -Steps 12 -Quiet -WarningAction Ignore) | Show-TrainingCurve",
        "CurveInputInvalid"
    )]
    [InlineData("Show-ConfusionMatrix $good", "MatrixInputInvalid")]
    [InlineData("Show-ConfusionMatrix 3", "MatrixInputInvalid")]
    [InlineData("Show-Filter $good", "LayerHasNoFilters")]
    [InlineData("Show-Filter $good -Layer conv", "LayerUnknown")]
    [InlineData("Show-Activation $good $data -Layer conv", "LayerUnknown")]
    [InlineData("Show-Activation $good $data -Index -1", "IndexOutOfRange")]
    [InlineData("Show-Activation $good -ImagePath nowhere.png", "FileNotFound")]
    [InlineData("Show-Activation $good -Image 1,2", "ImageArrayInvalid")]
    public void What_cannot_be_shown_says_why(string script, string id)
    {
        _session.Run("$poor2 = New-FlattenLayer | New-Model 4,4");

        Assert.StartsWith(
            id + ",",
            _session.Run(script).Errors.Single().FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    private static string Description(PSObject picture) => (string)picture.Properties["Description"].Value;
}
