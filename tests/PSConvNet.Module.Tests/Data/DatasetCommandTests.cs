using System.Management.Automation;

namespace PSConvNet.Module.Tests.Data;

public sealed class DatasetCommandTests : IDisposable
{
    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Expand_Dimension_takes_data_sets_from_the_pipeline()
    {
        var result = _session.Run(
            """
            $a, $b = 20, 30 | ForEach-Object { Import-Mnist Synthetic -First $_ } | Expand-Dimension
            $a.Shape.ToString(); $b.Train.Count; (Expand-Dimension $a -Axis 0).Shape.ToString()
            """
        );

        Assert.Equal(["28 x 28 x 1", "30", "1 x 28 x 28 x 1"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void Expand_Dimension_reports_an_axis_out_of_range_and_goes_on()
    {
        var error = _session.RunForError("Import-Mnist Synthetic -First 5 | Expand-Dimension -Axis 7");

        ImportMnistTests.AssertError(error, "ShapeInvalid", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void Split_Dataset_writes_what_is_kept_and_what_is_held_out()
    {
        var result = _session.Run(
            """
            $train, $validation = Import-Mnist Synthetic -First 1000 | Split-Dataset -Fraction 0.25 -Seed 4
            $train.Train.Count; $train.Test.Count; $validation.Train.Count; $validation.Test.Count; $validation.Name
            """
        );

        Assert.Equal([750, 1000, 250, 250, "Synthetic (held out)"], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("Import-Mnist Synthetic -First 5 | Split-Dataset -Fraction 1", "FractionOutOfRange")]
    [InlineData("Import-Mnist Synthetic -First 5 | Split-Dataset -Fraction 0.01", "DatasetTooSmall")]
    public void Split_Dataset_refuses_what_makes_no_sense(string script, string errorId) =>
        ImportMnistTests.AssertError(_session.RunForError(script), errorId, ErrorCategory.InvalidArgument);

    [SkippableFact]
    public void Measure_Dataset_finds_the_published_mean_and_deviation_of_the_digits()
    {
        Repository.RequireMnist();

        var result = _session.Run(
            $"$m = Import-Mnist -Path '{Repository.SharedMnist}' | Measure-Dataset; $m[0].Count; $m[1].Count; $m[0].Part; [Math]::Round($m[0].Mean, 4); [Math]::Round($m[0].StandardDeviation, 4)"
        );

        // 0.1307 and 0.3081 are in every MNIST example of PyTorch.
        Assert.Equal(["60000", "10000", "Train", "0.1307", "0.3081"], result.Output.Select(o => o.ToString()));
    }
}
