namespace PSConvNet.Tests.Sweeps;

/// <summary>What people write for a range, and what it becomes.</summary>
public sealed class SweepRangesTests
{
    [Fact]
    public void Two_ends_and_a_step_make_a_range()
    {
        Assert.Equal("units: 32 to 256 by 32", $"{SweepRanges.Integer("units", [32, 256L, 32.0])}");
        Assert.Equal("units: 32 to 256", $"{SweepRanges.Integer("units", [32, "256"])}");
        Assert.Equal("units: 32 to 256 by 32", $"{SweepRanges.Integer("units", ["32, 256, 32"])}");
        Assert.Equal("rate: 0.1 to 0.5", $"{SweepRanges.Uniform("rate", ["0.1,0.5"])}");
        Assert.Equal("rate: 0.1 to 0.5", $"{SweepRanges.Uniform("rate", [0.1, "0.5"])}");
        Assert.Equal("rate: 0.0001 to 0.01 (log)", $"{SweepRanges.LogUniform("rate", [1e-4, 0.01m])}");
    }

    public static TheoryData<object?[]> NoWholeRanges =>
        [
            [3],
            [1, 2, 3, 4],
            [1.5, 2],
            [9, 2],
            [1, 2, 0],
            [1, 1e12],
            [null, 2],
            [false, true],
            ["few", 2],
            ["1,5", "2,5"],
        ];

    [Theory]
    [MemberData(nameof(NoWholeRanges))]
    public void What_is_no_range_of_whole_numbers_is_refused(object?[] values) =>
        Assert.Equal(
            "SweepSpaceInvalid",
            Assert.Throws<ConvNetException>(() => SweepRanges.Integer("units", values)).ErrorId
        );

    public static TheoryData<object?[]> NoRanges =>
        [
            [1],
            [1, 2, 3],
            [1, "x"],
            ["0,1", "0,9"],
            [null, 1],
            [true, 2],
            [new object(), 2],
            [2, 1],
            [double.NaN, 1],
        ];

    [Theory]
    [MemberData(nameof(NoRanges))]
    public void What_is_no_range_of_numbers_is_refused(object?[] values)
    {
        foreach (
            var make in (Action[])[() => SweepRanges.Uniform("r", values), () => SweepRanges.LogUniform("r", values)]
        )
            Assert.Equal("SweepSpaceInvalid", Assert.Throws<ConvNetException>(make).ErrorId);
    }
}
